"""Verify the archive of a case, alone and without a database; exit 1 when something was changed."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from puyou.cases.archive import verifying
from puyou.core.commands import ReportCommand


class Command(ReportCommand):
    help = "核验案卷（ZIP）：哪个文件被改动、缺少或放入，办理经过是否完整；不需要数据库，不解压"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--digest", default="", help="归档时登记的目录哈希（SHA-256 或 SM3）")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            verdict = verifying.verify(options["file"], options["digest"])
        except verifying.Unreadable as error:
            self.wrong_use(f"读不出这份案卷：{error}")
        if self.as_json:
            self.report(
                {
                    "number": verdict.number,
                    "files": verdict.files,
                    "sound": verdict.sound,
                    "index": {"sha256": verdict.sha256, "sm3": verdict.sm3},
                    "faults": [vars(fault) for fault in verdict.faults],
                }
            )
        else:
            for fault in verdict.faults:
                self.stdout.write(fault.sentence)
            judged = f"{len(verdict.faults)} 处不符" if verdict.faults else "完好"
            self.stdout.write(f"{verdict.number}：核验 {verdict.files} 个文件，{judged}")
            self.stdout.write(f"目录 SM3 {verdict.sm3}\n目录 SHA-256 {verdict.sha256}")
        if not verdict.sound:
            self.fail_check()
