"""A courier's phone driven by a thumb: what stories do on screen, and what they may look at behind it."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Locator, Page, Route, expect

from puyou.ingest.models import Envelope
from puyou.registry.models import Courier
from tests.browser.conftest import Site
from tests.browser.field.town import Town

PIN = "730619"
API = "**/api/v1/**"
SPOT = {"latitude": 26.8617, "longitude": 104.2822, "accuracy": 15}
SCREEN = {"width": 360, "height": 640}


class Phone:
    """One browser profile with the app in it."""

    def __init__(
        self,
        site: Site,
        browser: Browser,
        town: Town,
        courier: Courier,
        *,
        position: bool = True,
        worker: bool = True,
        viewport: dict[str, int] | None = None,
        **options: Any,
    ) -> None:
        self.site, self.town, self.courier = site, town, courier
        self.recovery = ""
        self.villages = town.villages_of(courier)
        self.broken: list[str] = []
        self.shift = 0
        self._cdp: tuple[Page, CDPSession] | None = None
        self.context: BrowserContext = browser.new_context(
            viewport=viewport or SCREEN,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            is_mobile=True,
            has_touch=True,
            geolocation=SPOT,
            permissions=["geolocation", "camera", "microphone"] if position else ["camera"],
            service_workers="allow" if worker else "block",
            accept_downloads=True,
            **options,
        )
        self.page: Page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.add_init_script(f"window.shift = {self.shift};" + WALL)
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        return page

    def close(self) -> None:
        self.context.close()

    def cdp(self) -> CDPSession:
        """One for a page: what it set off ends with it."""
        if self._cdp is None or self._cdp[0] is not self.page:
            self._cdp = (self.page, self.context.new_cdp_session(self.page))
        return self._cdp[1]

    # What a thumb does

    def open(self, fragment: str = "") -> "Phone":
        self.page.goto(self.site.url(f"/field/{fragment}"))
        return self

    def press(self, word: str, exact: bool = True) -> None:
        self.page.get_by_role("button", name=word, exact=exact).first.click()

    def follow(self, word: str) -> None:
        self.page.get_by_role("link", name=word, exact=True).first.click()

    def choose(self, word: str) -> None:
        self.page.get_by_role("radio", name=word, exact=True).check()

    def go(self, fragment: str) -> None:
        """To a screen by its address, until it is drawn anew: a screen on its way may still show the old one."""
        self.page.evaluate(GO, fragment)
        expect(self.page.locator("[data-old]")).to_have_count(0)
        expect(self.page.locator("#app")).to_have_attribute("data-screen", fragment.split("/")[1] or "round")

    def type_pin(self, pin: str = PIN) -> None:
        self.page.get_by_role("group", name="密码").wait_for()
        self.page.keyboard.type(pin)

    def enrol(self, code: str | None = None) -> "Phone":
        """By the link that the county's QR holds, to today's list."""
        self.open(f"#enrol={code or self.town.code_for(self.courier)}")
        self.press("下一步")
        self.choose_pin()
        self.recovery = self.page.get_by_label("恢复码").inner_text()
        self.press("抄好了，开始用")
        self.page.get_by_role("alertdialog").get_by_role("button", name="抄好了").click()
        expect(self.title).to_contain_text("今天")
        self.list_shown()
        return self

    def choose_pin(self, pin: str = PIN) -> None:
        self.page.get_by_role("group", name="给自己设").wait_for()
        self.page.keyboard.type(pin)
        self.page.get_by_role("group", name="再输入一次").wait_for()
        self.page.keyboard.type(pin)

    def agree(self) -> "Phone":
        self.follow("看告知书")
        self.go("#/consent")  # also when today's list was drawn anew under the thumb
        self.press("同意")
        expect(self.title).to_contain_text("今天")
        return self

    def list_shown(self) -> None:
        expect(self.page.get_by_role("button", name="到了", exact=False).first).to_be_visible()

    def reopen(self, pin: str = PIN) -> "Phone":
        """Closed by the phone, opened again."""
        self.page.close()
        self.page = self.new_page()
        self.open()
        self.unlock(pin)
        return self

    def unlock(self, pin: str = PIN) -> None:
        self.type_pin(pin)
        expect(self.title).not_to_have_text("普邮·通邮")

    def arrive(self, name: str | None = None) -> None:
        word = f"到了{name}" if name else "到了"
        self.page.get_by_role("button", name=word, exact=bool(name)).first.click()
        expect(self.page.get_by_role("button", name="完成")).to_be_visible()

    def visit(self, name: str | None = None, letters: int = 1) -> None:
        """到了, letters, 完成."""
        self.arrive(name)
        for _ in range(letters):
            self.press("信件加一")
        self.finish()

    def write(self, word: str) -> None:
        """A change of the form, until the phone has kept it."""
        before = self.draft()
        self.press(word)
        self.eventually(lambda: self.draft() not in (before, []))

    def draft(self) -> list[dict[str, Any]]:
        return [row for row in self.rows("state") if row["name"] == "draft:visit"]

    def set_out(self) -> "Phone":
        """Out on the round, and the server knows."""
        self.press("出班（开始记路线）")
        self.eventually(lambda: bool(self.sent("round_mark")), 30)
        self.wait_sent()
        return self

    def finish(self) -> None:
        self.press("完成")
        self.kept()

    def kept(self) -> None:
        """Back on today's list, which says that the visit is on the phone."""
        expect(self.page.locator("#app")).to_have_attribute("data-screen", "round")
        expect(self.toast).to_contain_text("已存在手机里：")

    # What it shows

    @property
    def title(self) -> Locator:
        return self.page.get_by_role("heading", level=1).first

    @property
    def status(self) -> Locator:
        return self.page.locator(".status")

    @property
    def toast(self) -> Locator:
        return self.page.locator(".toast:not([hidden])")

    def name(self, number: int) -> str:
        return str(self.villages[number].name)

    def wait_sent(self) -> None:
        """Nothing left in the line, and the status line says so."""
        self.eventually(lambda: not self.waiting(), 30)
        expect(self.status).to_contain_text("全部已上传")

    def waiting(self) -> list[dict[str, Any]]:
        """Envelopes and photos without a receipt."""
        held = [*self.rows("outbox"), *self.rows("photos")]
        return [row for row in held if row["status"] in ("waiting", "sending")]

    # Bad days

    @contextmanager
    def offline(self) -> Iterator[None]:
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)

    @contextmanager
    def answering(self, path: str, handler: Any) -> Iterator[None]:
        """The server as the story wants it, for one address."""
        self.context.route(f"**/api/v1/{path}", handler)
        yield
        self.context.unroute(f"**/api/v1/{path}", handler)

    def shift_clock(self, *, days: float = 0, hours: float = 0) -> None:
        """Set the wall clock off; the clock that nobody can set runs on. Holds for pages opened later, too."""
        self.shift = int((days * 24 + hours) * 3_600_000)
        self.page.evaluate("ms => { window.shift = ms }", self.shift)

    def give_room(self, megabytes: int | None = None) -> "Phone":
        """How much the browser lets the app keep; to be said before the first opening: it remembers what was left."""
        room = {} if megabytes is None else {"quotaSize": megabytes * 1_000_000}
        self.cdp().send("Storage.overrideQuotaForOrigin", {"origin": self.site.address, **room})
        return self

    def sweep(self, kinds: str) -> None:
        """The phone's manager clears data of the app while it is closed: `indexeddb`, or `all`."""
        self.page.goto("about:blank")
        told = {"origin": self.site.address, "storageTypes": kinds}
        self.cdp().send("Storage.clearDataForOrigin", told)

    def fill_up(self) -> None:
        """Take what room is left, to the last bit."""
        self.page.evaluate(FILL)

    def copied(self) -> int:
        """Envelopes in the second copy, and one for the means to send them."""
        keys = (
            "caches.open('puyou-outbox-copy:puyou-field').then((one) => one.keys()).then((all) => all.length)"
        )
        return int(self.page.evaluate(keys))

    def export(self) -> tuple[Path, str]:
        """The outbox as a file, and its key."""
        self.go("#/files")
        self.press("导出成文件")
        key = self.page.get_by_label("文件口令").inner_text()
        with self.page.expect_download() as download:
            self.follow("把文件存到手机")
        return Path(download.value.path()), key

    def import_file(self, file: Path, key: str) -> None:
        self.go("#/files")
        self.page.get_by_label("选择导出的文件").set_input_files(file)
        self.page.get_by_label("口令", exact=True).fill(key)
        self.press("恢复")

    # What the server has

    def settle(self) -> None:
        """Send what waits and wait for it."""
        self.page.evaluate("() => void window.dispatchEvent(new Event('online'))")
        self.wait_sent()

    def envelopes(self) -> list[dict[str, Any]]:
        """What the server took from this courier's phones, by counter."""
        rows = Envelope.objects.filter(courier_id=self.courier.pk)
        bodies = [json.loads(bytes(row.body)) for row in rows]
        return sorted(bodies, key=lambda body: int(body["counter"]))

    def sent(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.envelopes() if one["kind"] == kind]

    def visits(self) -> list[dict[str, Any]]:
        return self.sent("visit")

    def eventually(self, holds: Callable[[], bool], seconds: float = 15) -> None:
        """Until the worker has done it."""
        until = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < until, "it did not come about"
            self.page.wait_for_timeout(100)

    def rows(self, store: str) -> list[dict[str, Any]]:
        """What IndexedDB holds, as far as it is text."""
        return list(self.page.evaluate(READ, store))


WALL = """
  const Real = Date;
  window.Date = class extends Real {
    constructor(...given) { super(...(given.length ? given : [Real.now() + window.shift])); }
    static now() { return Real.now() + window.shift; }
  };
"""
GO = """hash => {
    for (const one of document.querySelector('#content').children) one.dataset.old = '';
    if (location.hash === hash) dispatchEvent(new HashChangeEvent('hashchange'));
    else location.hash = hash;
}"""

FILL = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("pictures");
  opening.onupgradeneeded = () => opening.result.createObjectStore("all", { autoIncrement: true });
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = async () => {
    const put = (size) => new Promise((done) => {
      const bytes = new Uint8Array(size);
      for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
      const writing = opening.result.transaction("all", "readwrite");
      writing.objectStore("all").put(bytes);
      writing.oncomplete = () => done(true);
      writing.onabort = () => done(false);
    });
    for (const size of [1 << 20, 1 << 16, 1 << 12, 1 << 8, 1]) while (await put(size));
    opening.result.close();
    resolve();
  };
})"""
READ = """store => new Promise((resolve, reject) => {
  const opening = indexedDB.open("puyou-field");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const all = opening.result.transaction(store).objectStore(store).getAll();
    all.onsuccess = () => { opening.result.close(); resolve(JSON.parse(JSON.stringify(all.result))); };
    all.onerror = () => reject(all.error);
  };
})"""


def fails(status: int, body: str = "", **headers: str) -> Any:
    """A handler that answers so, and counts."""

    def handle(route: Route) -> None:
        handle.times += 1  # type: ignore[attr-defined]
        route.fulfill(status=status, body=body, headers=headers)

    handle.times = 0  # type: ignore[attr-defined]
    return handle
