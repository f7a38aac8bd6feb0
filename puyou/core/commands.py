"""What every reporting command shares: JSON alone on standard output, and exit codes with one meaning."""

import json
import sys
from datetime import date, datetime
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from puyou.core.problems import Problem


class ReportCommand(BaseCommand):
    """A command with ``--json``; exit 0 done, 1 failed check, 2 wrong use."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="只输出 JSON")

    def execute(self, *args: Any, **options: Any) -> str | None:
        self.as_json = bool(options.get("json"))
        try:
            return super().execute(*args, **options)
        except Problem as problem:
            self.wrong_use(problem.message)

    def report(self, data: Any) -> None:
        """Print the result: JSON alone with ``--json``, otherwise lines a person can read."""
        if self.as_json:
            self.stdout.write(json.dumps(data, ensure_ascii=False, default=_plain))
        elif isinstance(data, dict):
            for key, value in data.items():
                self.stdout.write(f"{key}: {value}")
        else:
            self.stdout.write(str(data))

    def fail_check(self) -> NoReturn:
        """End with exit code 1: the check ran and failed."""
        sys.exit(1)

    def wrong_use(self, message: str) -> NoReturn:
        """End with exit code 2 and say why on standard error."""
        self.stderr.write(message)
        sys.exit(2)


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if hasattr(value, "item"):
        return value.item()
    return str(value)
