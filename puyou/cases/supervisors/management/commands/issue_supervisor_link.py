"""Issues a code with which a supervisor's phone enrols itself."""

from typing import Any

from django.core.management.base import CommandParser

from puyou.accounts.scopes import Scope
from puyou.cases.supervisors import actions, problems
from puyou.cases.supervisors.models import Supervisor
from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.ingest import codes


class Command(ReportCommand):
    """``puyou issue_supervisor_link --supervisor NUMBER``: one phone, 24 hours; the phone before it ends."""

    help = "发放监督员手机的开通码：一码一机，24 小时有效，只显示这一次；以前的开通码和手机随之停用。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--supervisor", required=True, help="监督员证书号")

    def handle(self, *args: Any, supervisor: str, **options: Any) -> None:
        held = Supervisor.objects.filter(number=supervisor).first()
        if held is None:
            raise problems.UNKNOWN_SUPERVISOR()
        now = clock.now()
        code = actions.issue_link(
            supervisor=held,
            scope=Scope.system("issue_supervisor_link"),
            by="system:issue_supervisor_link",
            now=now,
        )
        self.report(
            {"code": codes.spaced(code), "supervisor": held.number, "expires_at": now + codes.LIFETIME}
        )
