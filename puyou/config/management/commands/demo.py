"""Everything from nothing: data, a simulated nation, web and worker."""

import os
import socket
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from puyou.accounts import actions as accounts
from puyou.accounts import roles
from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.cases.supervisors import actions as appointing
from puyou.cases.supervisors.models import Supervisor
from puyou.config import embedded, processes, reference
from puyou.core import clock
from puyou.core.problems import Problem
from puyou.core.progress import step
from puyou.indicators import loading
from puyou.ingest import actions as ingest
from puyou.ingest import codes
from puyou.places import queries as places
from puyou.plans import actions as plans
from puyou.registry.models import Duty
from puyou.reports import actions as cards
from puyou.simulator import actions as simulator
from puyou.simulator import ledgers, matters, reports, returns, supervisors

BY = "system:demo"
DATA = Path(settings.DATA_DIR)


class Command(BaseCommand):
    help = "演示：装载参考数据、生成模拟数据、运行网站（Ctrl-C 结束）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--place", default="000000000000", help="只模拟这个地方，例如 52")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--seed", type=int, default=2026)

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            self._require_free(options["port"])
            self._prepare(options["place"], options["seed"])
            self.stderr.write(f"准备完成，用时 {time.monotonic() - began:.0f} 秒")
            self._introduce(options["port"], options["place"], options["seed"])
        except Problem as problem:
            self.stderr.write(problem.message)
            sys.exit(2)
        except KeyboardInterrupt:
            connection.close()
            embedded.stop()
            sys.exit(130)
        connection.close()
        serve = ["-m", "puyou.config.cli", "serve", "--port", str(options["port"]), "--end-database"]
        os.execv(sys.executable, [sys.executable, *serve])  # a simulation's memory is not kept while serving

    def _require_free(self, port: int) -> None:
        if processes.alive():
            self.stderr.write("已经在运行；先执行 make stop")
            sys.exit(2)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                self.stderr.write(f"端口 {port} 已被占用；用 make demo PORT=其他端口")
                sys.exit(2)

    def _prepare(self, place_code: str, seed: int) -> None:
        with step("建立数据表"):
            call_command("migrate", verbosity=0, interactive=False)
        if simulator.is_interrupted():
            self._start_again()
        reference.load(by=BY, now=clock.now())
        if not Duty.objects.exists():
            simulator.simulate(place=places.get_place(place_code), seed=seed, by=BY, now=clock.now())

    def _start_again(self) -> None:
        self.stderr.write("上次模拟没有完成，从头生成")
        connection.close()
        embedded.destroy()
        embedded.ensure()
        call_command("migrate", verbosity=0, interactive=False)

    def _introduce(self, port: int, place_code: str, seed: int) -> None:
        said = accounts.create_demo_accounts(now=clock.now(), place_code=_home_of(place_code))
        _tell_matters([account.username for account in said], seed)
        self.stdout.write(f"\n普邮演示　http://127.0.0.1:{port}/　（模拟数据）\n")
        for account in said:
            self.stdout.write(
                f"  {account.username:<24}{account.password or '（密码已修改）':<24}{account.name}"
            )
        self._enrol(port, place_code)
        self._enrol_supervisor(port)
        self.stdout.write("")
        self.stdout.flush()

    def _enrol(self, port: int, place_code: str) -> None:
        """A code for one simulated courier, so that a newcomer can open the field app as a courier does."""
        courier = simulator.shown_courier(places.get_place(_home_of(place_code)))
        if courier is None:
            return
        code = ingest.issue_enrolment_code(courier=courier, by=BY, now=clock.now())
        self.stdout.write(
            f"\n现场应用 http://127.0.0.1:{port}/field/{codes.fragment(code)}"
            f"　投递员 {courier.name}（{courier.number}），开通码 {codes.spaced(code)}，24 小时内一次有效"
        )

    def _enrol_supervisor(self, port: int) -> None:
        """A link for one simulated supervisor, so that a newcomer can open the field app as a citizen does."""
        without = Supervisor.objects.filter(assignments__isnull=False, links__phone=None)
        person = without.order_by("pk").first()
        if person is None:
            return
        scope = Scope.system("demo")
        code = appointing.issue_link(supervisor=person, scope=scope, by=BY, now=clock.now())
        self.stdout.write(
            f"监督员手机 http://127.0.0.1:{port}/field/#supervise={code}"
            f"　监督员 {person.name}（{person.number}），24 小时内一次有效"
        )


def _tell_matters(usernames: list[str], seed: int) -> None:
    """Cases of the county where the demo's company sits, dealt with by the demo's own people."""
    officer, company = (
        User.objects.get(username=next(name for name in usernames if name.startswith(kind.demo)))
        for kind in (roles.CITY, roles.COMPANY)
    )
    county = company.appointments.select_related("post__organisation__place").latest("pk")
    place, now = county.post.organisation.place, clock.now()
    with step("办理整改（模拟）"):
        matters.tell(county=place, officer=officer, company=company, seed=seed, now=now)
    with step("办理社会监督反映（模拟）"):
        reports.tell(county=place, officer=officer, company=company, seed=seed, now=now)
    with step("选聘监督员（模拟）"):
        supervisors.tell(county=place, officer=officer, seed=seed, now=now)
    with step("登记台账（模拟）"):
        ledgers.tell(county=place, officer=officer, company=company, seed=seed, now=now)
    with step("填报（模拟）"):
        returns.tell(people=_fillers(usernames), seed=seed, now=now)
    with step("装载 2019 年成绩单公布的数字"):
        loading.load_card(file=loading.ARTICLE, by=BY, now=now)
        cards.load_cards(scope=Scope.system("cards"), now=now)
    with step("装载已公布的规划和任务表"):
        plans.load_plans(path=DATA / "plans" / "plans.json", by="system:plans", now=now)
        plans.load_tasks(path=DATA / "tasks" / "2020.json", by="system:plans", now=now)


def _fillers(usernames: list[str]) -> dict[str, User]:
    """Who fills, signs and checks the returns of the company and of the province."""
    beginnings = {
        "company": roles.COMPANY.demo, "company_head": f"{roles.COMPANY.demo}-head", "company_checker": roles.CITY.demo,
        "province": roles.PROVINCIAL.demo, "province_head": f"{roles.PROVINCIAL.demo}-head",
        "province_checker": roles.NATIONAL.demo,
    }  # fmt: skip
    return {
        part: User.objects.get(username=next(name for name in usernames if name.startswith(beginning)))
        for part, beginning in beginnings.items()
    }


def _home_of(place_code: str) -> str:
    """Where the demo's provincial people sit: the place itself, or the county told visit by visit."""
    preferred = places.get_place(simulator.PREFERRED_COUNTY)
    return preferred.code if preferred.path.startswith(places.get_place(place_code).path) else place_code
