"""`puyou demo_accounts`: make sure that the demo accounts exist, and print them."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from puyou.accounts import actions
from puyou.core import clock
from puyou.core.commands import ReportCommand


class Command(ReportCommand):
    help = "准备演示账号并打印用户名和密码；连接外部数据库时拒绝"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--place", default="52", help="省、市或县的代码，默认 52")
        parser.add_argument("--renew", action="store_true", help="全部换新密码")

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = actions.create_demo_accounts(
            now=clock.now(), place_code=options["place"], renew=options["renew"]
        )
        if self.as_json:
            self.report({"accounts": [asdict(account) for account in accounts]})
            return
        for account in accounts:
            told = account.password or "（密码已改；加 --renew 换新）"
            self.stdout.write(f"{account.username:<16}{told:<22}{account.role}")
