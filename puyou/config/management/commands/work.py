"""Run the background jobs."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from puyou.core import work


class Command(BaseCommand):
    help = "运行后台作业"

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_: stopping.set())
        work.run(stopping)
