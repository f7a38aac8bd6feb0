"""Load the plans whose names and targets were published: ``puyou load_plans``."""

from pathlib import Path
from typing import Any

from django.conf import settings

from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.plans import actions


class Command(ReportCommand):
    help = "装载已公布的规划、指标和目标值（缺的留空）"

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.DATA_DIR) / "plans" / "plans.json"
        self.report(actions.load_plans(path=path, by="system:plans", now=clock.now()))
