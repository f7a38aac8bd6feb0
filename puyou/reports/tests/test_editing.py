"""The editor: what is written comes back as written, previews as figures, and is kept only when saved."""

import pytest
from django.test import Client
from hypothesis import given

from puyou.accounts.tests import offices
from puyou.core import clock
from puyou.indicators import loading
from puyou.places.queries import get_place
from puyou.reports import editing, layout
from puyou.reports.models import Card
from puyou.reports.tests.test_layout import LAYOUTS

NATION = "000000000000"
NAMES = {"a": "甲", "b": "乙", "c": "同名", "d": "同名"}


def posted(consists):
    """The fields of the editor for a layout, as a browser sends them."""
    said = {}
    for at, section in enumerate(editing.shown(consists, NAMES)):
        said |= {f"s{at}-title": section["title"], f"s{at}-judgement": section["judgement"]}
        for each, tile in enumerate(section["tiles"]):
            said |= {f"s{at}-t{each}-{name}": text for name, text in tile.items() if name != "chart"}
            if tile["chart"]:
                said[f"s{at}-t{each}-chart"] = "on"
    return said


@given(LAYOUTS)
def test_what_the_editor_shows_reads_back_as_it_was(consists):
    assert editing.read_posted(posted(consists), editing.by_name(NAMES)) == consists


@pytest.fixture
def editor(db):
    with clock.frozen(offices.NOW):
        loading.load_card(file=loading.ARTICLE, by="system:test", now=offices.NOW)
        client = Client()
        person = offices.officer("national", "national_regulator", get_place(NATION))
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        made = client.post(
            "/reports/new/",
            {"code": "short", "title": "简表", "place": NATION, "period": "2019", "copied": ""},
        )
        assert made.headers["Location"] == "/reports/short/edit/"
        yield client


FIELDS = {
    "title": "简表", "period": "2019", "source": "", "seen": "1",
    "s0-title": "邮政在乡", "s0-judgement": "站点增加", "s0-t0-indicator": "邮乐购站点",
    "s0-t1-indicator": "新增邮乐购站点",
}  # fmt: skip


def test_a_card_is_composed_previewed_saved_and_read(editor):
    part = editor.post("/reports/short/preview/", FIELDS).content.decode()
    assert "53.8万个" in part and "<html" not in part
    assert Card.objects.get(code="short").layout == []
    moved = editor.post("/reports/short/edit/", FIELDS | {"change": "down:0:0"}).content.decode()
    assert moved.index('value="新增邮乐购站点"') < moved.index('name="s0-t1-indicator"')
    assert Card.objects.get(code="short").version == 1
    assert editor.post("/reports/short/edit/", FIELDS).headers["Location"] == "/reports/short/"
    page = editor.get("/reports/short/").content.decode()
    assert "53.8万个" in page and "站点增加" in page


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"s0-t1-indicator": "没有的"}, 422, "没有指标“没有的”"),
        ({"s0-t1-period": "明年"}, 422, "时期“明年”应写作"),
        ({"s0-title": ""}, 422, "第 1 节：请写标题"),
        ({"period": "十月"}, 422, "十月"),
        ({"title": ""}, 422, "站点增加"),
        ({"seen": "0"}, 409, "已由他人修改"),
        ({"s0-t0-comparison": "odd"}, 422, "没有这种比较"),
    ],
)
def test_what_is_not_right_is_said_and_what_was_written_stays(editor, change, status, words):
    answer = editor.post("/reports/short/edit/", FIELDS | change)
    page = answer.content.decode()
    assert (answer.status_code, words in page, "站点增加" in page) == (status, True, True)
    assert editor.post("/reports/short/preview/", FIELDS | change).status_code == 200
    assert Card.objects.get(code="short").layout == []


def test_only_who_holds_the_cards_place_edits_it(editor):
    other = Client()
    person = offices.officer("province", "provincial_regulator", get_place("52"))
    other.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert other.get("/reports/short/edit/").status_code == 403
    assert other.post("/reports/short/preview/", FIELDS).status_code == 403
    assert other.post("/reports/new/", {"code": "x", "title": "省", "place": NATION}).status_code == 403
    taken = other.post("/reports/new/", {"code": "short", "title": "省", "place": "52", "copied": "short"})
    assert taken.status_code == 409 and "已经有了" in taken.content.decode()
    assert layout.read(Card.objects.get(code="short").layout) == ()
