"""The chain over the event log, pure: digests, daily Merkle roots, and finding what was changed, removed or put in."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes

Row = tuple[int, Any, str, str, str, str]  # id, moment, kind, subject, actor, data as its JSON text


def spell(row: Row) -> bytes:
    """An event in the one spelling that digests cover; the moment as ISO 8601 text or as an aware datetime."""
    identifier, at, kind, subject, actor, data = row
    moment = at if isinstance(at, str) else at.isoformat()
    text = json.dumps([identifier, moment, kind, subject, actor, data], ensure_ascii=False, sort_keys=True)
    return text.encode()


def sha256(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """SM3 (GB/T 32905-2016)."""
    found = hashes.Hash(hashes.SM3())
    found.update(data)
    return found.finalize()


ALGORITHMS = {"sha256": sha256, "sm3": sm3}


def merkle_root(leaves: Sequence[bytes], algorithm: str) -> bytes:
    """The root over leaves, as in RFC 6962 (0x00 before a leaf, 0x01 before a node); of none: the empty digest."""
    digest = ALGORITHMS[algorithm]
    level = [digest(b"\x00" + leaf) for leaf in leaves]
    while len(level) > 1:
        pairs = [digest(b"\x01" + level[at] + level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0] if level else digest(b"")


@dataclass(frozen=True)
class Link:
    """One line of an exported log: ``row`` None when the sealed event is gone; digests in hexadecimal."""

    sequence: int | None
    row: Row | None
    sha256: str
    sm3: str


@dataclass(frozen=True)
class Anchor:
    """What was kept outside: the roots over the seals ``first`` to ``last``."""

    day: str
    first: int
    last: int
    sha256: str
    sm3: str


@dataclass(frozen=True)
class Fault:
    """What is wrong, where (sequence, or the anchor's day), and in Chinese why."""

    kind: str  # changed, removed, inserted, forged
    sequence: int | None
    sentence: str


def faults(links: Iterable[Link], before: Mapping[str, str], first: int = 1) -> list[Fault]:
    """Walk an exported chain that begins at sequence ``first`` after the digests ``before``; empty when it holds.

    After a fault the stored digest is believed, so that each fault is told once and where it is.
    """
    found: list[Fault] = []
    held, expected = dict(before), first
    for link in links:
        if link.sequence is None:
            identifier = link.row[0] if link.row else None
            found.append(Fault("inserted", None, f"事件 {identifier} 不在校验链中，是后来放入的"))
            continue
        if link.sequence > expected:
            found.append(_removed(expected, link.sequence - 1))
            held = {}
        elif link.sequence < expected:
            found.append(Fault("inserted", link.sequence, f"第 {link.sequence} 号封存出现多次或次序颠倒"))
            continue
        found += _wrong(link, held)
        held, expected = {"sha256": link.sha256, "sm3": link.sm3}, link.sequence + 1
    return found


def _removed(first: int, last: int) -> Fault:
    where = f"第 {first} 号" if first == last else f"第 {first} 至 {last} 号"
    return Fault("removed", first, f"{where}封存不见了")


def _wrong(link: Link, held: Mapping[str, str]) -> list[Fault]:
    if link.row is None:
        return [Fault("removed", link.sequence, f"第 {link.sequence} 号封存的事件不见了")]
    text, told = spell(link.row), {"sha256": link.sha256, "sm3": link.sm3}
    for name, digest in ALGORITHMS.items():
        if not told[name] or name not in held:
            continue
        if digest(bytes.fromhex(held[name]) + text).hex() != told[name]:
            sentence = f"第 {link.sequence} 号封存与事件 {link.row[0]} 或前一封存不符，内容被改动"
            return [Fault("changed", link.sequence, sentence)]
    return []


def anchor_faults(links: Sequence[Link], anchors: Iterable[Anchor]) -> list[Fault]:
    """Compare the chain with roots kept outside: the whole chain written anew does not escape them."""
    by_sequence = {link.sequence: link for link in links if link.sequence is not None}
    found = []
    for anchor in anchors:
        covered = [by_sequence.get(number) for number in range(anchor.first, anchor.last + 1)]
        held = [link for link in covered if link is not None]
        if not held:
            continue  # the export does not reach there
        for name in ALGORITHMS:
            told = getattr(anchor, name)
            leaves = [bytes.fromhex(getattr(link, name)) for link in held]
            if told and (len(held) != len(covered) or merkle_root(leaves, name).hex() != told):
                sentence = f"{anchor.day} 的日根与当日锚定的不符，此前的封存被整体改写"
                found.append(Fault("forged", anchor.first, sentence))
                break
    return found
