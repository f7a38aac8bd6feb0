"""End everything that runs."""

from typing import Any

from puyou.config import processes
from puyou.core.commands import ReportCommand


class Command(ReportCommand):
    help = "结束网站、后台作业和内置数据库"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.report({"stopped": processes.stop()})
