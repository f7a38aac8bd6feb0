"""`puyou verify_card FILE`: whether a card's JSON file says what was signed; needs nothing but the file."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from puyou.core.commands import ReportCommand
from puyou.reports import problems, signing


class Command(ReportCommand):
    """Exit 1 when the file was changed. The key is the file's own: compare it with what the site shows."""

    help = "核验成绩单文件的签名"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = json.loads(Path(options["file"]).read_bytes())
        except (OSError, ValueError) as error:
            raise problems.NOT_OURS() from error
        genuine = isinstance(document, dict) and signing.verify(document)
        key = document.get("public_key", "") if isinstance(document, dict) else ""
        self.report({"genuine": genuine, "public_key": key, "ours": key == signing.public_key()})
        if not genuine:
            self.fail_check()
