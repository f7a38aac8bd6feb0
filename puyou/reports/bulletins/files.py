"""A frozen bulletin as files: an editable docx in the layout of GB/T 9704—2012, and PDF/A of the same words."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

from puyou.cases.papers import letters, typesetting

TEMPLATE = Path(__file__).parent / "bulletin.typ"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = {"docx": DOCX, "pdf": "application/pdf"}
NUMERALS = "〇一二三四五六七八九"


def numeral(number: int) -> str:
    """一 to 二十, as the headings of official papers count."""
    tens, ones = divmod(number, 10)
    before = ("" if tens == 1 else NUMERALS[tens]) + "十" if tens else ""
    return before + (NUMERALS[ones] if ones or not tens else "")


def source_line(source: dict[str, Any]) -> str:
    """One source in the list at the end: figure, place and period, definition, parts, why it is missing."""
    of = f"{source['place_name'] or source['place']}，{source['period_label']}"
    said = f"{source['number']}. {source['name']}（{of}）：{source['text']}"
    definition = source["definition"]
    more = [
        source["arithmetic"],
        f"缺数原因：{source['missing']}" if source["missing"] else "",
        f"口径第{definition['version']}版，{definition['source']}" if definition else "",
        "；".join(_part(each) for each in source["parts"]),
    ]
    return "。".join([said, *(each for each in more if each)]) + "。"


def _part(part: dict[str, Any]) -> str:
    value = "无数据" if part["value"] is None else f"{part['value']}{part['unit']}"
    return f"{part['name']}＝{value}"


def set_words(content: dict[str, Any], number: int, sha256: str) -> dict[str, Any]:
    """The paper's words as both files set them."""
    return content | {
        "number": number, "sha256": sha256,
        "numbered": [
            {"title": f"{numeral(at)}、{section['title']}", "sentences": section["sentences"]}
            for at, section in enumerate(content["sections"], 1)
        ],
        "listed": [{"text": source_line(each), "link": each["link"]} for each in content["sources"]],
    }  # fmt: skip


def pdf_of(content: dict[str, Any], number: int, sha256: str, now: datetime) -> bytes:
    """PDF/A-2b."""
    return typesetting.typeset(TEMPLATE, set_words(content, number, sha256), now)


def docx_of(content: dict[str, Any], number: int, sha256: str) -> bytes:
    """The editable draft; words are put in as text and never obeyed."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH as SIDE  # noqa: PLC0415 - heavy, and wanted only here
    from docx.shared import Pt  # noqa: PLC0415

    said, made = set_words(content, number, sha256), letters.blank()
    made.core_properties.title = content["title"]
    made.core_properties.author = content["office"]
    line, indent = letters.add_line, Pt(32)
    line(made, said["office"], letters.HEAVY, 36, SIDE.CENTER, red=True)
    line(made, said["document_number"], letters.FANG, 16, SIDE.CENTER, rule=True)
    line(made, "", letters.FANG, 16, SIDE.LEFT)
    line(made, said["title"], letters.HEAVY, 22, SIDE.CENTER)
    line(made, "；".join(said["notices"]), letters.FANG, 16, SIDE.CENTER)
    for section in said["numbered"]:
        line(made, section["title"], letters.BLACK, 16, SIDE.JUSTIFY, indent=indent)
        for pieces in section["sentences"]:
            words = "".join(piece["text"] for piece in pieces)
            line(made, words, letters.FANG, 16, SIDE.JUSTIFY, indent=indent)
    line(made, "", letters.FANG, 16, SIDE.LEFT)
    line(made, said["office"], letters.FANG, 16, SIDE.RIGHT, right=Pt(64))
    line(made, said["day"], letters.FANG, 16, SIDE.RIGHT, right=Pt(64))
    line(made, "", letters.FANG, 16, SIDE.LEFT)
    line(made, "数字出处", letters.BLACK, 12, SIDE.LEFT)
    for each in said["listed"]:
        line(made, each["text"], letters.FANG, 10.5, SIDE.LEFT)
    as_of = said["as_of"][:16].replace("T", " ")
    foot = f"第{number}版；数据截至 {as_of}；SHA-256：{sha256}"
    line(made, foot, letters.FANG, 10.5, SIDE.LEFT)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
