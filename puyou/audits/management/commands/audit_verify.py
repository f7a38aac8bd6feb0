"""`puyou audit_verify`: draw again from the published files alone, and say what differs."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from puyou.audits import published
from puyou.core.commands import ReportCommand


class Command(ReportCommand):
    """Needs nothing but the two files; exit code 1 on any difference."""

    help = "用公布的文件重抽一遍，核对抽核批次"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help="批次文件（JSON）")
        parser.add_argument("--frame", type=Path, help="抽样框文件；不给则在批次文件旁边找")

    def handle(self, *args: Any, **options: Any) -> None:
        document = published.read_document(options["file"])
        frame = options["frame"] or options["file"].parent / Path(str(document["frame"].get("file", ""))).name
        differences = published.verify(document, frame)
        self.report(
            {"verified": not differences, "items": len(document["items"]), "seed": document["seed"],
             "frame": document["frame"]["sha256"], "differences": differences}
        )  # fmt: skip
        if differences:
            self.fail_check()
