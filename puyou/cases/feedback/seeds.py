"""The categories that every installation starts with."""

from typing import Any

OUTLET = [
    {
        "code": "outlet",
        "datatype": "string",
        "required": False,
        "order": 1,
        "description": "网点名称",
        "values": [],
    }
]
DAYS = [
    {
        "code": "days",
        "datatype": "number",
        "required": False,
        "order": 1,
        "description": "已有几天没有来",
        "values": [],
    }
]
CATEGORIES: tuple[dict[str, Any], ...] = (
    {"code": "village_not_served", "name": "到村投递次数不足", "group": "投递", "by_visits": True, "attributes": DAYS,
     "description": "投递员没有按规定的频次到村。", "keywords": ["投递", "没来", "频次"]},
    {"code": "mail_kept", "name": "邮件积压滞留", "group": "投递", "by_visits": True,
     "description": "邮件留在乡镇或村外，没有送到村。", "keywords": ["积压", "滞留"]},
    {"code": "paper_late", "name": "党报党刊投递不及时", "group": "投递", "by_visits": True,
     "description": "党报党刊没有当日或按规定时限见报。", "keywords": ["党报", "人民日报"]},
    {"code": "letter_late", "name": "信件丢失或逾期", "group": "投递", "by_visits": False,
     "description": "平常信件、挂号信件、包裹丢失或超过全程时限。", "keywords": ["信件", "挂号", "丢失", "时限"]},
    {"code": "false_delivery", "name": "未经同意放入代投点", "group": "投递", "by_visits": False,
     "description": "未征得收件人同意，把邮件放在代投点或箱柜。", "keywords": ["代投", "驿站"]},
    {"code": "outlet_closed", "name": "网点未按公示时间营业", "group": "网点", "by_visits": False, "attributes": OUTLET,
     "description": "公示的营业时间内没有营业。", "keywords": ["网点", "关门", "营业时间"]},
    {"code": "service_refused", "name": "拒办普遍服务业务", "group": "网点", "by_visits": False, "attributes": OUTLET,
     "description": "拒绝办理信件、包裹、汇兑等普遍服务业务。", "keywords": ["拒办", "拒收"]},
    {"code": "outlet_facility", "name": "网点设施或公示不全", "group": "网点", "by_visits": False, "attributes": OUTLET,
     "description": "缺少应有的设施，或没有公示营业时间、资费、投诉电话。", "keywords": ["设施", "公示"]},
    {"code": "attitude", "name": "服务态度", "group": "网点", "by_visits": False, "attributes": OUTLET,
     "description": "态度恶劣、推诿。", "keywords": ["态度"]},
    {"code": "letter_box", "name": "邮筒信箱未按时开取", "group": "网点", "by_visits": False,
     "description": "邮筒、信箱损坏或没有按标明的时间开取。", "keywords": ["邮筒", "信箱"]},
    {"code": "overcharge", "name": "违规收费", "group": "资费", "by_visits": False,
     "description": "在规定资费之外收费，例如到村取件另收钱。", "keywords": ["收费", "二次收费"]},
    {"code": "stamp_sale", "name": "邮票销售不规范", "group": "资费", "by_visits": False,
     "description": "纪特邮票没有按规定公开出售，或搭售、加价。", "keywords": ["邮票", "纪特"]},
    {"code": "other", "name": "其他", "group": "其他", "by_visits": False,
     "description": "以上没有列出的问题。", "keywords": []},
)  # fmt: skip
