"""The catalogue of roles: what each may do, who may hold it and at which level of place."""

from dataclasses import dataclass

PERMISSIONS = {
    "see": "查看辖区数据",
    "rounds.own": "查看本人投递段",
    "visits.review": "审核到村投递",
    "audits.draw": "组织抽核",
    "audits.record": "录入抽核结果",
    "visits.record": "补录纸质交接单",
    "compliance.propose_excuse": "提出免责情形",
    "compliance.approve_excuse": "批准免责情形",
    "registry.edit": "维护名录",
    "ledgers.fill": "登记台账",
    "ledgers.confirm": "确认台账",
    "ledgers.publish": "发布台账类别",
    "plans.manage": "维护规划与任务",
    "reports.compose": "编制与发布成绩单、公文",
    "indicators.report": "报送指标数据",
    "returns.check": "审核填报",
    "cases.handle": "办理案件",
    "cases.answer": "答复与整改",
    "cases.publish_procedure": "发布办理程序",
    "fieldwork.run": "安排外勤（设备、代班、村码、补录）",
    "standards.publish": "发布准则",
    "accounts.manage": "管理机构与人员",
    "accounts.grant": "管理授权",
    "system.see": "查看系统运行",
    "audit.see": "查看审计日志",
}

LEVELS = ("全国", "省级", "市级", "县级", "乡级", "村级")

_OFFICER = frozenset(
    {
        "see",
        "visits.review",
        "audits.record",
        "compliance.propose_excuse",
        "compliance.approve_excuse",
        "registry.edit",
        "cases.handle",
        "ledgers.fill",
        "ledgers.confirm",
        "plans.manage",
        "reports.compose",
        "indicators.report",
        "returns.check",
    }
)


@dataclass(frozen=True)
class RoleKind:
    """A role, the ``kind`` of organisation that may hold it and the ``levels`` of place it may cover.

    ``post`` is its holder's usual title; ``demo`` begins a demo account's name, at level ``demo_level``.
    """

    code: str
    name: str
    kind: str
    levels: tuple[int, ...]
    permissions: frozenset[str]
    post: str
    demo: str
    demo_level: int
    administrator: bool = False


NATIONAL = RoleKind(
    code="national_regulator",
    name="国家局监管员",
    kind="regulator",
    levels=(0,),
    permissions=_OFFICER
    | {"audits.draw", "standards.publish", "system.see", "cases.publish_procedure", "ledgers.publish"},
    post="值班员",
    demo="national",
    demo_level=0,
)
PROVINCIAL = RoleKind(
    code="provincial_regulator",
    name="省局监管员",
    kind="regulator",
    levels=(1,),
    permissions=_OFFICER | {"audits.draw", "system.see"},
    post="值班员",
    demo="province",
    demo_level=1,
)
CITY = RoleKind(
    code="city_regulator",
    name="市局监管员",
    kind="regulator",
    levels=(2, 3),
    permissions=_OFFICER,
    post="值班员",
    demo="city",
    demo_level=2,
)
COMPANY = RoleKind(
    code="company_manager",
    name="企业管理员",
    kind="operator",
    levels=(0, 1, 2, 3),
    permissions=frozenset(
        {
            "see",
            "compliance.propose_excuse",
            "registry.edit",
            "fieldwork.run",
            "cases.answer",
            "visits.record",
            "ledgers.fill",
            "indicators.report",
        }
    ),
    post="投递管理员",
    demo="company",
    demo_level=3,
)
COURIER = RoleKind(
    code="courier",
    name="投递员",
    kind="operator",
    levels=(3, 4, 5),
    permissions=frozenset({"rounds.own"}),
    post="投递员",
    demo="courier",
    demo_level=3,
)
SYSTEM = RoleKind(
    code="system_administrator",
    name="系统管理员",
    kind="regulator",
    levels=(0, 1),
    permissions=frozenset({"accounts.manage", "system.see"}),
    post="系统管理员",
    demo="system",
    demo_level=0,
    administrator=True,
)
SECURITY = RoleKind(
    code="security_administrator",
    name="安全管理员",
    kind="regulator",
    levels=(0, 1),
    permissions=frozenset({"accounts.grant", "system.see"}),
    post="安全管理员",
    demo="security",
    demo_level=0,
    administrator=True,
)
AUDIT = RoleKind(
    code="audit_administrator",
    name="审计管理员",
    kind="regulator",
    levels=(0, 1),
    permissions=frozenset({"audit.see", "system.see"}),
    post="审计管理员",
    demo="audit",
    demo_level=0,
    administrator=True,
)

CATALOGUE = (NATIONAL, PROVINCIAL, CITY, COMPANY, COURIER, SYSTEM, SECURITY, AUDIT)
BY_CODE = {role.code: role for role in CATALOGUE}
ADMINISTRATORS = frozenset(role.code for role in CATALOGUE if role.administrator)
