"""Print the catalogue of problems as a page."""

import pkgutil
from importlib import import_module
from typing import Any

import puyou
from puyou.core import problems
from puyou.core.commands import ReportCommand

APART = {"tests", "migrations", "commands", "wsgi"}  # wsgi starts the site when imported
HEAD = "# Problems\n\nEverything that may go wrong, with its stable code. Made by `puyou problems`.\n"


class Command(ReportCommand):
    help = "列出全部问题代码"

    def handle(self, *args: Any, **options: Any) -> None:
        for module in pkgutil.walk_packages(puyou.__path__, "puyou."):
            if not APART & set(module.name.split(".")):
                import_module(module.name)
        kinds = [kind for _, kind in sorted(problems.catalogue().items())]
        if self.as_json:
            self.report(
                [{"code": kind.code, "message": kind.sentence, "status": kind.status} for kind in kinds]
            )
            return
        rows = "\n".join(f"| `{kind.code}` | {kind.status} | {kind.sentence} |" for kind in kinds)
        self.stdout.write(f"{HEAD}\n| Code | Status | Sentence |\n| --- | --- | --- |\n{rows}")
