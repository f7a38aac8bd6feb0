"""`puyou card_file 1 --kind pdf --to FILE`: one of the files of a published card."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from puyou.accounts.scopes import Scope
from puyou.core.commands import ReportCommand
from puyou.reports import files, queries


class Command(ReportCommand):
    """PDF, picture, spreadsheet or signed JSON."""

    help = "取出已发布成绩单的文件"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("id", type=int, help="发布版编号（publish_card 所示）")
        parser.add_argument("--kind", required=True, choices=sorted(files.KINDS))
        parser.add_argument("--to", required=True, help="写入的文件")

    def handle(self, *args: Any, **options: Any) -> None:
        revision = queries.get_revision(Scope.system("card_file"), options["id"])
        said = files.file_of(revision, options["kind"])
        Path(options["to"]).write_bytes(said)
        self.report({"file": options["to"], "bytes": len(said), "number": revision.number})
