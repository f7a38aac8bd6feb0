import hashlib
import json
import threading
from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from puyou.accounts.scopes import Scope
from puyou.core.models import Event
from puyou.core.problems import declare
from puyou.ingest import actions, queries, tokens, validators
from puyou.ingest.models import Contact, Envelope, Identity, Pending, Quarantine, Token
from puyou.ingest.tests.conftest import NOW, make_phone, uuid7

BROKEN = declare("probe.broken", "打不开")


class TestAccepting:
    def test_it_stores_each_new_envelope_once_with_its_canonical_form(self, phone):
        items = [phone.envelope() for _ in range(3)]
        receipts = phone.accept(*items)
        assert [r.status for r in receipts] == ["accepted"] * 3
        assert [r.id for r in receipts] == [item["id"] for item in items]
        for item in items:
            kept, identity = Envelope.objects.get(id=item["id"]), Identity.objects.get(id=item["id"])
            assert hashlib.sha256(kept.body).digest() == bytes(identity.digest)
            assert (kept.device_id, kept.courier_id) == (phone.device.pk, phone.courier.pk)
            assert kept.received_at == identity.received_at == NOW
        assert Pending.objects.filter(envelope_id__in=[item["id"] for item in items]).count() == 3

    def test_it_says_one_event_with_count_and_digest(self, phone):
        items = sorted((phone.envelope() for _ in range(3)), key=lambda item: item["id"])
        phone.accept(*reversed(items), phone.envelope(kind="nothing"))
        event = Event.objects.get(kind="batch.accepted")
        digests = [bytes(Identity.objects.get(id=item["id"]).digest) for item in items]
        assert event.data["count"] == 3
        assert event.data["digest"] == hashlib.sha256(b"".join(digests)).hexdigest()
        assert event.actor == f"device:{phone.device.pk}"

    def test_a_repeat_gets_the_first_receipt_and_stores_nothing(self, phone):
        item = phone.envelope()
        first = phone.accept(item)[0]
        later = phone.accept(dict(reversed(item.items())), now=NOW + timedelta(hours=1))[0]
        assert (first.status, later.status) == ("accepted", "duplicate")
        assert later.received_at == first.received_at
        assert Envelope.objects.count() == Event.objects.filter(kind="batch.accepted").count() == 1

    def test_other_content_under_the_same_id_is_a_conflict(self, phone):
        item = phone.envelope()
        phone.accept(item)
        receipt = phone.accept(item | {"counter": 999})[0]
        assert (receipt.status, receipt.code, receipt.field) == ("refused", "conflict", "id")
        assert Envelope.objects.count() == 1

    def test_repeats_and_conflicts_within_a_batch_follow_the_first(self, phone):
        item = phone.envelope()
        receipts = phone.accept(item, item, item | {"counter": 999}, item)
        assert [r.status for r in receipts] == ["accepted", "duplicate", "refused", "duplicate"]
        assert receipts[2].code == "conflict"
        assert Pending.objects.count() == 1

    def test_the_case_of_an_id_does_not_make_it_another(self, phone):
        item = phone.envelope()
        receipts = phone.accept(item, item | {"id": item["id"].upper()})
        assert [r.status for r in receipts] == ["accepted", "refused"]
        assert receipts[1].code == "conflict"

    def test_a_refused_id_is_not_reserved(self, phone):
        item = phone.envelope()
        assert phone.accept(item | {"source": "web"})[0].code == "bad_field"
        assert phone.accept(item | {"happened_at": "2099-01-01T00:00:00Z"})[0].code == "future"
        assert phone.accept(item)[0].status == "accepted"

    def test_what_was_accepted_once_stays_so_when_the_rules_change(self, phone):
        item = phone.envelope()
        phone.accept(item)
        validators._validators.pop("probe")
        assert phone.accept(item)[0].status == "duplicate"
        assert phone.accept(item | {"counter": 999})[0].code == "unknown_kind"
        assert phone.accept(phone.envelope())[0].code == "unknown_kind"

    def test_a_room_may_refuse_with_its_own_words(self, phone):
        receipt = phone.accept(phone.envelope(payload={"village": "000000000001"}))[0]
        assert (receipt.code, receipt.field) == ("strange", "payload.village")
        assert "000000000001" in receipt.message

    def test_a_batch_of_refusals_leaves_no_trace(self, phone):
        phone.accept(phone.envelope(kind="nothing"), phone.envelope(device="other"))
        assert not Envelope.objects.exists()
        assert not Identity.objects.exists()
        assert not Contact.objects.exists()
        assert not Event.objects.filter(kind="batch.accepted").exists()

    def test_an_imported_identity_is_never_accepted_again(self, phone):
        item = phone.envelope()
        ids = np.frombuffer(UUID(item["id"]).bytes, np.uint8).reshape(1, 16)
        actions.claim_identities(ids, np.zeros((1, 32), np.uint8), NOW)
        assert phone.accept(item)[0].code == "conflict"

    @settings(max_examples=15, deadline=None)
    @given(order=st.lists(st.integers(0, 4), min_size=1, max_size=12))
    def test_any_sequence_of_sendings_stores_each_once(self, order):
        with transaction.atomic():
            phone = make_phone()
            items = [phone.envelope() for _ in range(5)]
            seen = set()
            for index in order:
                status = phone.accept(items[index])[0].status
                assert status == ("duplicate" if index in seen else "accepted")
                seen.add(index)
            stored = Envelope.objects.filter(device_id=phone.device.pk).values_list("id", flat=True)
            assert {str(each) for each in stored} == {items[index]["id"] for index in seen}
            transaction.set_rollback(True)

    test_any_sequence_of_sendings_stores_each_once = pytest.mark.django_db(
        test_any_sequence_of_sendings_stores_each_once
    )


class TestSkew:
    def test_it_is_kept_with_the_envelope_and_for_the_next_contact(self, phone):
        ahead = timedelta(hours=2)
        item = phone.envelope(happened_at=(NOW + ahead).isoformat())
        raw = [json.dumps(item).encode()]
        assert actions.accept_envelopes(raw_items=raw, token=phone.bearer, now=NOW)[0].code == "future"
        receipts = actions.accept_envelopes(
            raw_items=raw, token=phone.bearer, now=NOW, device_time=NOW + ahead
        )
        assert receipts[0].status == "accepted"
        kept = Envelope.objects.get(id=item["id"])
        assert (kept.skew_seconds, kept.happened_at) == (7200, NOW + ahead)
        assert Contact.objects.get(device=phone.device).skew_seconds == 7200
        assert phone.accept(phone.envelope(happened_at=(NOW + ahead).isoformat()))[0].status == "accepted"

    def test_contacts_are_written_at_most_once_a_minute(self, phone):
        phone.accept(phone.envelope())
        first = Contact.objects.get(device=phone.device).at
        phone.accept(phone.envelope(), now=NOW + timedelta(seconds=30))
        assert Contact.objects.get(device=phone.device).at == first
        phone.accept(phone.envelope(), now=NOW + timedelta(seconds=61))
        assert Contact.objects.get(device=phone.device).at == NOW + timedelta(seconds=61)


class TestAppendOnly:
    @pytest.mark.parametrize("table", ["ingest_envelope", "ingest_identity"])
    @pytest.mark.parametrize("change", ["UPDATE {} SET received_at = now()", "DELETE FROM {}", "TRUNCATE {}"])
    def test_nothing_may_change_what_was_accepted(self, phone, table, change):
        phone.accept(phone.envelope())
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(change.format(table))

    def test_a_partition_is_no_way_round(self, phone):
        phone.accept(phone.envelope())
        for change in ("DELETE FROM ingest_envelope_202611", "UPDATE ingest_identity_0 SET digest = ''"):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                connection.cursor().execute(
                    "INSERT INTO ingest_identity SELECT gen_random_uuid(), '', now()"
                    " FROM generate_series(1, 200)"
                )
                connection.cursor().execute(change)


class TestHandingOver:
    def test_it_hands_over_oldest_first_and_once(self, phone):
        late, early = phone.envelope(), phone.envelope()
        phone.accept(late, now=NOW + timedelta(minutes=1))
        phone.accept(early, phone.envelope(), now=NOW)
        taken = actions.take_pending("probe", 2)
        assert [each.received_at for each in taken] == [NOW, NOW]
        assert early["id"] in {str(each.id) for each in taken}
        again = actions.take_pending("probe", 10)
        assert [str(each.id) for each in again] == [late["id"]]
        assert again[0].envelope == late
        assert (again[0].device_id, again[0].courier_id) == (phone.device.pk, phone.courier.pk)
        assert actions.take_pending("probe", 10) == []

    def test_it_hands_over_one_kind_only(self, phone):
        phone.accept(phone.envelope())
        assert actions.take_pending("visit", 10) == []

    def test_they_wait_again_when_the_taker_fails(self, phone):
        phone.accept(phone.envelope())
        with pytest.raises(RuntimeError), transaction.atomic():
            assert len(actions.take_pending("probe", 10)) == 1
            raise RuntimeError
        assert len(actions.take_pending("probe", 10)) == 1

    def test_quarantine_keeps_the_reason_and_is_repeatable(self, phone):
        item = phone.envelope()
        phone.accept(item)
        taken = actions.take_pending("probe", 1)
        refusals = [(str(each.id), BROKEN()) for each in taken]
        assert actions.quarantine(refusals=refusals, by="system:test", now=NOW) == 1
        assert actions.quarantine(refusals=refusals, by="system:test", now=NOW) == 0
        row = Quarantine.objects.get(envelope_id=item["id"])
        assert (row.code, row.message) == ("probe.broken", "打不开")
        assert Event.objects.filter(kind="batch.quarantined").count() == 1


class TestTokens:
    def test_only_a_hash_is_kept(self, phone):
        row = Token.objects.get(device=phone.device)
        assert bytes(row.digest) == hashlib.sha256(phone.text.encode()).digest()
        assert phone.bearer.device_identifier == phone.device.identifier
        assert not Event.objects.filter(data__icontains=phone.text).exists()

    def test_revoking_ends_all_of_a_devices_tokens(self, phone):
        second = actions.issue_token(courier=phone.courier, device=phone.device, by="test", now=NOW)
        assert actions.revoke_tokens(device=phone.device, by="test", now=NOW) == 2
        for text in (phone.text, second):
            with pytest.raises(Exception, match="停用"):
                tokens.bearer_of(text)
        with pytest.raises(Exception, match=phone.device.identifier):
            actions.revoke_tokens(device=phone.device, by="test", now=NOW)


class TestParallel:
    def test_the_same_batch_sent_five_times_at_once_is_stored_once(self, own_database):
        phone = make_phone()
        items = [phone.envelope() for _ in range(60)]
        answers, barrier = [], threading.Barrier(5)

        def send(turn: int) -> None:
            try:
                barrier.wait()
                for _ in range(3):
                    order = items[turn * 7 :] + items[: turn * 7]
                    answers.append({r.id: r for r in phone.accept(*(order if turn % 2 else order[::-1]))})
            finally:
                connection.close()

        threads = [threading.Thread(target=send, args=(turn,)) for turn in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 15
        for item in items:
            told = [answer[item["id"]] for answer in answers]
            assert sorted(r.status for r in told) == ["accepted"] + ["duplicate"] * 14
            assert len({r.received_at for r in told}) == 1
        assert Envelope.objects.count() == Identity.objects.count() == Pending.objects.count() == 60
        counted = sum(event.data["count"] for event in Event.objects.filter(kind="batch.accepted"))
        assert counted == 60

    def test_two_takers_never_take_the_same(self, own_database):
        phone = make_phone()
        phone.accept(*(phone.envelope() for _ in range(200)))
        taken: list[str] = []

        def take() -> None:
            try:
                while True:
                    with transaction.atomic():
                        found = actions.take_pending("probe", 7)
                        taken.extend(str(each.id) for each in found)
                    if not found:
                        return
            finally:
                connection.close()

        threads = [threading.Thread(target=take) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        while rest := actions.take_pending("probe", 50):
            taken.extend(str(each.id) for each in rest)
        assert len(taken) == len(set(taken)) == 200


class TestStates:
    def test_an_envelope_goes_from_accepted_to_taken_or_quarantined(self, phone):
        items = [phone.envelope(), phone.envelope()]
        phone.accept(*items)

        def states() -> list[str]:
            return [
                queries.get_state(Scope.public(), UUID(item["id"]), device_id=phone.device.pk).state
                for item in items
            ]

        assert states() == ["accepted", "accepted"]
        actions.take_pending("probe", 10)
        actions.quarantine(refusals=[(items[1]["id"], BROKEN())], by="system:test", now=NOW)
        assert states() == ["taken", "quarantined"]

    def test_ids_look_like_phones_ids(self):
        assert UUID(uuid7()).version == 7
