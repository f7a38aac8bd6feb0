"""Back the system up: a base, or the log continuously."""

import signal
import threading
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from puyou.config.backups import base, keys, places, problems, settings, wal
from puyou.core.commands import ReportCommand


class Command(ReportCommand):
    help = (
        "备份到文件夹或 S3 兼容存储，加密；--wal 持续归档预写日志（serve 在设有 PUYOU_BACKUP_URL 时自动运行）"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--to", help="文件夹，或 s3://桶/前缀；缺省为环境变量 PUYOU_BACKUP_URL")
        parser.add_argument("--key-file", default="", help="密钥文件；缺省为环境变量 PUYOU_BACKUP_KEY_FILE")
        parser.add_argument("--make-key", type=Path, metavar="FILE", help="生成密钥文件后结束；请另行保管")
        parser.add_argument("--wal", action="store_true", help="持续归档预写日志和新的证据文件")
        parser.add_argument("--once", action="store_true", help="与 --wal 同用：送出到此刻为止的一切后结束")
        parser.add_argument("--end-wal", action="store_true", help="停止持续归档，数据库不再为它保留日志")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["make_key"]:
            keys.make_file(options["make_key"])
            self.report({"key_file": str(options["make_key"])})
            return
        if options["end_wal"]:
            self.report({"ended": wal.end_slot()})
            return
        address = options["to"] or settings.address()
        if not address:
            raise problems.NO_STORE()
        place = places.open_place(address, keys.given(options["key_file"]), make=True)
        if options["wal"]:
            self._archive(place, options["once"])
            return
        manifest = base.take(place)
        kept = ("id", "started_at", "finished_at", "bytes", "files_added", "removed", "figures")
        self.report({"to": address, "verified": True} | {key: manifest[key] for key in kept})

    def _archive(self, place: places.Place, once: bool) -> None:
        archiver = wal.Archiver(place)
        if once:
            try:
                self.report(archiver.round())
            finally:
                archiver.end()
            return
        stopping = threading.Event()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_: stopping.set())
        archiver.run(stopping)
