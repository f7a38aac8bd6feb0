"""The tree of divisions as arrays: who stands at which level above every village."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEP = 4
DEPTH = 6
PATH = STEP * DEPTH
VILLAGE = 5
_VALUE = np.full(256, -1, np.int64)
for _i, _digit in enumerate(b"0123456789abcdefghijklmnopqrstuvwxyz"):
    _VALUE[_digit] = _i
_DIGITS = np.frombuffer(b"0123456789abcdefghijklmnopqrstuvwxyz", np.uint8)

Ids = NDArray[np.int32]
Codes = NDArray[np.int64]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Tree:
    """All V level-5 places of a day, sorted by path, and their ancestors.

    ``anchor[level][i]`` (levels 0 to 4) is the id of the place that stands for village i at that level: its
    ancestor there or, when the level is skipped, the nearest one above, with ``stand_in[level][i]`` true. So
    every level sums to the nation.
    """

    village_ids: Ids
    village_codes: Codes
    anchor: tuple[Ids, ...]
    stand_in: tuple[Bools, ...]
    paths: NDArray[np.bytes_]  # S24
    _sorted_ids: Ids
    _order: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.village_ids)

    def position(self, ids: Any) -> NDArray[np.intp]:
        """Where each village id stands in the arrays; -1 when it is no village of this tree."""
        return find_sorted(self._sorted_ids, np.asarray(ids, np.int32), self._order)

    def under(self, path: str) -> slice:
        """The contiguous villages whose path starts with ``path``."""
        first, last = path.encode(), path.encode().ljust(PATH, b"~")
        return slice(
            int(np.searchsorted(self.paths, first)), int(np.searchsorted(self.paths, last, side="right"))
        )

    def packed(self) -> dict[str, NDArray[Any]]:
        """Everything as arrays, to be kept."""
        columns: dict[str, NDArray[Any]] = {f"anchor{level}": ids for level, ids in enumerate(self.anchor)}
        columns |= {f"stand_in{level}": flags for level, flags in enumerate(self.stand_in)}
        return columns | {"ids": self.village_ids, "codes": self.village_codes, "paths": self.paths}


@dataclass(frozen=True, eq=False)
class CodeIndex:
    """Sorted level-5 codes and their place ids; a code of the past leads there while nobody else has it."""

    codes: Codes
    ids: Ids

    def lookup(self, codes: Any) -> Ids:
        """The place id of each int64 code, -1 when unknown."""
        found = find_sorted(self.codes, np.asarray(codes, np.int64), self.ids)
        return found.astype(np.int32)


def find_sorted(keys: NDArray[Any], wanted: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
    """For each wanted key the value at its place in the sorted ``keys``; -1 when it is not there."""
    if not len(keys):
        return np.full(wanted.shape, -1, values.dtype)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], -1)


def build_code_index(codes: Codes, ids: Ids, past_codes: Codes, past_ids: Ids) -> CodeIndex:
    """Index of present codes, and of past ones (latest last) that no present place has."""
    aliases = {int(code): int(place) for code, place in zip(past_codes, past_ids, strict=True)}
    present = set(codes.tolist()) if aliases else set()
    extra = [(code, place) for code, place in aliases.items() if code not in present]
    every_code = np.concatenate([codes, np.array([code for code, _ in extra], np.int64)])
    every_id = np.concatenate([ids, np.array([place for _, place in extra], np.int32)]).astype(np.int32)
    order = np.argsort(every_code, kind="stable")
    return CodeIndex(every_code[order], every_id[order])


def steps(ids: Ids) -> Bytes:
    """Ids as path steps, uint8[n, 4] of base-36 digits (the vector form of core.paths.step)."""
    rest = ids.astype(np.int64)
    digits = np.empty((len(ids), STEP), np.uint8)
    for at in range(STEP - 1, -1, -1):
        rest, last = np.divmod(rest, 36)
        digits[:, at] = _DIGITS[last]
    return digits


def chain_paths(ids: Ids, parents: NDArray[np.intp], levels: NDArray[np.int8]) -> NDArray[np.bytes_]:
    """Paths (S24) of rows whose parent is the row ``parents[i]`` of a smaller level; the root has -1."""
    own = steps(ids)
    paths = np.zeros((len(ids), PATH), np.uint8)
    depth = np.zeros(len(ids), np.int8)
    for level in range(DEPTH):
        rows = np.flatnonzero(levels == level)
        above = parents[rows]
        child = above >= 0
        paths[rows[child]] = paths[above[child]]
        depth[rows[child]] = depth[above[child]] + 1
        columns = depth[rows].astype(np.intp)[:, None] * STEP + np.arange(STEP)
        paths[rows[:, None], columns] = own[rows]
    return paths.view(f"S{PATH}").ravel()


def build_tree(
    ids: Ids, codes: Codes, levels: NDArray[np.int8], paths: Sequence[bytes] | NDArray[Any]
) -> Tree:
    """The tree of all places of a day (any order); ``paths`` as bytes of at most 24."""
    every_path = np.asarray(paths, f"S{PATH}")
    villages = np.flatnonzero(levels == VILLAGE)
    villages = villages[np.argsort(every_path[villages], kind="stable")]
    village_paths = every_path[villages]
    level_of = np.full(int(ids.max(initial=0)) + 1, DEPTH, np.int8)
    level_of[ids] = levels
    anchor, stand_in = _anchors(village_paths, level_of)
    return _tree(
        np.ascontiguousarray(ids[villages], np.int32), codes[villages], anchor, stand_in, village_paths
    )


def unpacked_tree(kept: dict[str, NDArray[Any]]) -> Tree:
    """A tree of what ``Tree.packed`` gave."""
    anchor = tuple(kept[f"anchor{level}"] for level in range(VILLAGE))
    stand_in = tuple(kept[f"stand_in{level}"] for level in range(VILLAGE))
    return _tree(kept["ids"], kept["codes"], anchor, stand_in, kept["paths"])


def _tree(
    ids: Ids, codes: Codes, anchor: tuple[Ids, ...], stand_in: tuple[Bools, ...], paths: NDArray[np.bytes_]
) -> Tree:
    order = np.argsort(ids, kind="stable")
    return Tree(ids, codes, anchor, stand_in, paths, ids[order], order)


def _anchors(
    paths: NDArray[np.bytes_], level_of: NDArray[np.int8]
) -> tuple[tuple[Ids, ...], tuple[Bools, ...]]:
    chain = path_ids(paths)
    found = [np.zeros(len(paths), np.int32) for _ in range(VILLAGE)]
    for depth in range(DEPTH):
        ids = chain[:, depth]
        ids = np.where(ids < len(level_of), ids, 0)
        standing = np.where(ids > 0, level_of[ids], DEPTH)
        for level in range(VILLAGE):
            np.copyto(found[level], ids, where=standing <= level)
    stand_in = tuple(level_of[found[level]] != level for level in range(VILLAGE))
    return tuple(found), stand_in


def path_ids(paths: NDArray[np.bytes_]) -> Ids:
    """The ids along each path, int32[n, 6] from the nation down; 0 where the path has ended."""
    raw = np.ascontiguousarray(paths, f"S{PATH}").view(np.uint8).reshape(len(paths), DEPTH, STEP)
    value = np.zeros(raw.shape[:2], np.int64)
    for at in range(STEP):
        value = value * 36 + _VALUE[raw[:, :, at]]
    return np.where(raw[:, :, 0] == 0, 0, value).astype(np.int32)
