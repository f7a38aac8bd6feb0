"""Files are shown by a link made for one person and ten minutes, and every look is on record."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from puyou.accounts.tests.offices import neighbour, officer, signed_in
from puyou.core import clock
from puyou.core.models import Event
from puyou.evidence import actions, links, showing, storage
from puyou.evidence.tests import scenes
from puyou.evidence.tests.conftest import NOW, Made, photo
from puyou.places.queries import get_place

VIEWS = ["evidence_file", "evidence_bytes", "evidence_small"]


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    with clock.frozen(NOW):
        yield


@pytest.fixture
def person(db):
    return officer("one", "provincial_regulator", get_place("52"))


@pytest.fixture
def other(db):
    return officer("two", "provincial_regulator", neighbour())


@pytest.fixture
def made(db):
    made = photo()
    made.bring(), made.mention("visit:1")
    actions.examine_waiting(now=NOW)
    return made


def views():
    return list(Event.objects.filter(kind="file.viewed").order_by("id"))


def test_a_link_shows_the_file_and_the_look_is_recorded(person, made):
    client = signed_in(person)
    page = client.get(links.sign(made.sha256, person, NOW, purpose="visit:1")).content.decode()
    assert made.sha256 in page and "640 × 480" in page and "未见重复或相似" in page
    assert views() == []
    address = page.split('<img src="')[1].split('"')[0].replace("&amp;", "&")
    answer = client.get(address)
    assert answer.content == made.data and answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == f'inline; filename="{made.sha256[:12]}.jpg"'
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    (event,) = views()
    assert (event.subject, event.actor) == (f"file:{made.sha256}", f"user:{person.pk}")
    assert event.data == {"purpose": "visit:1", "view": "whole"}


def test_the_small_picture_is_made_once_and_recorded_each_time(person, made):
    client, address = signed_in(person), links.sign(made.sha256, person, NOW, view="evidence_small")
    first = client.get(address)
    assert first["Content-Type"] == "image/jpeg" and 0 < len(first.content) < len(made.data)
    written = storage.small_of(made.sha256).stat().st_mtime_ns
    assert client.get(address).content == first.content
    assert storage.small_of(made.sha256).stat().st_mtime_ns == written
    assert [event.data["view"] for event in views()] == ["small", "small"]


@pytest.mark.parametrize("view", VIEWS)
class TestRefusals:
    def refused(self, client, address):
        answer = client.get(address)
        assert answer.status_code == 403 and made_nothing(answer)
        assert views() == []

    def test_nobody_without_signing_in(self, client, person, made, view):
        answer = client.get(links.sign(made.sha256, person, NOW, view=view))
        assert answer.status_code == 302 and answer["Location"].startswith("/login/")
        assert views() == []

    def test_another_province_cannot_use_a_strangers_link(self, person, other, made, view):
        self.refused(signed_in(other), links.sign(made.sha256, person, NOW, view=view))

    def test_a_link_ends(self, person, made, view):
        address = links.sign(made.sha256, person, NOW, view=view)
        client = signed_in(person)
        with clock.frozen(NOW + timedelta(minutes=10)):
            assert client.get(address).status_code == 200
        Event.objects.filter(kind="file.viewed")
        with clock.frozen(NOW + timedelta(minutes=10, seconds=1)):
            assert client.get(address).status_code == 403

    def test_a_link_from_the_future_is_none(self, person, made, view):
        self.refused(
            signed_in(person), links.sign(made.sha256, person, NOW + timedelta(minutes=2), view=view)
        )

    @pytest.mark.parametrize("key", ["", "x", "x:y", "x" * 5000, "%00", "标记"])
    def test_a_made_up_key(self, person, made, view, key):
        address = links.sign(made.sha256, person, NOW, view=view).split("?")[0]
        self.refused(signed_in(person), f"{address}?key={key}")
        self.refused(signed_in(person), address)

    def test_a_key_of_another_file(self, person, made, view):
        key = links.sign("ab" * 32, person, NOW, view=view).split("?")[1]
        address = links.sign(made.sha256, person, NOW, view=view).split("?")[0]
        self.refused(signed_in(person), f"{address}?{key}")

    def test_a_file_that_has_not_come(self, person, view):
        answer = signed_in(person).get(links.sign("ab" * 32, person, NOW, view=view))
        assert answer.status_code == 404 and "尚未收齐" in answer.content.decode()

    def test_no_hash_at_all(self, person, view):
        assert signed_in(person).get(links.sign("nothing", person, NOW, view=view)).status_code == 422

    def test_posting_is_not_looking(self, person, made, view):
        assert signed_in(person).post(links.sign(made.sha256, person, NOW, view=view)).status_code == 405


def made_nothing(answer) -> bool:
    return b"\xff\xd8\xff" not in answer.content


def test_an_expired_file_says_so(person, made):
    with clock.frozen(NOW + timedelta(days=400)):
        now = clock.now()
        actions.expire_files(now=now)
        client = signed_in(person)
        page = client.get(links.sign(made.sha256, person, now)).content.decode()
        assert "内容已删除" in page and "<img src=" not in page.split('id="content"')[1].split("</main>")[0]
        for view in VIEWS[1:]:
            answer = client.get(links.sign(made.sha256, person, now, view=view))
            assert answer.status_code == 410 and "保存期限" in answer.content.decode()


def test_bytes_that_are_lost_or_no_picture_break_no_page(person, db):
    lost, text, voice = photo(), Made(b"<script>alert(1)</script>"), Made(b"OggS" + bytes(99), "audio/ogg")
    for each in (lost, text, voice):
        each.bring(), each.mention("visit:9")
    storage.path_of(lost.sha256).unlink()
    actions.examine_waiting(now=NOW)
    client = signed_in(person)
    for each in (lost, text, voice):
        assert client.get(links.sign(each.sha256, person, NOW)).status_code == 200
    assert client.get(links.sign(lost.sha256, person, NOW, view="evidence_bytes")).status_code == 410
    assert client.get(links.sign(text.sha256, person, NOW, view="evidence_small")).status_code == 410
    told = client.get(links.sign(text.sha256, person, NOW, view="evidence_bytes"))
    assert told["Content-Type"] == "image/jpeg"  # never what it would like to be
    assert (
        client.get(links.sign(voice.sha256, person, NOW, view="evidence_bytes"))["Content-Type"]
        == "audio/ogg"
    )
    assert "<audio" in client.get(links.sign(voice.sha256, person, NOW)).content.decode()


def test_the_part_for_other_pages_shows_all_that_is_known(person, db):
    first, again = photo(3), Made(scenes.jpeg(scenes.recompressed(scenes.scene(3, (640, 480)), 45)))
    voice, coming = Made(b"OggS" + bytes(99), "audio/ogg"), photo()
    first.bring(), first.mention("visit:1")
    for each, role in ((again, "place"), (first, "slip"), (voice, "voice"), (coming, "other")):
        each.mention("visit:2", now=NOW + timedelta(minutes=1), role=role)
    again.bring(), voice.bring()
    actions.examine_waiting(now=NOW)
    files = showing.files_of("visit:2", by=person, now=NOW)
    assert [each.role for each in files] == ["现场", "交接单", "语音", "其他"]
    assert [each.state for each in files] == ["已收齐", "已收齐", "已收齐", "尚未上传完"]
    assert [bool(each.small) for each in files] == [True, True, False, False]
    assert "1 张照片相似" in files[0].remarks[0] and "同一文件另见于 1 处" in files[1].remarks[0]
    html = render_to_string("evidence/_files.html", {"files": files})
    assert html.count("<img ") == 2 and "听语音" in html and "尚未上传完" in html
    client = signed_in(person)
    assert client.get(files[0].small).status_code == 200
    assert views()[-1].data == {"purpose": "visit:2", "view": "small"}
    assert "没有照片或语音" in render_to_string("evidence/_files.html", {"files": []})
    assert showing.files_of("visit:none", by=person, now=NOW) == []
