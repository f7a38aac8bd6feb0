"""Restore a backup into another home."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from puyou.config.backups import keys, places, problems, restoring, settings
from puyou.core.commands import ReportCommand


class Command(ReportCommand):
    """Exit 1 when something is lacking or a check fails."""

    help = "把备份恢复到另一个空文件夹（不触动正在运行的系统），核对数字"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--from", dest="address", help="备份位置；缺省为环境变量 PUYOU_BACKUP_URL")
        parser.add_argument(
            "--to", type=Path, required=True, metavar="HOME", help="新的 PUYOU_HOME，空文件夹"
        )
        parser.add_argument("--at", help="恢复到这一时刻，如 2026-11-26T15:30:00+08:00；缺省为最晚")
        parser.add_argument("--key-file", default="")
        parser.add_argument("--check", action="store_true", help="恢复后核验事件日志并重算全部数字")

    def handle(self, *args: Any, **options: Any) -> None:
        address = options["address"] or settings.address()
        if not address:
            raise problems.NO_STORE()
        moment = _moment(options["at"])
        place = places.open_place(address, keys.given(options["key_file"]))
        said = restoring.restore(place, options["to"].resolve(), moment)
        if options["check"]:
            said["checks"] = restoring.check(options["to"].resolve())
            said["sound"] = said["sound"] and all(said["checks"].values())
        self.report(said)
        if not said["sound"]:
            self.fail_check()


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise problems.BAD_MOMENT(text=text) from error
    if moment.tzinfo is None:
        raise problems.BAD_MOMENT(text=text)
    return moment
