"""`puyou load_article`: the published card of 2019 as reported figures with their citation."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.indicators import loading

BY = "system:load_article"


class Command(ReportCommand):
    """Safe to repeat: what stands already is left as it is."""

    help = "装载 2019 年成绩单公布的数字（只含数字和出处）"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--file", default=str(loading.ARTICLE), help="数据文件")

    def handle(self, *args: Any, **options: Any) -> None:
        done = loading.load_card(file=Path(options["file"]), by=BY, now=clock.now())
        told = f"{done.code}：{done.figures} 项指标，本次录入 {done.entered} 个数字"
        said = {"card": done.code, "figures": done.figures, "entered": done.entered}
        self.report(said if self.as_json else told)
