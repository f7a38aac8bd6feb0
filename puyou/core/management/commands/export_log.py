"""Hand the event log out for an audit."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from puyou.core import auditing


class Command(BaseCommand):
    help = "导出事件日志及其封存，供审计核验"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="写入的文件，- 为标准输出")
        parser.add_argument("--first", type=int, default=1, help="从第几号封存起")
        parser.add_argument("--last", type=int, default=2**62, help="到第几号封存止")
        parser.add_argument("--anchors", help="同时把日根写入这个文件，应另行保存")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        sink = sys.stdout if options["file"] == "-" else open(options["file"], "w", encoding="utf-8")
        with sink:
            lines = auditing.export_log(sink, options["first"], options["last"])
        anchors = [asdict(one) for one in auditing.kept_anchors()]
        if options["anchors"]:
            with open(options["anchors"], "w", encoding="utf-8") as kept:
                json.dump(anchors, kept)
        said = {"lines": lines, "anchors": len(anchors)}
        if options["file"] != "-":
            self.stdout.write(
                json.dumps(said) if options["json"] else f"导出 {lines} 行，日根 {len(anchors)} 个"
            )
