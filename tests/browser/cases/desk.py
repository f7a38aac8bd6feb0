"""Two offices and a company around three villages, and their browsers."""

from datetime import date

from django.conf import settings
from django.db import transaction
from playwright.sync_api import Browser, BrowserContext, Page

from puyou.accounts.models import Appointment, Grant, User
from puyou.accounts.tests.offices import PASSWORD, neighbour, officer
from puyou.cases.models import Case
from puyou.cases.names import Actor
from puyou.cases.tests.cast import actor
from puyou.compliance import actions as compliance
from puyou.compliance.tests import cast
from puyou.core import clock
from puyou.core.periods import Week
from puyou.places.queries import get_place
from tests.browser.conftest import Site

COUNTY = "520526"
VILLAGES = 3
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


class Desk:
    """Three villages that nobody served eight weeks ago, an officer, a colleague, a stranger and the company."""

    def __init__(self, site: Site, browser: Browser, number: int) -> None:
        self.site, self.browser, self.number = site, browser, number
        self.contexts: list[BrowserContext] = []
        self.broken: list[str] = []
        self.missed = Week.of(clock.today()).shift(-8)
        county = get_place(COUNTY)
        self.villages = cast.villages_of(COUNTY, (number + 1) * VILLAGES)[-VILLAGES:]
        self.village = self.villages[0]
        for village in self.villages:
            cast.lay_duty(village, first=self.missed.monday)
        province = get_place("52")
        self.officer = self._person("officer", "provincial_regulator", province)
        self.colleague = self._person("colleague", "city_regulator", county)
        self.company = self._person("company", "company_manager", county)
        self.stranger = self._person("stranger", "provincial_regulator", neighbour())
        Grant.objects.update(valid_from=date(2020, 1, 1))
        Appointment.objects.update(valid_from=date(2020, 1, 1))

    def _person(self, name: str, role: str, place: object) -> User:
        names = {"officer": "省局甲", "colleague": "市局乙", "company": "企业丙", "stranger": "外省丁"}
        return officer(f"{name}{self.number}", role, place, names[name])  # type: ignore[arg-type]

    def actor(self, user: User) -> Actor:
        return actor(user)

    def serve(self, weeks: range, days: int = 3) -> None:
        """Villages served on so many days of the weeks that follow the missed one by 1, 2, …"""
        with transaction.atomic():
            for village in self.villages:
                for at in weeks:
                    cast.serve(village, cast.days_from(self.missed.shift(at).monday, days))
        compliance.judge_pending(clock.now())

    def page(self, user: User, size: dict[str, int] | None = None) -> Page:
        """Somebody signed in, in a browser of their own."""
        context = self.browser.new_context(viewport=size or DESKTOP, locale="zh-CN", accept_downloads=True)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.goto(self.site.url("/login/"))
        page.fill("input[name=username]", user.username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
        return page

    def go(self, page: Page, path: str) -> None:
        page.goto(self.site.url(path))

    def case(self) -> Case:
        """The newest case of the story's villages."""
        return Case.objects.filter(rectified_weeks__place__in=self.villages).latest("pk")

    def keep(self, page: Page, name: str) -> None:
        """What the page looks like, for people to look at; and nothing wider than the screen."""
        folder = settings.PUYOU_HOME / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"cases-{name}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name

    def close(self) -> None:
        for context in self.contexts:
            context.close()
