"""A procedure made for tests: every feature of the engine once, and a walk over it."""

from typing import Any

from puyou.cases import names
from puyou.cases.names import Performing

CALLS: list[str] = []


@names.guard("sample_not_closed_town", "测试：标题含“禁”时不能办理")
def not_forbidden(performing: Performing) -> str | None:
    return "标题含“禁”" if "禁" in performing.case.title else None


@names.effect("sample_share", "测试：分送企业")
def share(performing: Performing) -> None:
    performing.case.shared = True
    CALLS.append("share")


@names.effect("sample_take", "测试：由本人承办")
def take(performing: Performing) -> None:
    performing.case.handler = performing.actor.user


def value(**changes: Any) -> dict[str, Any]:
    """The definition as plain JSON values."""
    found: dict[str, Any] = {
        "code": "sample",
        "name": "样例程序",
        "legal_basis": "测试用",
        "retention_years": 10,
        "number_prefix": "样",
        "states": [
            {"code": "received", "name": "已收到", "start": True},
            {"code": "answering", "name": "待企业答复", "kind": "waiting"},
            {"code": "judging", "name": "待核实"},
            {"code": "verified", "name": "已核实整改", "kind": "final", "outcome": "verified"},
            {"code": "refused", "name": "不予受理", "kind": "final", "outcome": "refused"},
        ],
        "flags": [{"code": "paused", "name": "中止"}, {"code": "urgent", "name": "紧急"}],
        "clocks": [
            {"code": "decide", "name": "办理期限", "allowance": "20wd", "legal_basis": "测试", "extension": "10wd",
             "warn_days": [5, 2]},
            {"code": "answer", "name": "答复期限", "allowance": "7d", "legal_basis": "测试"},
        ],
        "actions": [
            {"code": "accept", "name": "受理", "who": ["office"], "sources": ["received"], "target": "answering",
             "bulk": True, "guards": ["sample_not_closed_town"], "effects": ["sample_share", "sample_take"],
             "starts": ["decide", "answer"], "notifies": ["operator"]},
            {"code": "refuse", "name": "不予受理", "who": ["office"], "sources": ["received"], "target": "refused",
             "fields": [{"code": "ground", "name": "理由", "limit": 20}], "danger": True},
            {"code": "reply", "name": "答复", "who": ["operator"], "sources": ["answering"], "target": "judging",
             "forbids": ["paused"], "stops": ["answer"],
             "fields": [
                 {"code": "kind", "name": "类别", "kind": "choice", "choices": {"fixed": "已整改", "denied": "不属实"}},
                 {"code": "text", "name": "答复", "kind": "long_text"},
                 {"code": "on", "name": "完成日期", "kind": "date", "required": False}]},
            {"code": "return", "name": "退回", "who": ["office"], "sources": ["judging"], "target": "answering",
             "starts": ["answer"], "fields": [{"code": "ground", "name": "理由"}]},
            {"code": "verify", "name": "核实", "who": ["office"], "sources": ["judging"], "target": "verified"},
            {"code": "pause", "name": "中止", "who": ["office"], "forbids": ["paused"], "sets": ["paused"],
             "suspends": ["decide"], "primary": False, "bulk": True,
             "fields": [{"code": "ground", "name": "理由"}]},
            {"code": "resume", "name": "恢复", "who": ["office"], "requires": ["paused"], "clears": ["paused"],
             "resumes": ["decide"], "primary": False, "bulk": True},
            {"code": "extend", "name": "延长", "who": ["office"], "extends": ["decide"], "primary": False,
             "fields": [{"code": "ground", "name": "理由"}]},
            {"code": "reopen", "name": "重新办理", "who": ["office"], "sources": ["verified", "refused"],
             "target": "judging", "primary": False},
        ],
    }  # fmt: skip
    return found | changes
