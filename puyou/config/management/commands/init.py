"""Migrate and load the reference data."""

from typing import Any

from django.core.management import call_command

from puyou.config import reference
from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.core.progress import step


class Command(ReportCommand):
    help = "建表并装载参考数据（区划、准则、日历、角色）；可重复执行"

    def handle(self, *args: Any, **options: Any) -> None:
        with step("建立数据表"):
            call_command("migrate", verbosity=0, interactive=False)
        self.report(reference.load(by="system:init", now=clock.now()))
