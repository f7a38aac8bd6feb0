"""List the backups of a place."""

from datetime import datetime
from typing import Any

from django.core.management.base import CommandParser

from puyou.config.backups import keys, places, problems, settings
from puyou.core.commands import ReportCommand
from puyou.core.formats import moment


class Command(ReportCommand):
    help = "列出备份：每份基础备份的时间和大小，预写日志归档到哪里"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--from", dest="address", help="备份位置；缺省为环境变量 PUYOU_BACKUP_URL")
        parser.add_argument("--key-file", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        address = options["address"] or settings.address()
        if not address:
            raise problems.NO_STORE()
        place = places.open_place(address, keys.given(options["key_file"]))
        bases, files = place.bases(), len(place.has("files"))
        log = sorted((at, name) for name, _, at in place.store.names("wal"))
        if self.as_json:
            self._as_json(bases, files, log)
            return
        for base in bases:
            self.stdout.write(f"{base['id']}　{base['finished_at']}　{base['bytes'] / 2**20:,.1f} MiB")
        until = f"，归档到 {moment(log[-1][0])}" if log else ""
        self.stdout.write(f"基础备份 {len(bases)} 份，证据文件 {files} 个，预写日志 {len(log)} 段{until}")

    def _as_json(self, bases: list[dict[str, Any]], files: int, log: list[tuple[datetime, str]]) -> None:
        told = ("id", "started_at", "finished_at", "bytes")
        self.report(
            {
                "bases": [{key: base[key] for key in told} for base in bases],
                "files": files,
                "segments": len(log),
                "last_segment": log[-1][1].removeprefix("wal/") if log else None,
                "last_segment_at": log[-1][0] if log else None,
            }
        )
