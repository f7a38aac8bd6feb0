"""Issues a code with which a courier's phone enrols itself."""

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.ingest import actions, codes, enrolment


class Command(ReportCommand):
    """``puyou issue_enrolment_code --courier K``: one use, 24 hours; the courier's open code before it ends."""

    help = "发放开通码：投递员在手机上输入后即开通；一码一次，24 小时有效，只显示这一次。尚未登记的投递员同时登记。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--courier", required=True, help="投递员编号")
        parser.add_argument("--name", default="", help="投递员姓名（仅在新登记时使用）")

    @transaction.atomic
    def handle(self, *args: Any, courier: str, name: str, **options: Any) -> None:
        by, now = "system:issue_enrolment_code", clock.now()
        known, is_new = enrolment.find_or_register(number=courier, name=name, by=by, now=now)
        code = actions.issue_enrolment_code(courier=known, by=by, now=now)
        self.report(
            {
                "code": codes.spaced(code),
                "courier": known.number,
                "name": known.name,
                "expires_at": now + codes.LIFETIME,
                "address": f"/field/{codes.fragment(code)}",
                "registered": ["courier"] if is_new else [],
            }
        )
