"""Run every integrity check: ``puyou integrity --json``; exit 1 when an error was found."""

from typing import Any

from puyou.core.commands import ReportCommand
from puyou.places import integrity


class Command(ReportCommand):
    help = "检查数据完整性"

    def handle(self, *args: Any, **options: Any) -> None:
        found = [
            {
                "code": check.code,
                "name": check.name,
                "severity": str(check.severity),
                "count": len(integrity.Findings(check)),
            }
            for check in integrity.checks()
        ]
        errors = sum(row["count"] for row in found if row["severity"] == integrity.Severity.ERROR)  # type: ignore[misc]
        if self.as_json:
            self.report({"errors": errors, "checks": found})
        else:
            for row in found:
                self.report(f"{row['count']:>9,}  {row['severity']:<8} {row['name']}（{row['code']}）")
        if errors:
            self.fail_check()
