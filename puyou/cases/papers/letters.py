"""Editable letters: a docx in the layout of GB/T 9704—2012, and the sandbox in which words are put into one."""

import io
from typing import Any, BinaryIO
from zipfile import ZipFile

from puyou.cases import problems
from puyou.evidence import sniffing

SAMPLE = {
    "office": "某某邮政管理局", "number": "告〔2026〕520526-1号", "title": "告知书", "to": "某公司",
    "lines": ["正文第一段。", "正文第二段。"], "day": "2026年11月26日", "case": "反〔2026〕520526-1号",
}  # fmt: skip
LIMIT = 2 * sniffing.MIB
SONG, HEAVY, FANG, BLACK = "宋体", "方正小标宋简体", "仿宋_GB2312", "黑体"
_RED = (0xC0, 0, 0)


def layout() -> bytes:
    """The layout that ships: margins 37/35/28/26 mm, 3号仿宋, 28.9 pt lines, red head and rule (GB/T 9704—2012)."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH as SIDE  # noqa: PLC0415 - heavy, and wanted only here
    from docx.shared import Pt  # noqa: PLC0415

    made = blank()
    add_line(made, "{{ office }}", HEAVY, 36, SIDE.CENTER, red=True)
    add_line(made, "{{ number }}", FANG, 16, SIDE.CENTER, rule=True)
    add_line(made, "", FANG, 16, SIDE.LEFT)
    add_line(made, "{{ title }}", HEAVY, 22, SIDE.CENTER)
    add_line(made, "", FANG, 16, SIDE.LEFT)
    add_line(made, "{{ to }}：", FANG, 16, SIDE.LEFT)
    add_line(made, "{%p for line in lines %}", FANG, 16, SIDE.LEFT)
    add_line(made, "{{ line }}", FANG, 16, SIDE.JUSTIFY, indent=Pt(32))
    add_line(made, "{%p endfor %}", FANG, 16, SIDE.LEFT)
    add_line(made, "", FANG, 16, SIDE.LEFT)
    add_line(made, "{{ office }}", FANG, 16, SIDE.RIGHT, right=Pt(64))
    add_line(made, "{{ day }}", FANG, 16, SIDE.RIGHT, right=Pt(64))
    add_line(made, "（案件编号：{{ case }}）", FANG, 14, SIDE.LEFT)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def blank() -> Any:
    """An empty page: A4, margins 37/35/28/26 mm, — 1 — at the foot."""
    from docx import Document  # noqa: PLC0415
    from docx.shared import Mm  # noqa: PLC0415

    made = Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _page_number(section)
    return made


def add_line(
    made: Any, text: str, font: str, points: float, side: Any, *,
    red: bool = False, rule: bool = False, indent: Any = None, right: Any = None,
) -> None:  # fmt: skip
    """One paragraph in a font and size, with the line spacing of official papers."""
    from docx.shared import Pt, RGBColor  # noqa: PLC0415

    paragraph = made.add_paragraph()
    form = paragraph.paragraph_format
    paragraph.alignment, form.space_before, form.space_after = side, Pt(0), Pt(0)
    form.line_spacing = Pt(max(28.9, points * 1.3))
    form.first_line_indent, form.right_indent = indent, right
    run = paragraph.add_run(text)
    run.font.size = Pt(points)
    _named(run, font)
    if red:
        run.font.color.rgb = RGBColor(*_RED)
    if rule:
        _red_rule(paragraph)


def _named(run: Any, font: str) -> None:
    """The font for Chinese text, which Word keeps apart from that for Latin."""
    from docx.oxml.ns import qn  # noqa: PLC0415

    run.font.name = font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _red_rule(paragraph: Any) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in {"val": "single", "sz": "12", "space": "4", "color": "C00000"}.items():
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def _page_number(section: Any) -> None:
    """— 1 — at the foot, 4号宋体."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH as SIDE  # noqa: PLC0415
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = SIDE.CENTER
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        run.font.size = Pt(14)
        _named(run, SONG)
        if text is None:
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), "PAGE")
            run._element.append(field)


def render(template: bytes, said: dict[str, Any]) -> bytes:
    """The letter with its words in place: expressions run in a sandbox, words are escaped and never obeyed.

    Problem: the template names what there is not, or asks for what the sandbox refuses.
    """
    from docxtpl import DocxTemplate  # noqa: PLC0415 - heavy
    from jinja2 import StrictUndefined, TemplateError  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    sandbox = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made, out = DocxTemplate(io.BytesIO(template)), io.BytesIO()
    try:
        made.render(said, jinja_env=sandbox)
        made.save(out)
    except (TemplateError, TypeError, ValueError, KeyError) as error:
        raise problems.BAD_TEMPLATE(reason=str(error)[:200] or "模板无法填写") from error
    return out.getvalue()


def refuse_unfit(file: BinaryIO) -> None:
    """Problem for what cannot be a template: no docx, too large, with programs or ties to the outside, not filling."""
    file.seek(0, io.SEEK_END)
    size = file.tell()
    if size > LIMIT:
        raise problems.BAD_TEMPLATE(reason=f"最大 {LIMIT // sniffing.MIB} MB")
    try:
        if sniffing.type_of(file) != sniffing.DOCX:
            raise problems.BAD_TEMPLATE(reason="应为 docx 文件")
    except sniffing.Unfit as unfit:
        raise problems.BAD_TEMPLATE(reason=str(unfit)) from unfit
    file.seek(0)
    with ZipFile(file) as book:
        outside = [
            name
            for name in book.namelist()
            if name.endswith(".rels") and b'TargetMode="External"' in book.read(name)
        ]
    if outside:
        raise problems.BAD_TEMPLATE(reason="含有指向外部的链接")
    file.seek(0)
    text = render(file.read(), SAMPLE)
    with ZipFile(io.BytesIO(text)) as book:
        body = book.read("word/document.xml").decode()
    lacking = [word for word in ("number", "to", "day") if str(SAMPLE[word]) not in body]
    if lacking or "正文第二段。" not in body:
        raise problems.BAD_TEMPLATE(reason="模板须含 {{ number }}、{{ to }}、{{ day }} 和逐段的 {{ line }}")
