"""A supervisor and their phone: what stories do with it, and how its office appointed them."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from playwright.sync_api import Page, expect

from puyou.cases.supervisors import actions
from puyou.cases.supervisors.models import Checklist, Supervisor, SupervisorTask
from puyou.core import clock
from puyou.places.queries import get_place
from tests.browser.cases.desk import COUNTY, PHONE, Desk
from tests.browser.field.phone import READ

PIN = "730619"
NAME = "欧阳监督"


class Watcher:
    """Somebody appointed by the desk's officer for the story's village, with a phone in their hand."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.person = self._appointed()
        self.context = desk.browser.new_context(
            viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", is_mobile=True, has_touch=True,
            geolocation={"latitude": 26.8617, "longitude": 104.2822, "accuracy": 15},
            permissions=["geolocation", "camera"],
        )  # fmt: skip
        desk.contexts.append(self.context)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("pageerror", lambda error: desk.broken.append(str(error)))

    def _how(self) -> dict[str, Any]:
        return {
            "scope": self.desk.actor(self.desk.officer).scope,
            "by": self.desk.officer,
            "now": clock.now(),
        }

    def _appointed(self) -> Supervisor:
        today, how = clock.today(), self._how()
        held = actions.open_round(
            place=get_place(COUNTY), title=f"第 {self.desk.number} 次选聘", places=1, first=today,
            last=today + timedelta(days=30), **how,
        )  # fmt: skip
        candidate = actions.enter_candidate(
            round_id=held.pk, place=self.desk.village, name=NAME, phone=f"139850{self.desk.number:05}",
            background="village", employer="", channel="open", recommended_by="", area_class="rural", statement="",
            **how,
        )  # fmt: skip
        actions.review_candidate(candidate_id=candidate.pk, decision="approved", ground="符合条件", **how)
        return actions.appoint_candidate(candidate_id=candidate.pk, first=today, **how)

    def task(self, code: str = "village_delivery", title: str = "看看投递") -> SupervisorTask:
        checklist = Checklist.objects.get(code=code, valid_to=None)
        (made,) = actions.issue_tasks(
            places=[self.desk.village], checklist_id=checklist.pk, title=title, words="请当面问村民",
            supervisors=[self.person.pk], due=clock.today() + timedelta(days=7), **self._how(),
        )  # fmt: skip
        return made

    # What a thumb does

    def enrol(self, link: str) -> None:
        """By the link that the office shows, to the tasks."""
        self.page.goto(link)
        expect(self.page.get_by_text("您是谁，邮政企业不会知道")).to_be_visible()
        self.press("下一步")
        for word in ("给自己设", "再输入一次"):
            self.page.get_by_role("group", name=word).wait_for()
            self.page.keyboard.type(PIN)
        self.page.get_by_label("恢复码").wait_for()
        self.press("抄好了，开始用")
        self.page.get_by_role("alertdialog").get_by_role("button", name="抄好了").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("监督任务")
        expect(self.page.get_by_text("任务取于")).to_be_visible()

    def link(self) -> str:
        """A link as the office gives it, without walking its pages."""
        how = self._how()
        code = actions.issue_link(supervisor=self.person, scope=how["scope"], by="user:1", now=how["now"])
        return self.desk.site.url(f"/field/#supervise={code}")

    def press(self, word: str) -> None:
        self.page.get_by_role("button", name=word, exact=True).first.click()

    def choose(self, question: str, answer: str) -> None:
        """An answer to a point of a list."""
        box = self.page.get_by_role("group", name=re.compile(f"^{re.escape(question)}"))
        box.get_by_role("radio", name=answer, exact=True).check()

    def photo(self, word: str) -> None:
        self.press(word)
        sheet = self.page.locator(".sheet")
        sheet.get_by_role("button", name="拍照").click()
        expect(self.page.get_by_alt_text("第 1 张照片")).to_be_visible()

    def go(self, fragment: str) -> None:
        self.page.evaluate("hash => { location.hash = hash }", fragment)

    def saved(self) -> None:
        """The phone says that it has it."""
        expect(self.page.locator(".toast:not([hidden])")).to_contain_text("已存在手机里")

    def send(self) -> None:
        """Until everything written has a receipt, and the status line says so."""
        self.page.evaluate("() => void window.dispatchEvent(new Event('online'))")
        until = time.monotonic() + 20
        while self._waiting():
            assert time.monotonic() < until, "it was not sent"
            self.page.wait_for_timeout(100)
        expect(self.page.locator(".status")).to_contain_text("全部已上传")

    def _waiting(self) -> bool:
        rows = [row for store in ("outbox", "photos") for row in self.page.evaluate(READ, store)]
        return any(row["status"] in ("waiting", "sending") for row in rows)

    def news(self) -> None:
        """The latest from the office."""
        self.go("#/reports")
        self.press("看最新进展")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("我的反映")

    @contextmanager
    def offline(self) -> Iterator[None]:
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)

    def keep(self, name: str) -> None:
        """What the phone shows, for people to look at; nothing wider than its screen."""
        folder = settings.PUYOU_HOME / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"watch-{name}.png", full_page=True)
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
