"""What is published of a draw: one document that, with the frame's file, lets anybody draw again."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from puyou.audits import frames, problems, rules
from puyou.audits.models import AuditDraw
from puyou.audits.rules import Drawn

RULE = "SHA-256(seed ‖ visit_id), lowest tickets of each stratum"
SCHEMA = 1


def document_of(draw: AuditDraw, drawn: Iterable[Drawn]) -> dict[str, Any]:
    """The document of a draw: frame, seed, sizes, and what was drawn."""
    return {
        "schema": SCHEMA,
        "draw": draw.pk,
        "place": draw.place.code,
        "from": draw.first_day.isoformat(),
        "to": draw.last_day.isoformat(),
        "rule": RULE,
        "frame": {
            "file": frames.path_of(draw.frame_digest).name,
            "sha256": draw.frame_digest,
            "rows": draw.frame_rows,
            "frozen_at": draw.frozen_at.isoformat(),
        },
        "size": draw.size,
        "least": draw.least,
        "seed": draw.seed,
        "seeded_at": draw.seeded_at.isoformat() if draw.seeded_at else None,
        "strata": {
            name: {"population": held, "sample": taken} for name, (held, taken) in sorted(draw.strata.items())
        },
        "items": [
            {"visit_id": each.visit_id, "stratum": each.stratum, "ticket": each.ticket}
            for each in sorted(drawn)
        ],
    }


def read_document(path: Path) -> dict[str, Any]:
    """A published document; Problem when the file is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        wanted = ("frame", "size", "least", "seed", "strata", "items")
        missing = [name for name in wanted if name not in document]
        if missing or document.get("schema") != SCHEMA:
            raise ValueError("缺少 " + "、".join(missing or ["schema"]))
        for each in document["items"]:
            Drawn(each["stratum"], each["ticket"], each["visit_id"])
        str(document["frame"]["sha256"]), int(document["size"]), int(document["least"])
    except OSError as error:
        raise problems.UNREADABLE(name=path.name, reason="打不开") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise problems.UNREADABLE(name=path.name, reason=str(error)[:80]) from error
    return document  # type: ignore[no-any-return]


def verify(document: dict[str, Any], frame: Path) -> list[str]:
    """Draw again from the published files alone; what differs, in words. Empty: the draw is what it says."""
    if not frame.is_file():
        return [f"找不到抽样框文件 {frame.name}"]
    digest = frames.digest_of(frame)
    if digest != document["frame"]["sha256"]:
        return [f"抽样框文件的 SHA-256 是 {digest}，公布的是 {document['frame']['sha256']}"]
    try:
        counts = rules.count_strata(frames.read(frame))
    except ValueError as error:
        return [f"抽样框文件读不出：{error}"]
    sizes = rules.allocate(counts, int(document["size"]), int(document["least"]))
    told = _strata(document, counts, sizes)
    seed = document["seed"]
    if not isinstance(seed, str) or not seed:
        return [*told, "没有公布种子"]
    said = [Drawn(each["stratum"], each["ticket"], each["visit_id"]) for each in document["items"]]
    if len(said) != len(set(said)):
        told.append("公布的抽核件有重复")
    return told + rules.compare(said, rules.draw(frames.read(frame), sizes, seed))


def _strata(document: dict[str, Any], counts: dict[str, int], sizes: dict[str, int]) -> list[str]:
    expected = {name: {"population": counts[name], "sample": sizes[name]} for name in counts}
    said = document["strata"] if isinstance(document["strata"], dict) else {}
    names = sorted(set(said) | set(expected))
    return [
        f"{name} 层：公布 {said.get(name)}，应为 {expected.get(name)}"
        for name in names
        if said.get(name) != expected.get(name)
    ]
