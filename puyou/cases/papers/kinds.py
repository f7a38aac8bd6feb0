"""The kinds of document that cases produce, whom each is for, and the words it begins with."""

import re
from dataclasses import dataclass

from puyou.cases import names

OPERATOR, REPORTER = "operator", "reporter"
FIELD = re.compile(r"{([^{}]*)}")


@dataclass(frozen=True)
class Kind:
    """A kind of document. ``side``: whose it is to read besides the office; ``text``: its first words, with fields."""

    code: str
    name: str
    side: str
    text: str


KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            "rectification_order",
            "责令整改通知书",
            OPERATOR,
            "经核查，{地点}存在下列问题：{事项}。\n依据{依据}，责令你单位限期整改，并按期书面答复整改措施和完成时间。\n"
            "如有异议，可以在答复期限内向我局提出。",
        ),
        Kind(
            "rectification_opinion",
            "整改核实意见",
            OPERATOR,
            "你单位关于{事项}的整改情况，我局已经核实。\n核实结果：{状态}。",
        ),
        Kind("acceptance_notice", "受理告知书", REPORTER, "你反映的{事项}，我局已于{日期}受理，正在办理。"),
        Kind(
            "refusal_notice",
            "不予受理告知书",
            REPORTER,
            "你反映的{事项}，经审查不属于我局职责范围，我局不予受理。",
        ),
        Kind(
            "result_notice", "办理结果告知书", REPORTER, "你反映的{事项}，我局已经办结。\n办理结果：{状态}。"
        ),
    )
}
FIELDS = ("事项", "地点", "企业", "机关", "日期", "依据", "状态", "案号", "到期日")
for _kind in KINDS.values():
    names.document(_kind.code, _kind.name)


def unknown_fields(text: str) -> list[str]:
    """Fields in ``{…}`` that documents do not have."""
    return sorted({name for name in FIELD.findall(text) if name not in FIELDS})


def filled(text: str, values: dict[str, str]) -> str:
    """The words with their fields filled in once; what is filled in is not looked at again."""
    return FIELD.sub(lambda found: values.get(found[1], found[0]), text)
