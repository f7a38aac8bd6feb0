"""Prints the description of the API, kept in docs/openapi.json and compared by a test."""

import json
from typing import Any

from django.core.management.base import BaseCommand


def description() -> str:
    """The OpenAPI document as it is committed."""
    from puyou.config.api import api  # noqa: PLC0415 - the whole API, only for those who ask

    return json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=2) + "\n"


class Command(BaseCommand):
    """``puyou openapi > docs/openapi.json``."""

    help = "输出接口说明（OpenAPI）"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(description(), ending="")
