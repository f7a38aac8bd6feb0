"""Import a place set from a file: ``puyou import_place_set FILE --code west-12 --name … --source …``."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.places import actions


class Command(ReportCommand):
    help = "导入区域集合（列：place_code，可选 from、to）"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file")
        parser.add_argument("--code", help="集合代码，缺省为文件名")
        parser.add_argument("--name", help="集合名称，缺省为代码")
        parser.add_argument("--source", default="", help="依据的文件")

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["code"] or Path(options["file"]).stem
        outcome = actions.import_place_set(
            path=options["file"],
            code=code,
            name=options["name"] or code,
            source=options["source"],
            by="system:import",
            now=clock.now(),
            rejects=Path(settings.PUYOU_HOME) / "rejects",
        )
        self.report(asdict(outcome))
