"""Finding any division by a piece of its name or the beginning of its code, in memory."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ids = NDArray[np.int32]
Spans = list[tuple[int, int]]
VILLAGE = 5
END = b"\n"
LINE_END = END[0]
DIGITS = 12
ANCESTORS = 20  # how many places an earlier word may mean
SPACE = re.compile(r"[\s›>/]+")


@dataclass(frozen=True)
class Found:
    """A place that was found; ``chain`` holds (code, name) from the province down to the place itself."""

    place_id: int
    code: str
    name: str
    level: int
    chain: tuple[tuple[str, str], ...]

    @property
    def chain_text(self) -> str:
        """``贵州省 › 毕节市 › 威宁彝族回族苗族自治县``; a place without anything above is its own name."""
        return " › ".join(name for _, name in self.chain) or self.name


def fold(text: str) -> str:
    """A text as it is compared: full-width letters, digits and brackets as plain ones, lower case."""
    return unicodedata.normalize("NFKC", text).lower().strip()


@dataclass(frozen=True, eq=False)
class Finder:
    """All n places sorted by (level, path), their folded names one per line in ``text``.

    ``starts[i]`` is where name i begins; ``order[i]`` its place in path order and ``size[i]`` how many
    places its subtree holds; ``parents`` are rows, -1 above the nation; ``by_code`` and ``by_name`` are
    rows sorted by code and by folded name.
    """

    ids: Ids
    levels: NDArray[np.int8]
    codes: NDArray[np.int64]
    parents: Ids
    order: Ids
    size: Ids
    by_code: Ids
    sorted_codes: NDArray[np.int64]
    by_name: Ids
    starts: Ids
    text: bytes
    spelled: dict[int, str]

    def find(self, text: str, limit: int) -> list[Found]:
        """At most ``limit`` places: exact names, then beginnings, then pieces; higher levels first in each.

        Earlier words of several narrow down where: ``贵州 新寨``. Digits are the beginning of a code first.
        """
        words = [word for word in SPACE.split(fold(text)) if word][:6]
        if not words or limit < 1:
            return []
        spans = self._under(words[:-1])
        last = words[-1]
        rows = chain(
            self._coded(last, spans, limit), self._named(last, spans, limit), self._loosely(last, spans)
        )
        return [self._found(row) for row in islice(_once(rows), limit)]

    def _named(self, word: str, spans: Spans, limit: int) -> Iterator[int]:
        needle = word.encode()
        yield from self._sorted_range(needle + END, spans, limit)
        yield from self._sorted_range(needle, spans, limit)
        yield from self._scan(needle, spans)

    def _sorted_range(self, beginning: bytes, spans: Spans, limit: int) -> list[int]:
        """The first rows whose line begins so, by two binary searches over the sorted names."""
        first = self._bisect(beginning, past=False)
        return _first_rows(self.by_name[first : self._bisect(beginning, past=True)], spans, limit)

    def _bisect(self, beginning: bytes, past: bool) -> int:
        low, high = 0, len(self.by_name)
        while low < high:
            middle = (low + high) // 2
            start = int(self.starts[self.by_name[middle]])
            line = self.text[start : start + len(beginning)]
            if line < beginning or (past and line == beginning):
                low = middle + 1
            else:
                high = middle
        return low

    def _scan(self, needle: bytes, spans: Spans) -> Iterator[int]:
        for first, last in spans:
            at, stop = int(self.starts[first]), int(self.starts[last])
            while (at := self.text.find(needle, at, stop)) >= 0:
                row = self._row_at(at)
                yield row
                at = int(self.starts[row + 1])

    def _row_at(self, at: int) -> int:
        return int(np.searchsorted(self.starts, np.int32(at), "right")) - 1  # same type: no copy

    def _loosely(self, word: str, spans: Spans) -> Iterator[int]:
        """Names down to townships that begin like the word and hold its letters in order: 威宁县."""
        if len(word) == 1 or word.isdigit():
            return
        letters = [re.escape(letter.encode()) for letter in word]
        pattern = re.compile(rb"^" + rb"[^\n]*".join(letters), re.MULTILINE)
        towns = int(np.searchsorted(self.levels, np.int8(VILLAGE)))
        for first, last in spans:
            span = int(self.starts[first]), int(self.starts[min(last, towns)])
            for match in pattern.finditer(self.text, *span):
                yield self._row_at(match.start())

    def _coded(self, word: str, spans: Spans, limit: int) -> list[int]:
        if not (word.isascii() and word.isdigit() and len(word) <= DIGITS):
            return []
        unit = 10 ** (DIGITS - len(word))
        first, last = np.searchsorted(self.sorted_codes, [int(word) * unit, (int(word) + 1) * unit])
        return _first_rows(self.by_code[first:last], spans, limit)

    def _under(self, words: list[str]) -> Spans:
        """The row ranges of all places that lie below a place named by each word in turn, in row order."""
        spans = [(0, len(self.ids))]
        for word in words:
            above = islice(_once(self._named(word, spans, ANCESTORS)), ANCESTORS)
            spans = sorted({span for row in above for span in self._below(row)})
        return spans

    def _below(self, row: int) -> Iterator[tuple[int, int]]:
        inside = self.order[row] + np.array([1, self.size[row]], np.int32)
        for level in range(int(self.levels[row]) + 1, VILLAGE + 1):
            start, stop = np.searchsorted(self.levels, np.array([level, level + 1], np.int8))
            first, last = start + np.searchsorted(self.order[start:stop], inside)
            if last > first:
                yield int(first), int(last)

    def _found(self, row: int) -> Found:
        above: list[tuple[str, str]] = []
        at = row
        while at > 0:
            above.append((f"{self.codes[at]:012d}", self.name(at)))
            at = int(self.parents[at])
        code = f"{self.codes[row]:012d}"
        return Found(int(self.ids[row]), code, self.name(row), int(self.levels[row]), tuple(reversed(above)))

    def name(self, row: int) -> str:
        """The name of a row as it is written."""
        own = self.spelled.get(row)
        return own or self.text[self.starts[row] : self.starts[row + 1] - 1].decode()

    def packed(self) -> dict[str, NDArray[Any]]:
        """Everything as arrays, to be kept."""
        spelled = "\n".join(f"{row}\t{name}" for row, name in self.spelled.items())
        texts = {"text": self.text, "spelled": spelled.encode()}
        columns = {name: getattr(self, name) for name in ARRAYS}
        return columns | {name: np.frombuffer(value, np.uint8) for name, value in texts.items()}


ARRAYS = (
    "ids",
    "levels",
    "codes",
    "parents",
    "order",
    "size",
    "by_code",
    "sorted_codes",
    "by_name",
    "starts",
)


def _once(rows: Iterator[int]) -> Iterator[int]:
    seen: set[int] = set()
    for row in rows:
        if row not in seen:
            seen.add(row)
            yield row


def _first_rows(rows: Ids, spans: Spans, limit: int) -> list[int]:
    """The smallest rows (higher levels, smaller paths) that lie in one of the spans."""
    inside = np.zeros(len(rows), bool)
    for first, last in spans:
        inside |= (rows >= first) & (rows < last)
    rows = rows[inside]
    if len(rows) > limit:
        rows = np.partition(rows, limit)[:limit]
    return [int(row) for row in np.sort(rows)]


def unpacked(kept: dict[str, NDArray[Any]]) -> Finder:
    """A finder of what ``Finder.packed`` gave."""
    pairs = (line.split("\t") for line in kept["spelled"].tobytes().decode().split("\n") if line)
    spelled = {int(row): name for row, name in pairs}
    return Finder(**{name: kept[name] for name in ARRAYS}, text=kept["text"].tobytes(), spelled=spelled)


def build(columns: dict[str, NDArray[Any]], names: pa.Array) -> Finder:
    """A finder of rows sorted by (level, path).

    ``columns``: id, level, code, parent_id (0 for none), rank (in path order); ``names`` as written.
    """
    ids, levels = columns["id"].astype(np.int32), columns["level"].astype(np.int8)
    parents = _rows_of(ids, columns["parent_id"])
    size = np.ones(len(ids), np.int64)
    for level in range(VILLAGE, 0, -1):
        rows = np.flatnonzero(levels == level)
        np.add.at(size, parents[rows], size[rows])
    folded = pc.utf8_trim_whitespace(pc.utf8_lower(pc.utf8_normalize(names, form="NFKC")))
    lines = "\n".join(folded.to_pylist()) + "\n"
    text = lines.encode()
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == LINE_END)
    changed = np.flatnonzero(pc.not_equal(folded, names).to_numpy(zero_copy_only=False))
    codes = columns["code"].astype(np.int64)
    by_code = np.argsort(codes, kind="stable").astype(np.int32)
    return Finder(
        ids=ids,
        levels=levels,
        codes=codes,
        parents=parents,
        order=columns["rank"].astype(np.int32),
        size=size.astype(np.int32),
        by_code=by_code,
        sorted_codes=codes[by_code],
        by_name=pc.sort_indices(folded).to_numpy().astype(np.int32),
        starts=np.concatenate([[0], ends + 1]).astype(np.int32),
        text=text,
        spelled={int(row): cast(str, names[int(row)].as_py()) for row in changed},
    )


def _rows_of(ids: Ids, wanted: NDArray[Any]) -> Ids:
    row_of = np.full(int(ids.max()) + 1, -1, np.int32)
    row_of[ids] = np.arange(len(ids))
    row_of[0] = -1
    rows: Ids = row_of[wanted]
    return rows
