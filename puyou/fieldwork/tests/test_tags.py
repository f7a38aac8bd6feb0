"""Village tags: issued, printed as codes that a phone reads, ended with a reason."""

import pytest

from puyou.core import qr
from puyou.fieldwork.tests.cast import desk_of
from puyou.places.queries import get_place
from puyou.registry.models import Village, VillageTag

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(network):
    return desk_of(get_place(network.villages[0].code[:6]))


def test_a_tag_is_issued_printed_and_listed(desk, network):
    village = network.villages[0]
    answer = desk.post("/fieldwork/tags/new/", {"code": village.code, "kind": "qr"}, follow=True)
    page = answer.content.decode()
    assert "<svg" in page and village.name in page and "第 1 号" in page and "style=" not in page
    assert village.name in desk.get("/fieldwork/tags/").content.decode()


def test_a_township_gets_one_for_each_village_that_has_none(desk, network):
    township = network.villages[0].parent
    for village in network.villages:
        Village.objects.get_or_create(place=village)
    within = [village for village in network.villages if village.parent_id == township.pk]
    desk.post("/fieldwork/tags/new/", {"code": within[0].code, "kind": "qr"})
    desk.post("/fieldwork/tags/new/", {"code": township.code, "kind": "qr"})
    assert sorted(VillageTag.objects.values_list("place_id", flat=True)) == sorted(v.pk for v in within)


def test_a_tag_is_ended_with_a_reason(desk, network):
    desk.post("/fieldwork/tags/new/", {"code": network.villages[0].code, "kind": "qr"})
    tag = VillageTag.objects.get()
    assert desk.post(f"/fieldwork/tags/{tag.pk}/end/", {"ground": ""}).status_code == 422
    assert desk.post(f"/fieldwork/tags/{tag.pk}/end/", {"ground": "被撕毁"}).status_code == 302
    tag.refresh_from_db()
    assert tag.valid_to is not None and tag.ground == "被撕毁"
    assert "没有在用的村码" in desk.get("/fieldwork/tags/sheet/").content.decode()


@pytest.mark.parametrize("code", ["52", "abc", "", "999999999999"])
def test_only_villages_and_townships_get_tags(desk, network, code):
    answer = desk.post("/fieldwork/tags/new/", {"code": code, "kind": "qr"})
    assert answer.status_code == 422 and not VillageTag.objects.exists()


def test_another_county_cannot(desk, network, officer):
    far = desk_of(get_place("5203"))
    village = network.villages[0]
    assert far.post("/fieldwork/tags/new/", {"code": village.code, "kind": "qr"}).status_code == 403
    desk.post("/fieldwork/tags/new/", {"code": village.code, "kind": "qr"})
    tag = VillageTag.objects.get()
    assert far.post(f"/fieldwork/tags/{tag.pk}/end/", {"ground": "无"}).status_code == 404
    assert far.get(f"/fieldwork/tags/sheet/?place={village.code}").status_code == 403
    assert officer.post("/fieldwork/tags/new/", {"code": village.code, "kind": "qr"}).status_code == 403


def test_a_code_stands_in_a_page_without_style_or_script():
    made = qr.draw("https://example.test/field/#tag=PY1.<x>")
    assert made.startswith("<svg") and "style" not in made and "script" not in made and "<x>" not in made
