"""Bad days on the way: ten days without signal, lost answers, servers that fail in every way, killed pages."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.field.phone import Phone, fails

Make = Callable[..., Phone]


def envelopes_in(route: Route) -> list[dict[str, Any]]:
    return list(json.loads(route.request.post_data or "{}")["envelopes"])


def test_ten_days_without_signal_then_everything_arrives(phone: Phone) -> None:
    phone.settle()
    phone.context.set_offline(True)
    for day in range(10):
        phone.shift_clock(days=day - 9)
        phone.go("#/mine")
        phone.go("#/")
        phone.visit(phone.name(day % 5))
    phone.go("#/outbox")
    expect(phone.status).to_contain_text("条待上传，最早 9 天前")
    phone.context.set_offline(False)
    phone.settle()
    assert len({visit["happened_at"][:10] for visit in phone.visits()}) == 10
    assert phone.status.inner_text().startswith("全部已上传")


def test_airplane_mode_during_sending_loses_nothing_and_repeats_nothing(phone: Phone) -> None:
    phone.settle()

    tried: list[int] = []

    def lost(route: Route) -> None:
        tried.append(0)
        if len(tried) == 1:
            route.fetch()
        route.abort()
        tried.append(1)

    with phone.answering("envelopes", lost):
        with phone.offline():
            phone.visit(phone.name(3))
        phone.eventually(lambda: 1 in tried)
        assert phone.visits()
        expect(phone.status).to_contain_text("待上传")
    phone.settle()
    assert len(phone.visits()) == 1


def test_killed_while_saving_it_is_kept_whole_or_not_at_all(phone: Phone) -> None:
    for number in (3, 4):
        phone.arrive(phone.name(number))
        phone.write("信件加一")
        phone.page.evaluate("() => document.querySelector('.foot .main').click()")
        phone.reopen()
        if phone.page.get_by_text("还没写完").is_visible():
            phone.follow("接着写")
            phone.finish()
    phone.settle()
    counters = [envelope["counter"] for envelope in phone.envelopes()]
    assert counters == list(range(1, len(counters) + 1))
    assert len({visit["payload"]["village"] for visit in phone.visits()}) == 2


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, "boom"), (200, "<html>登录上网</html>"), (200, '{"receipts": ['), (503, "")],
    ids=["error", "garbage", "half", "unavailable"],
)
def test_whatever_the_server_says_nothing_leaves_before_its_receipt(
    phone: Phone, status: int, body: str
) -> None:
    phone.settle()
    handler = fails(status, body)
    with phone.answering("envelopes", handler):
        phone.visit(phone.name(3))
        phone.go("#/outbox")
        phone.press("现在上传")
        expect(phone.page.get_by_text("已存在手机里", exact=True).first).to_be_visible()
        expect(phone.status).to_contain_text("待上传")
        assert handler.times >= 1
    phone.settle()
    assert len(phone.visits()) == 1


def test_too_many_asks_to_wait_and_then_it_goes_through(phone: Phone) -> None:
    phone.settle()
    busy = json.dumps({"code": "core.busy", "message": "太频繁，请稍候", "details": {}})
    handler = fails(429, busy, **{"Retry-After": "1", "Content-Type": "application/json"})
    with phone.answering("envelopes", handler):
        phone.visit(phone.name(3))
        phone.go("#/outbox")
        phone.press("现在上传")
        expect(phone.status).to_contain_text("待上传")
        assert handler.times >= 1
    phone.settle()
    assert len(phone.visits()) == 1


def test_a_batch_too_large_is_halved(phone: Phone) -> None:
    phone.settle()
    sizes: list[int] = []

    def small_only(route: Route) -> None:
        size = len(envelopes_in(route))
        sizes.append(size)
        route.fulfill(
            status=413, json={"code": "ingest.too_large", "message": "太大"}
        ) if size > 1 else route.continue_()

    with phone.answering("envelopes", small_only):
        with phone.offline():
            phone.visit(phone.name(3))
            phone.visit(phone.name(4))
        phone.settle()
    assert max(sizes) > 1 and sizes[-1] == 1
    assert len(phone.visits()) == 2


def test_a_refused_one_stays_visible_with_its_reason(phone: Phone) -> None:
    phone.set_out()

    def refuse(route: Route) -> None:
        asked = envelopes_in(route)
        receipts = [
            {"id": one["id"], "status": "refused", "code": "visits.unknown_village", "message": "没有这个村"}
            for one in asked
        ]
        route.fulfill(json={"receipts": receipts, "nonce": "", "server_time": "2026-11-25T10:00:00+08:00"})

    with phone.answering("envelopes", refuse):
        phone.visit(phone.name(3))
        expect(phone.status).to_contain_text("1 条被退回")
        phone.go("#/outbox")
        expect(phone.page.get_by_text("没有这个村")).to_be_visible()
    phone.page.get_by_role("link", name=phone.name(3)).click()
    expect(phone.page.get_by_text("这一条还留在手机里")).to_be_visible()
    phone.press("再传一次")
    expect(phone.page.get_by_text("收到回执")).to_be_visible(timeout=20_000)
    assert len(phone.visits()) == 1
