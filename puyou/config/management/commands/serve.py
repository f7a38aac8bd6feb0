"""Run web and worker."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from puyou.config import processes


class Command(BaseCommand):
    help = "运行网站和后台作业（Ctrl-C 结束）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        # half the processors: the database and the background jobs want the others, and caches are kept once
        parser.add_argument("--workers", type=int, default=max(2, (os.cpu_count() or 2) // 2))
        parser.add_argument("--end-database", action="store_true", help="结束时一并停止内置数据库")

    def handle(self, *args: Any, **options: Any) -> None:
        if processes.alive():
            self.stderr.write("已经在运行；先执行 puyou stop")
            sys.exit(2)
        self.stderr.write(f"普邮运行于 http://{options['host']}:{options['port']}/ （Ctrl-C 结束）")
        processes.started_server |= options["end_database"]
        sys.exit(processes.serve(options["host"], options["port"], options["workers"]))
