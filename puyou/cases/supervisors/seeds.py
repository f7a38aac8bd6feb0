"""The checklists and the questionnaire that every installation starts with; their clauses are not verified."""

from datetime import date
from typing import Any

ALWAYS = date(2016, 1, 1)
INTEREST_VERSION = 1  # of the words that a supervisor declares by
STANDARD = "YZ/T 0129—2016《邮政普遍服务》，条款号未经核实"


def _ask(code: str, text: str, **more: Any) -> dict[str, Any]:
    """A point of a checklist: answered by yes or no unless said otherwise, no being bad."""
    point = {"code": code, "text": text, "answer": "yes_no", "required": True, "bad": ["no"]}
    if more.get("answer", "yes_no") != "yes_no" and "bad" not in more:
        point["bad"] = []
    return point | more


def _list(code: str, name: str, items: list[dict[str, Any]], source: str = STANDARD) -> dict[str, Any]:
    return {"code": code, "kind": code, "name": name, "source": source, "items": items, "valid_from": ALWAYS}


NOTED = _ask("note", "其他情况", answer="text", required=False)
CHECKLISTS: tuple[dict[str, Any], ...] = (
    _list("outlet_hours", "网点营业时间检查", [
        _ask("outlet", "网点名称", answer="text"),
        _ask("posted", "营业时间是否在门前公示"),
        _ask("posted_from", "公示的开门时间", answer="time", required=False),
        _ask("posted_until", "公示的关门时间", answer="time", required=False),
        _ask("open", "在公示时间内是否营业"),
        _ask("prices", "资费、禁限寄物品和投诉电话是否公示"),
        _ask("services", "信件、印刷品、包裹、汇兑是否都能办理"),
        NOTED,
    ]),
    _list("test_letter", "试投信件", [
        _ask("letter", "信件种类", answer="choice", choices=["平常信件", "挂号信件", "印刷品", "包裹"]),
        _ask("posted_on", "交寄日期", answer="date"),
        _ask("arrived_on", "收到日期", answer="date", required=False),
        _ask("arrived", "是否收到", bad=["no"]),
        _ask("intact", "收到时是否完好", required=False),
        _ask("postmark", "收寄、投递日戳是否清晰", required=False),
        NOTED,
    ]),
    _list("party_newspapers", "党报党刊投递检查", [
        _ask("paper", "报刊", answer="choice", choices=["人民日报", "求是", "省级党报", "市级党报", "其他"]),
        _ask("issued_on", "报纸出版日期", answer="date"),
        _ask("received_on", "实际收到日期", answer="date", required=False),
        _ask("whole", "当期是否收齐"),
        _ask("signed", "是否交到规定的人或地点"),
        NOTED,
    ]),
    _list("stamp_sale", "邮票销售检查", [
        _ask("outlet", "网点名称", answer="text"),
        _ask("on_sale", "纪特邮票是否在发行首日公开出售"),
        _ask("face_value", "是否按面值出售"),
        _ask("bundled", "是否搭售", bad=["yes"]),
        _ask("limits", "限购办法是否公示", required=False),
        NOTED,
    ]),
    _list("village_delivery", "建制村投递检查", [
        _ask("times", "村委会称上周投递员来过几次", answer="number"),
        _ask("enough", "是否达到规定的每周次数"),
        _ask("kept", "邮件是否留在乡镇或村外", bad=["yes"]),
        _ask("charged", "取件是否另外收费", bad=["yes"]),
        _ask("record", "接收点是否有登记或签收"),
        NOTED,
    ]),
    _list("questionnaire", "用户满意度问卷", [
        _ask("delivery", "投递及时", answer="scale", bad=[1, 2]),
        _ask("outlet", "网点方便", answer="scale", bad=[1, 2]),
        _ask("attitude", "服务态度", answer="scale", bad=[1, 2]),
        _ask("price", "资费公开", answer="scale", bad=[1, 2]),
        _ask("suggestion", "意见和建议", answer="text", required=False),
    ], "监督员问卷，题目由主管部门确定，未经核实"),
)  # fmt: skip
LESSONS = {
    "rights": "监督员的权利和义务",
    "looking": "怎样看网点和投递",
    "reporting": "怎样反映和取证",
}
