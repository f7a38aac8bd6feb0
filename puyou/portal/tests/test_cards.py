"""Everybody reads the cards that an office opened, the newest of each, and no other."""

import io

import pytest
from django.core.management import call_command
from django.test import Client

from puyou.accounts.tests import offices
from puyou.core import clock
from puyou.indicators import loading
from puyou.reports.models import CardRevision


@pytest.fixture
def published(db):
    with clock.frozen(offices.NOW):
        loading.load_card(file=loading.ARTICLE, by="system:test", now=offices.NOW)
        call_command("load_cards", stdout=io.StringIO())
        call_command("publish_card", "2019", public=True, stdout=io.StringIO())
        call_command("publish_card", "2019", place="52", period="2019", stdout=io.StringIO())
        yield CardRevision.objects.get(public=True)


def test_a_card_for_everybody_is_read_without_an_account(published):
    client = Client()
    assert "2019年成绩单" in client.get("/portal/cards/").content.decode()
    page = client.get(f"/portal/cards/{published.pk}/").content.decode()
    assert "53.8万个" in page and "/indicators/" not in page
    assert client.get(f"/portal/cards/{published.pk}/file.pdf").content.startswith(b"%PDF-")
    assert client.get(f"/portal/cards/{published.pk}/file.exe").status_code == 404
    inside = CardRevision.objects.get(public=False)
    for address in (f"/portal/cards/{inside.pk}/", f"/portal/cards/{inside.pk}/file.json"):
        assert client.get(address).status_code == 404
