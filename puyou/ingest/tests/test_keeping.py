"""Batches of several phones kept in one transaction are kept as if each had come by itself."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import DataError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from puyou.core.models import Event
from puyou.ingest import keeping, storing
from puyou.ingest.contacts import Contact as Said
from puyou.ingest.envelopes import Reading
from puyou.ingest.keeping import Batch, keep_batch, keep_batches
from puyou.ingest.models import Contact, Envelope, Identity
from puyou.ingest.tests.conftest import NOW, make_phone, uuid7

IDS = [uuid7() for _ in range(6)]
# Which ids are in each batch, and in which of two spellings each.
PLANS = st.lists(st.dictionaries(st.integers(0, 5), st.booleans(), min_size=1, max_size=4), max_size=5)


def reading(number: int, spelling: bool) -> Reading:
    text = f'{{"n":{number},"s":{spelling}}}'.encode()
    digest = hashlib.sha256(text).digest()
    return Reading(IDS[number], "probe", NOW, "D", {}, text, digest, False)


def planned(phones, plan) -> list[Batch]:
    storing.ensure_partitions(NOW)
    return [
        Batch([reading(*each) for each in chosen.items()], phone.bearer, Said(float(at), at), NOW)
        for at, (phone, chosen) in enumerate(zip(phones, plan, strict=False))
    ]


def state():
    """What the tables hold, and what was said."""
    kept = set(Envelope.objects.values_list("id", "device_id", "skew_seconds"))
    events = list(Event.objects.filter(kind="batch.accepted").order_by("id").values_list("actor", "data"))
    contacts = set(Contact.objects.values_list("device_id", "skew_seconds", "app"))
    return kept, set(Identity.objects.values_list("id", "digest")), events, contacts


class Undone(Exception):
    """Takes back what was tried."""


def tried(keep, batches):
    try:
        with transaction.atomic():
            told = keep(batches)
            found = (told, state())
            raise Undone
    except Undone:
        return found


@pytest.mark.django_db
def test_together_is_as_one_after_the_other(db):
    storing.ensure_partitions(NOW)
    phones = [make_phone() for _ in range(5)]

    @settings(max_examples=40, deadline=None)
    @given(PLANS)
    def same(plan):
        batches = planned(phones, plan)
        together = tried(keep_batches, batches) if batches else None
        singly = tried(lambda some: [keep_batches([each])[0] for each in some], batches) if batches else None
        assert together == singly

    same()


class TestAtOnce:
    @pytest.fixture(autouse=True)
    def _held(self, own_database, monkeypatch):
        """The first transaction begins, and waits until the others are in the queue."""
        self.begun, self.go_on, self.sizes = threading.Event(), threading.Event(), []
        honest = keeping._together._do

        def slow(batches):
            self.sizes.append(len(batches))
            if len(self.sizes) == 1:
                self.begun.set()
                self.go_on.wait(10)
            return honest(batches)

        monkeypatch.setattr(keeping._together, "_do", slow)

    def keep_at_once(self, batches):
        """The first batch alone, the others while it is being kept; what each was told, or its error."""

        def keep(batch):
            try:
                return keep_batch(batch)
            except DataError as error:
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(len(batches)) as pool:
            first = pool.submit(keep, batches[0])
            self.begun.wait(10)
            others = [pool.submit(keep, batch) for batch in batches[1:]]
            while len(keeping._together._waiting) < len(others):
                threading.Event().wait(0.005)
            self.go_on.set()
            return [found.result() for found in (first, *others)]

    def test_the_same_batch_in_parallel_is_kept_once(self):
        phone = make_phone()
        batches = planned([phone] * 5, [{0: True, 1: True}] * 5)
        told = self.keep_at_once(batches)
        assert self.sizes == [1, 4]
        assert [all(each.fresh for each in one.values()) for one in told].count(True) == 1
        assert Envelope.objects.count() == 2 and Event.objects.filter(kind="batch.accepted").count() == 1

    def test_a_batch_that_the_database_refuses_harms_no_other(self):
        phones = [make_phone() for _ in range(4)]
        batches = planned(phones, [{0: True}, {1: True}, {2: True}, {3: True}])
        poison = reading(2, True)._replace(id="no uuid")
        batches[2] = batches[2]._replace(readings=[poison])
        told = self.keep_at_once(batches)
        assert isinstance(told[2], DataError)
        assert set(Identity.objects.values_list("id", flat=True)) == {
            UUID(identifier) for one in (told[0], told[1], told[3]) for identifier in one
        }
