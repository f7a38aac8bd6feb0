"""How soon the courier's app can be used on a phone whose processor is four times slower, and how much it loads: JSON.

The built files are served from this machine without delay, so that the figure is the phone's own work: until the first
screen stands and the page is idle, cold (nothing kept) and again (shell kept by the worker), several times each.
"""

import json
import statistics
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import FLAGS, chromium

BUILD = Path(__file__).resolve().parents[1] / "puyou" / "fieldwork" / "static" / "fieldwork" / "build"
SLOWED, TIMES = 4, 7
IDLE = "() => new Promise((done) => requestIdleCallback(() => done(performance.now())))"


class Files(SimpleHTTPRequestHandler):
    """The build where the product serves it."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".webmanifest": "application/json",
    }

    def translate_path(self, path: str) -> str:
        name = path.split("?")[0].rsplit("/", 1)[-1]
        return str(BUILD / (name or "index.html"))

    def end_headers(self) -> None:
        self.send_header("Service-Worker-Allowed", "/field/")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: standard output is the result."""


def opened(page: Page, address: str) -> float:
    """Milliseconds from the start of loading until the first screen stands and nothing keeps the page busy."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.goto(address, wait_until="commit")
    page.get_by_role("heading", level=1).wait_for()
    return float(page.evaluate(IDLE))


def both(browser: Browser, address: str) -> tuple[float, float]:
    context = browser.new_context(viewport={"width": 360, "height": 640}, is_mobile=True, locale="zh-CN")
    page = context.new_page()
    cold = opened(page, address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    again = opened(context.new_page(), address)
    context.close()
    return cold, again


def measured(address: str) -> dict[str, float]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        pairs = [both(browser, address) for _ in range(TIMES)]
        browser.close()
    of: Callable[[int], list[float]] = lambda which: [pair[which] for pair in pairs]  # noqa: E731
    return {
        "cold_ms": round(statistics.median(of(0))),
        "cold_worst_ms": round(max(of(0))),
        "again_ms": round(statistics.median(of(1))),
        "again_worst_ms": round(max(of(1))),
    }


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files))
    Thread(target=server.serve_forever, daemon=True).start()
    figures = measured(f"http://127.0.0.1:{server.server_port}/field/")
    server.shutdown()
    print(json.dumps({"bench": "field_start", "processor_slowed": SLOWED, "times": TIMES, **figures}))


if __name__ == "__main__":
    main()
