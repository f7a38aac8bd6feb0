"""The consent text that a courier reads before the first round, by version; a published version never changes.

A new version is a new entry at the end; phones then ask again. What a lawyer must confirm is marked 未经核实.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ConsentText:
    """One version: what is asked for, why, on which ground, how long it is kept and what a courier may demand."""

    version: str
    since: date
    text: str


FIRST = """建制村直接通邮现场应用　个人信息处理告知书

一、谁在处理您的信息
您所在的邮政企业（见本应用“我的”页面）使用本应用登记到村投递；邮政管理部门依法监督邮政普遍服务，可以查看辖区内的登记结果。

二、登记哪些信息
1. 工号、姓名、领用的设备，用来知道是谁投递的。
2. 每次“到了”的时间、位置、定位误差、进村前最多 12 个定位点，用来证明到过村。\
只在“出班”与“收班”之间定位；收班以后、休息日和请假期间不定位，也没有后台连续轨迹。
3. 交接的件数、收件人类别、照片、语音或文字说明。照片在手机里去除拍摄参数并缩小；请勿拍摄收件人面部、证件和邮件内容。
4. 手机时钟、应用版本、是否允许定位和相机，用来判断记录是否可靠。
不登记：通讯录、短信、通话、其他应用、录音（您主动录入的语音说明除外）。

三、为什么可以登记，依据是什么
1. 《中华人民共和国邮政法》规定的邮政普遍服务投递频次，需要以到村投递记录核验。
2. 《中华人民共和国个人信息保护法》第十三条\
（取得个人同意；为履行法定职责或者法定义务所必需；\
按照依法制定的劳动规章制度实施人力资源管理所必需）。
3. 行踪轨迹属于敏感个人信息，依照同法第二十八条至第三十条，单独告知必要性和影响，并取得您的单独同意。
以上依据的适用（尤其是劳动用工场景中同意与“所必需”的关系）未经核实，须由企业法务确认后正式启用。

四、保存多久
各类信息的保存期限由有生效日期的准则规定，当前期限列在“我的数据”页面。期满删除或者匿名化；正在申诉、复核、行政处罚或者诉讼中的，保存到办结。

五、不同意会怎样
不同意的，应用不取位置；您仍可登记到村、拍照、写说明，记录会注明“未授权定位”，由企业按纸质交接单等方式核验。不因此自动判定为虚假。您可以随时在\
“我的”页面撤回同意，撤回不影响此前记录的效力。

六、您的权利
您可以在“我的数据”页面查阅关于您的全部登记、可信度评分和理由、审核决定；认为有错的，可以更正（新增一条更正记录，原记录保留）；对不予认可的，可以在\
应用中申诉，由另一名人员复核；可以要求查阅、复制，或者在不再担任投递员后要求删除（法律、行政法规规定的保存期限未届满的除外，《个人信息保护法》第\
四十四条至第四十七条）。自动评分只用来排出复核的先后，任何一条记录不予认可，都由人决定并说明理由（第二十四条）。

七、联系
先找县邮政分公司投递管理员；对处理结果不满意的，可以向当地邮政管理部门反映。
"""

SECOND = FIRST.replace(
    "期满删除或者匿名化；正在申诉、复核、行政处罚或者诉讼中的，保存到办结。",
    "照片、语音说明期满由系统自动删除；\
到村时间、位置和定位点是判定依据，系统目前不自动删除，您要求删除的，由企业和邮政管理部门依照第六条处理。\
正在申诉、复核、行政处罚或者诉讼中的，保存到办结。",
)

VERSIONS = (
    ConsentText("2026-11", date(2026, 11, 1), FIRST),
    ConsentText("2026-11-26", date(2026, 11, 26), SECOND),
)
BY_VERSION = {one.version: one for one in VERSIONS}


def current(on: date) -> ConsentText:
    """The version to be read on a day: the latest published by then, else the first."""
    published = [one for one in VERSIONS if one.since <= on]
    return published[-1] if published else VERSIONS[0]
