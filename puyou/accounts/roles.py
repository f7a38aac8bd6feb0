"""The catalogue of roles: what each may do, who may hold it and at which level of place."""

from dataclasses import dataclass, field

PERMISSIONS = {
    "see": "查看辖区数据",
    "rounds.own": "查看本人投递段",
    "visits.review": "审核到村投递",
    "compliance.propose_excuse": "提出免责情形",
    "compliance.approve_excuse": "批准免责情形",
    "registry.edit": "维护名录",
    "standards.publish": "发布准则",
    "accounts.manage": "管理机构与人员",
    "accounts.grant": "管理授权",
    "system.see": "查看系统运行",
    "audit.see": "查看审计日志",
}

_OFFICER = frozenset(
    {"see", "visits.review", "compliance.propose_excuse", "compliance.approve_excuse", "registry.edit"}
)


@dataclass(frozen=True)
class RoleKind:
    """A role, the ``kind`` of organisation that may hold it, the ``levels`` of place it may cover."""

    code: str
    name: str
    kind: str
    levels: tuple[int, ...]
    permissions: frozenset[str] = field(default_factory=frozenset)
    administrator: bool = False


CATALOGUE = (
    RoleKind(
        "national_regulator",
        "国家局监管员",
        "regulator",
        (0,),
        _OFFICER | {"standards.publish", "system.see"},
    ),
    RoleKind("provincial_regulator", "省局监管员", "regulator", (1,), _OFFICER | {"system.see"}),
    RoleKind("city_regulator", "市局监管员", "regulator", (2, 3), _OFFICER),
    RoleKind(
        "company_manager",
        "企业管理员",
        "operator",
        (0, 1, 2, 3),
        frozenset({"see", "compliance.propose_excuse", "registry.edit"}),
    ),
    RoleKind("courier", "投递员", "operator", (3, 4, 5), frozenset({"rounds.own"})),
    RoleKind(
        "system_administrator",
        "系统管理员",
        "regulator",
        (0, 1),
        frozenset({"accounts.manage", "system.see"}),
        administrator=True,
    ),
    RoleKind(
        "security_administrator",
        "安全管理员",
        "regulator",
        (0, 1),
        frozenset({"accounts.grant"}),
        administrator=True,
    ),
    RoleKind(
        "audit_administrator", "审计管理员", "regulator", (0, 1), frozenset({"audit.see"}), administrator=True
    ),
)

BY_CODE = {role.code: role for role in CATALOGUE}
ADMINISTRATORS = frozenset(role.code for role in CATALOGUE if role.administrator)
