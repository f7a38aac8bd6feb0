"""The template of a kind: a workbook that says what each column means."""

import tempfile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from puyou.core.exports import harmless
from puyou.ledgers import documenting
from puyou.ledgers.definition import TYPE_NAMES, Definition, Field


def write_template(found: Definition) -> IO[bytes]:
    """A workbook to be filled in: the headings on the first sheet, what each means on the second."""
    book = Workbook()
    sheet = book.active
    sheet.title = "填报"
    headings = [
        (found.place_name, True),
        *([("企业", found.operator == "required")] if found.has_operator else []),
    ]
    headings += [(_heading(field), field.required) for field in found.written]
    for index, (heading, required) in enumerate(headings, start=1):
        cell = sheet.cell(1, index, harmless(heading + ("*" if required else "")))
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(index)].width = max(14, 2 * len(heading) + 4)
        for row in range(2, 202):
            sheet.cell(row, index).number_format = "@"  # so that long numbers stay as typed
    sheet.freeze_panes = "A2"
    _explain(book.create_sheet("填写说明"), found)
    file = tempfile.TemporaryFile()
    book.save(file)
    file.seek(0)
    return file


def _heading(field: Field) -> str:
    return f"{field.name}（{field.unit}）" if field.unit else field.name


def _explain(sheet: Any, found: Definition) -> None:
    rows = [("列", "是否必填", "类型", "取值", "说明")]
    rows.append((found.place_name, "必填", "地点", "地区名称或区划代码", "重名的地区请填区划代码"))
    if found.has_operator:
        rows.append(
            (
                "企业",
                "必填" if found.operator == "required" else "选填",
                "企业",
                "企业全称",
                "企业自己填报的可留空",
            )
        )
    rows += [
        (
            _heading(field),
            told["required"],
            TYPE_NAMES[field.type],
            documenting.values_of(field, found),
            field.help,
        )
        for field, told in zip(found.fields, documenting.fields(found), strict=True)
        if field.type != "attachment"
    ]
    rows.append(
        ("", "", "", "", "列的次序可以改变，列名不要改；数可写成 1.2亿、3,000万；附件导入后在记录页添加。")
    )
    for row in rows:
        sheet.append([harmless(str(value)) for value in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDE", (24, 30, 10, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
