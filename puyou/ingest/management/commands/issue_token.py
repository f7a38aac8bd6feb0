"""Issues a device's key to the door, until enrolment on the phone itself exists."""

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.ingest import actions, enrolment


class Command(ReportCommand):
    """``puyou issue_token --courier K --device D``; both are registered when they are not known yet."""

    help = "发放设备令牌；投递员和设备尚未登记的，同时登记（输出中注明）。令牌只显示这一次。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--courier", required=True, help="投递员编号")
        parser.add_argument("--device", required=True, help="设备标识")
        parser.add_argument("--name", default="", help="投递员姓名（仅在新登记时使用）")

    @transaction.atomic
    def handle(self, *args: Any, courier: str, device: str, name: str, **options: Any) -> None:
        by, now = "system:issue_token", clock.now()
        enrolled = enrolment.enrol(number=courier, identifier=device, name=name, by=by, now=now)
        text = actions.issue_token(courier=enrolled.courier, device=enrolled.device, by=by, now=now)
        self.report(
            {
                "token": text,
                "courier": enrolled.courier.number,
                "device": enrolled.device.identifier,
                "issued_at": now,
                "registered": enrolled.registered,
            }
        )
