"""Ends a device's keys to the door, as when a phone is lost."""

from typing import Any

from django.core.management.base import CommandParser

from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.ingest import actions, problems
from puyou.registry.models import Device


class Command(ReportCommand):
    """``puyou revoke_token --device D``: every valid token of the device."""

    help = "停用一台设备的全部有效令牌，立即生效。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--device", required=True, help="设备标识")

    def handle(self, *args: Any, device: str, **options: Any) -> None:
        now = clock.now()
        known = Device.objects.filter(identifier=device.strip()).first()
        if known is None:
            raise problems.UNKNOWN_TOKEN(device=device[:64])
        ended = actions.revoke_tokens(device=known, by="system:revoke_token", now=now)
        self.report({"device": known.identifier, "revoked": ended, "revoked_at": now})
