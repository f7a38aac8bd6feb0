"""`puyou create_account`: one account with its post and role, for an installation that has nobody yet."""

from typing import Any

from django.core.management.base import CommandParser

from puyou.accounts import actions, problems, queries, roles
from puyou.accounts.scopes import Scope
from puyou.core import clock
from puyou.core.commands import ReportCommand
from puyou.places import queries as places


class Command(ReportCommand):
    help = "开立一个账号并任职授权，打印一次性密码"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--username", required=True, help="用户名")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--role", required=True, help="角色：" + "、".join(roles.BY_CODE))
        parser.add_argument("--place", required=True, help="地区代码，2、4、6、9 或 12 位")
        parser.add_argument("--organisation", help="机构名称；不给时用该地区的机构，没有则新设")

    def handle(self, *args: Any, **options: Any) -> None:
        by = Scope.system("create_account")
        organisation = None
        if options["organisation"]:
            organisation = queries.list_organisations(by).filter(name=options["organisation"]).first()
            if organisation is None:
                raise problems.UNKNOWN_ORGANISATION(name=options["organisation"])
        user, password = actions.open_account(
            username=options["username"],
            name=options["name"],
            role=options["role"],
            place=places.get_place(options["place"]),
            organisation=organisation,
            by=by,
            now=clock.now(),
        )
        self.report({"username": user.username, "name": user.name, "password": password})
