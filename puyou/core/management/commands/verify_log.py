"""Verify an exported event log, alone and without a database; exit 1 when something was changed."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from puyou.core import auditing


class Command(BaseCommand):
    help = "核验导出的事件日志：哪一条被改动、删除或插入；不需要数据库"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--anchors", type=Path, help="另行保存的日根文件")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines, faults = auditing.verify(options["file"], options["anchors"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            self.stderr.write(f"读不出这份日志或日根：{error}")
            sys.exit(2)
        said = {"lines": lines, "sound": not faults, "faults": auditing.plain(faults)}
        if options["json"]:
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            for fault in faults:
                self.stdout.write(fault.sentence)
            self.stdout.write(f"核验 {lines} 行：" + (f"{len(faults)} 处不符" if faults else "完好"))
        sys.exit(1 if faults else 0)
