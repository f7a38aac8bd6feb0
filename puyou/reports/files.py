"""A frozen card as files: PDF for A4, one long picture, a spreadsheet of all figures, signed JSON."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from puyou.cases.papers import typesetting
from puyou.core.exports import harmless
from puyou.reports import composing, problems, signing
from puyou.reports.models import CardRevision

TEMPLATE = Path(__file__).parent / "card.typ"
HEADS = {
    "节": 18, "代码": 28, "指标": 30, "数值": 16, "单位": 8, "显示": 16, "比较": 26, "时期": 14, "核实": 10,
    "缺数原因": 28, "出处": 48, "各项": 60,
}  # fmt: skip
VERIFIED = {"verified": "已核实", "unverified": "未经核实"}
KINDS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def set_as(kind: str, content: dict[str, Any], number: int, sha256: str, now: datetime) -> bytes:
    """The card as PDF or picture."""
    return typesetting.typeset(TEMPLATE, content | {"number": number, "sha256": sha256}, now, kind)


def file_of(revision: CardRevision, kind: str) -> bytes:
    """One of the files of a revision; Problem for another kind."""
    made: dict[str, Callable[[], bytes]] = {
        "pdf": lambda: bytes(revision.pdf),
        "png": lambda: bytes(revision.image),
        "xlsx": lambda: workbook(revision),
        "json": lambda: signed(revision),
    }
    if kind not in made:
        raise problems.UNKNOWN_FILE(kind=kind[:10])
    return made[kind]()


def signed(revision: CardRevision) -> bytes:
    """The card as JSON with its signature; ``signing.verify`` reads it."""
    document = {
        "format": signing.FORMAT, "number": revision.number, "sha256": revision.sha256,
        "public_key": revision.public_key, "signature": revision.signature, "content": revision.content,
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def workbook(revision: CardRevision) -> bytes:
    """Every figure with its comparison and parts, one row each, and a sheet that says what the card is."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # a new workbook has one
    sheet.title = "数据"
    for at, (head, width) in enumerate(HEADS.items(), 1):
        cell = sheet.cell(1, at, head)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for row in _rows(revision.content):
        sheet.append(row)
    for cells in sheet.iter_rows(min_row=2):
        cells[-1].alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "D2"
    about = book.create_sheet("说明")
    for line in _about(revision):
        about.append(line)
    about.column_dimensions["B"].width = 80
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(content: dict[str, Any]) -> Iterator[list[Any]]:
    for title, tile in composing.figures(content):
        number = None if tile["value"] is None else Decimal(tile["value"])
        yield [
            harmless(title), tile["code"], harmless(tile["name"]), number, tile["unit"], tile["shown"],
            tile["compared"], tile["period_label"], VERIFIED.get(tile["verification"], ""), tile["missing"],
            harmless(tile["source"]), _parts(tile),
        ]  # fmt: skip


def _parts(tile: dict[str, Any]) -> str:
    said = (
        f"{part['name']}＝{part['value'] if part['value'] is not None else '无数据'}{part['unit']}"
        + (f"（{part['source']}）" if part["source"] else "")
        for part in tile["parts"]
    )
    return harmless("\n".join(said))


def _about(revision: CardRevision) -> list[list[str]]:
    content = revision.content
    return [
        ["名称", harmless(content["title"])],
        ["地区", content["place"]["name"]],
        ["时期", content["period"]["label"]],
        ["版次", f"第{revision.number}版"],
        ["数据截至", content["as_of"]],
        ["来源", harmless(content["source"])],
        *(["数据标记", each] for each in content["notices"]),
        ["SHA-256", revision.sha256],
        ["签名公钥（Ed25519）", revision.public_key],
    ]
