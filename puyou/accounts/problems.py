"""What may go wrong with accounts, and how it is said."""

from puyou.core.problems import declare

OUT_OF_SCOPE = declare("accounts.out_of_scope", "不在您的管辖范围", status=403)
NO_PERMISSION = declare("accounts.no_permission", "您的岗位没有“{permission}”权限", status=403)
NOT_HERE = declare("accounts.not_here", "没有找到，或不在您的管辖范围", status=404)
NO_LONGER_IN_FORCE = declare("accounts.no_longer_in_force", "该{thing}已于 {on} 结束，无需再次办理")
ENDS_BEFORE_IT_BEGINS = declare("accounts.ends_before_it_begins", "结束日期不能早于开始日期")
ALREADY_APPOINTED = declare("accounts.already_appointed", "{name}在该时段已任“{title}”")
ALREADY_GRANTED = declare("accounts.already_granted", "岗位“{title}”在该时段已有相同授权")
OWN_POST = declare("accounts.own_post", "不能为自己任职或为自己所任岗位授权，请由他人办理")
ADMINISTRATORS_MUST_DIFFER = declare(
    "accounts.administrators_must_differ", "系统、安全、审计三类管理员不得由同一人担任（{name}）"
)
ORGANISATION_NEEDED = declare(
    "accounts.organisation_needed", "企业岗位的授权必须注明企业，且限于本企业及其下属"
)
ROLE_DOES_NOT_FIT = declare("accounts.role_does_not_fit", "角色“{role}”不能授予{kind}的岗位")
LEVEL_DOES_NOT_FIT = declare("accounts.level_does_not_fit", "角色“{role}”只能用于{levels}，“{place}”不是")
OUTSIDE_PARENT = declare("accounts.outside_parent", "机构所在地“{place}”不在上级机构“{parent}”的地区之内")
NAME_TAKEN = declare("accounts.name_taken", "“{name}”已存在，请换一个名称")
USERNAME_TAKEN = declare("accounts.username_taken", "用户名“{username}”已被使用")
USERNAME_UNFIT = declare("accounts.username_unfit", "用户名须为 3 至 60 位字母、数字、点、横线或下划线")
NAME_MISSING = declare("accounts.name_missing", "请填写{what}，不超过 {limit} 个字")
PASSWORD_UNFIT = declare("accounts.password_unfit", "{reason}")
WRONG_PASSWORD = declare("accounts.wrong_password", "原密码不正确")
UNKNOWN_ORGANISATION = declare("accounts.unknown_organisation", "没有名为“{name}”的机构")
UNKNOWN_ROLE = declare("accounts.unknown_role", "没有编号为“{code}”的角色；可用的角色：{known}")
DEMO_REFUSED = declare(
    "accounts.demo_refused", "已连接外部数据库，不能创建演示账号；请用“create_account”逐个开户"
)
DEMO_PLACE_UNFIT = declare(
    "accounts.demo_place_unfit", "“{place}”之下没有可用于演示账号的市和县，请给出一个省级代码"
)
BAD_KEY = declare("accounts.bad_key", "用户名或接口密钥不正确，或密钥已停用、已到期", status=401)
KEY_TERM_UNFIT = declare("accounts.key_term_unfit", "到期日须晚于今天，且不超过一年")
TOO_MANY_KEYS = declare("accounts.too_many_keys", "在用的接口密钥已有 {limit} 个，请先停用不再使用的")
