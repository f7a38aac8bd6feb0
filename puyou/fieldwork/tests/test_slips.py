"""Paper slips typed in at the desk: once each, counted as paper, by whoever may."""

import hashlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from puyou.evidence import queries as evidence
from puyou.evidence import storage
from puyou.fieldwork.tests.cast import desk_of
from puyou.places.queries import get_place
from puyou.visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(network):
    return desk_of(get_place(network.villages[0].code[:6]))


def type_in(desk, network, **changes):
    told = {"village": network.villages[0].code, "day": "2026-11-19", "number": "JJ-001", "letters": "3"}
    return desk.post(f"/fieldwork/slips/?courier={network.courier.pk}", told | changes)


def test_a_slip_becomes_a_visit_of_source_paper_and_is_listed(desk, network):
    page = desk.get("/fieldwork/slips/").content.decode()
    assert f"?courier={network.courier.pk}" in page
    form = desk.get(f"/fieldwork/slips/?courier={network.courier.pk}").content.decode()
    assert all(village.name in form for village in network.villages)
    assert type_in(desk, network).status_code == 302
    visit = Visit.objects.get()
    assert (visit.source, visit.place_id, visit.courier_id) == (
        "paper",
        network.villages[0].pk,
        network.courier.pk,
    )
    listed = desk.get("/fieldwork/slips/").content.decode()
    assert network.villages[0].name in listed and "2026年11月19日" in listed


def test_the_same_slip_again_is_refused(desk, network):
    type_in(desk, network)
    again = type_in(desk, network)
    assert again.status_code == 422 and "已经补录过" in again.content.decode()
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"village": ""}, "请选择村"),
        ({"number": ""}, "这个字段是必填项"),
        ({"day": "2026-11-21"}, "还没有到"),
        ({"letters": "-1"}, "大于或等于0"),
        ({"code": "999999999999"}, "999999999999"),
    ],
)
def test_what_cannot_be_is_said(desk, network, changes, told):
    answer = type_in(desk, network, **changes)
    assert answer.status_code == 422 and told in answer.content.decode()
    assert not Visit.objects.exists()


def test_another_county_and_regulators_cannot(network, officer, far_network):
    far = desk_of(get_place("5203"))
    assert type_in(far, network).status_code == 404
    assert "谁的交接单" not in officer.get("/fieldwork/slips/").content.decode()
    type_in(officer, network)
    assert not Visit.objects.exists()


def picture(width: int = 3000) -> SimpleUploadedFile:
    exif = Image.Exif()
    exif[0x010F] = "maker"
    told = BytesIO()
    Image.effect_noise((width, 2000), 60).convert("RGB").save(told, "JPEG", exif=exif)
    return SimpleUploadedFile("slip.jpg", told.getvalue(), "image/jpeg")


@pytest.fixture
def house(monkeypatch, tmp_path):
    monkeypatch.setattr(storage, "root", lambda: tmp_path)
    return tmp_path


def test_its_photo_is_kept_small_and_bare_and_shown_with_the_visit(desk, network, house):
    assert type_in(desk, network, picture=picture()).status_code == 302
    (mention,) = evidence.mentions_by(f"visit:{Visit.objects.get().pk}")
    assert mention.role == "slip"
    kept = storage.read(mention.sha256)
    assert kept is not None and hashlib.sha256(kept).hexdigest() == mention.sha256
    with Image.open(BytesIO(kept)) as opened:
        assert opened.size == (1600, 1067) and not opened.getexif()


def test_what_is_no_picture_is_refused_and_records_nothing(desk, network, house):
    answer = type_in(desk, network, picture=SimpleUploadedFile("slip.jpg", b"GIF89a no", "image/jpeg"))
    assert answer.status_code == 422 and "照片无法读出" in answer.content.decode()
    assert not Visit.objects.exists()
