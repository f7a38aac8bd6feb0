"""Load the nine tasks of 2020 as they were published: ``puyou load_tasks``."""

from pathlib import Path
from typing import Any

from django.conf import settings

from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.plans import actions


class Command(ReportCommand):
    help = "装载2020年邮政普遍服务任务表（九项任务）"

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.DATA_DIR) / "tasks" / "2020.json"
        self.report(actions.load_tasks(path=path, by="system:plans", now=clock.now()))
