"""From the 2019 article to a signed card: every figure in its place, frozen, traced, refused to others."""

import io
import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from openpyxl import load_workbook

from puyou.accounts.scopes import scope_for
from puyou.accounts.tests import offices
from puyou.core import clock
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.indicators import loading
from puyou.places.queries import get_place
from puyou.reports import actions, composing, layout, queries, signing
from puyou.reports.models import Card, CardRevision

BY, NATION = "system:test", "000000000000"


def run(*words, **said):
    out = io.StringIO()
    call_command(*words, json=True, stdout=out, **said)
    return json.loads(out.getvalue())


@pytest.fixture
def card(db):
    with clock.frozen(offices.NOW):
        loading.load_card(file=loading.ARTICLE, by=BY, now=offices.NOW)
        assert run("load_cards") == {"made": ["2019"]}
        yield Card.objects.get(code="2019")


def visitor(name, role, place):
    client = Client()
    person = offices.officer(name, role, get_place(place))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client, person


def test_the_2019_card_is_published_signed_and_in_four_files(card, tmp_path):
    said = run("publish_card", "2019")
    assert (said["figures"], said["number"], said["period"]) == (66, 1, "2019")
    revision = CardRevision.objects.get(pk=said["id"])
    assert bytes(revision.pdf).startswith(b"%PDF-") and b"pdfaid" in bytes(revision.pdf)
    assert bytes(revision.image).startswith(b"\x89PNG")
    paths = {kind: tmp_path / f"card.{kind}" for kind in ("pdf", "png", "xlsx", "json")}
    for kind, path in paths.items():
        run("card_file", str(revision.pk), kind=kind, to=str(path))
    assert run("verify_card", str(paths["json"]))["genuine"] is True
    rows = list(load_workbook(paths["xlsx"])["数据"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == 66
    sites = next(row for row in rows if row[1] == "rural_sites")
    assert (sites[3], sites[5]) == (538000, "53.8万个")


def test_a_changed_file_is_found(card, tmp_path):
    run("publish_card", "2019")
    file = tmp_path / "card.json"
    run("card_file", str(CardRevision.objects.get().pk), kind="json", to=str(file))
    document = json.loads(file.read_bytes())
    document["content"]["sections"][0]["tiles"][0]["value"] = "960000000"
    assert signing.verify(document) is False
    file.write_text(json.dumps(document))
    with pytest.raises(SystemExit) as ended:
        call_command("verify_card", str(file), stdout=io.StringIO())
    assert ended.value.code == 1


def test_a_revision_stays_and_the_next_one_supersedes_it(card):
    first = run("publish_card", "2019")
    with pytest.raises(SystemExit):
        call_command("publish_card", "2019", stderr=io.StringIO(), stdout=io.StringIO())
    changed = layout.edited(layout.read(card.layout), "down:0")
    scope = scope_for(offices.officer("national", "national_regulator", get_place(NATION)))
    actions.change_card(
        card=card, title=card.title, period=card.period, source=card.source, consists=changed, seen=1,
        scope=scope, now=offices.NOW,
    )  # fmt: skip
    second = run("publish_card", "2019")
    assert (first["number"], second["number"]) == (1, 2)
    for change in (lambda: CardRevision.objects.update(note="改"), CardRevision.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Event.objects.filter(kind="card.published").count() == 2


def test_two_people_at_once_and_what_is_not_right_are_refused(card):
    scope = scope_for(offices.officer("national", "national_regulator", get_place(NATION)))
    said = {"card": card, "title": "改名", "period": "2019", "source": "", "scope": scope, "now": offices.NOW}
    consists = layout.read(card.layout)
    actions.change_card(consists=consists, seen=1, **said)
    with pytest.raises(Problem, match="已由他人修改") as refused:
        actions.change_card(consists=consists, seen=1, **said)
    assert refused.value.status == 409
    with pytest.raises(Problem, match="请写标题"):
        actions.change_card(consists=(*consists, layout.Section()), seen=2, **said)
    province = scope_for(offices.officer("province", "provincial_regulator", get_place("52")))
    with pytest.raises(Problem):
        actions.change_card(consists=consists, seen=2, **(said | {"scope": province}))


def test_an_officer_publishes_for_a_place_and_others_do_not_see_it(card):
    client, _ = visitor("province", "provincial_regulator", "52")
    page = client.get("/reports/2019/?place=52&period=2019").content.decode()
    assert "没有填报" in page and "/reports/2019/publish/" in page
    asked = "?place=52&period=2019"
    made = client.post(f"/reports/2019/publish/{asked}", {"note": "内部"})
    assert made.status_code == 302
    again = client.post(f"/reports/2019/publish/{asked}", {"note": "再来"})
    assert again.status_code == 409 and "内容与第 1 版相同" in again.content.decode()
    address = made.headers["Location"]
    assert "内容不再改变" in client.get(address).content.decode()
    assert client.get(f"{address}file.pdf").content.startswith(b"%PDF-")
    assert client.get(f"{address}file.exe").status_code == 404
    assert client.get("/reports/2019/?place=" + NATION).status_code == 403
    other, _ = visitor("elsewhere", "provincial_regulator", offices.neighbour().code)
    assert other.get(address).status_code == 404
    assert other.get(f"{address}file.json").status_code == 404
    company, _ = visitor("company", "company_manager", "52")
    assert company.post(f"/reports/2019/publish/{asked}").status_code == 403


def test_what_is_for_everybody_is_read_by_every_officer_and_only_the_newest_counts(card):
    client, _ = visitor("national", "national_regulator", NATION)
    address = client.post("/reports/2019/publish/", {"public": "on"}).headers["Location"]
    page = client.get(address).content.decode()
    assert "53.8万个" in page and "/indicators/rural_sites/?place=000000000000&amp;period=2019" in page
    other, _ = visitor("province", "provincial_regulator", "52")
    assert other.get(address).status_code == 200
    assert [each.number for each in queries.public_revisions()] == [1]
    actions.change_card(
        card=card, title="新名", period="2019", source="", consists=layout.read(card.layout), seen=1,
        scope=scope_for(offices.officer("second", "national_regulator", get_place(NATION))), now=offices.NOW,
    )  # fmt: skip
    client.post("/reports/2019/publish/", {})
    assert list(queries.public_revisions()) == []


def test_hostile_words_are_words_in_every_file(card, tmp_path):
    scope = scope_for(offices.officer("national", "national_regulator", get_place(NATION)))
    words = "=1+1 #panic() <script>alert(1)</script>"
    consists = layout.read(card.layout)
    consists = (layout.Section(words, words, consists[0].tiles), *consists[1:])
    actions.change_card(
        card=card,
        title=words,
        period="2019",
        source=words,
        consists=consists,
        seen=1,
        scope=scope,
        now=offices.NOW,
    )
    said = run("publish_card", "2019")
    run("card_file", str(said["id"]), kind="xlsx", to=str(tmp_path / "card.xlsx"))
    cells = [cell for row in load_workbook(tmp_path / "card.xlsx")["数据"].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    client, _ = visitor("second", "national_regulator", NATION)
    assert "<script>alert" not in client.get(f"/reports/revisions/{said['id']}/").content.decode()


def test_figures_are_frozen_as_text_and_never_typed_in(card):
    run("publish_card", "2019")
    content = CardRevision.objects.get().content
    assert content["as_of"].endswith("+08:00")
    values = {tile["code"]: tile["value"] for _, tile in composing.figures(content)}
    assert Decimal(values["rural_sites"]) == 538000
    assert all(not (set(tile) & {"value", "shown"}) for section in card.layout for tile in section["tiles"])
