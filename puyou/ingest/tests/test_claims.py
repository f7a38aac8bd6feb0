import json
from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from puyou.ingest import actions
from puyou.ingest.models import Identity
from puyou.ingest.tests.conftest import NOW

pytestmark = pytest.mark.django_db


def ids_of(*numbers: int) -> np.ndarray:
    return np.frombuffer(b"".join(n.to_bytes(16, "big") for n in numbers), np.uint8).reshape(-1, 16)


def digests_of(*numbers: int) -> np.ndarray:
    return np.frombuffer(b"".join(n.to_bytes(32, "big") for n in numbers), np.uint8).reshape(-1, 32)


def test_new_same_and_other():
    first = actions.claim_identities(ids_of(5, 1, 9), digests_of(50, 10, 90), NOW)
    later = NOW + timedelta(days=1)
    again = actions.claim_identities(ids_of(9, 2, 1, 5), digests_of(90, 20, 11, 50), later)
    assert first.tolist() == [0, 0, 0]
    assert again.tolist() == [1, 0, 2, 1]
    held = dict(Identity.objects.values_list("id", "received_at"))
    assert held == {UUID(int=5): NOW, UUID(int=1): NOW, UUID(int=9): NOW, UUID(int=2): later}


def test_nothing_claims_nothing():
    assert actions.claim_identities(ids_of(), digests_of(), NOW).tolist() == []


def test_the_first_of_repeats_claims():
    status = actions.claim_identities(ids_of(7, 7, 7, 3), digests_of(1, 1, 2, 0), NOW)
    assert status.tolist() == [0, 1, 2, 0]
    assert bytes(Identity.objects.get(id=UUID(int=7)).digest) == (1).to_bytes(32, "big")


def test_it_knows_what_came_as_an_envelope(phone):
    item = phone.envelope()
    phone.accept(item)
    held = bytes(Identity.objects.get(id=item["id"]).digest)
    ids = ids_of(UUID(item["id"]).int, UUID(item["id"]).int)
    digests = np.stack([np.frombuffer(held, np.uint8), np.zeros(32, np.uint8)])
    assert actions.claim_identities(ids, digests, NOW).tolist() == [1, 2]
    assert phone.accept(json.loads(json.dumps(item)))[0].status == "duplicate"


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from([0, 1, 255, 256, 2**64, 2**127, 2**128 - 1]), st.integers(0, 2))),
        max_size=3,
    )
)
def test_it_does_as_a_dictionary_would(calls):
    with transaction.atomic():
        held: dict[int, int] = {}
        for call in calls:
            expected = []
            for number, digest in call:
                expected.append(0 if number not in held else 1 if held[number] == digest else 2)
                held.setdefault(number, digest)
            ids, digests = ids_of(*(n for n, _ in call)), digests_of(*(d for _, d in call))
            assert actions.claim_identities(ids, digests, NOW).tolist() == expected
        assert Identity.objects.count() == len(held)
        transaction.set_rollback(True)
