"""Signatures, chains and nonces as they are found after acceptance, in whatever order envelopes come."""

import json
from datetime import date, timedelta
from uuid import UUID

import numpy as np
import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puyou.core.models import Event
from puyou.ingest import actions, canonical, chains, envelopes, keys, nonces, proofs, queries, tokens
from puyou.ingest.chains import FIRST, FORK, GAP, LINKED, NONE, Link
from puyou.ingest.models import DeviceKey, Envelope, PendingProof, Proof
from puyou.ingest.tests.conftest import NOW, envelope, make_phone
from puyou.ingest.tests.signing import Signer, answer, device_name, written
from puyou.registry.models import Courier

SIGNER = Signer()
KEYS = proofs.public_keys([SIGNER.jwk])


def body(signed: dict) -> bytes:
    return canonical.spell(written(signed))[1]


class TestSigningText:
    @settings(max_examples=200, deadline=None)
    @given(
        st.dictionaries(
            st.text(max_size=6),
            st.none()
            | st.floats(-1e6, 1e6)
            | st.text(max_size=20)
            | st.lists(st.integers(-9, 9), max_size=3),
            max_size=4,
        ),
        st.sampled_from([None, "0" * 64]),
        st.sampled_from(["app", "pda", "paper", "receiver", "inspector"]),
    )
    def test_cutting_equals_spelling_without_the_signature(self, payload, prev, source):
        signer = Signer(7)
        signer.prev = prev
        unsigned = envelope("D", payload=payload, source=source)
        try:
            signed = signer.prove(unsigned, "n")
        except Exception:  # lone surrogates: no message at all
            return
        text = proofs.signing_text(body(signed))
        del signed["proof"]["signature"]
        assert text == body(signed)

    @pytest.mark.parametrize(
        "text",
        [
            "x",
            "A" * 85,
            "A" * 87,
            'A"},"schema":1,"source":"app',
            ',"signature":"' + "A" * 86,
            "é" * 86,
            "\\" * 86,
        ],
    )
    def test_a_signature_of_another_form_has_no_text_or_does_not_verify(self, text):
        signed = SIGNER.prove(envelope("D"), "n")
        signed["proof"]["signature"] = text
        assert proofs.verify_many([body(signed)], KEYS).tolist() == [proofs.INVALID]

    def test_marks_in_what_people_wrote_do_not_mislead(self):
        note = '"},"schema":1,"source":"app"} ,"signature":"' + "A" * 86
        signed = SIGNER.prove(envelope("D", payload={"note": note}), note[:200])
        assert proofs.verify_many([body(signed)], KEYS).tolist() == [proofs.VALID]


class TestSignatures:
    def test_each_state(self):
        good = SIGNER.prove(envelope("D"), "n")
        altered = good | {"payload": good["payload"] | {"village": "520102001002"}}
        renamed = good | {"id": envelope("D")["id"]}
        stranger = Signer().prove(envelope("D"), "n")
        borrowed = Signer().prove(envelope("D"), "n", key_id=SIGNER.key_id)
        chinese = SIGNER.prove(envelope("D", payload={"note": "今日无邮件", "lon": 106.70, "n": 1.0}), "n")
        other = SIGNER.prove(envelope("D"), "n", alg="sm2")
        bare, null = envelope("D"), envelope("D") | {"proof": None}
        sent = [good, altered, renamed, stranger, borrowed, chinese, other, bare, null]
        assert proofs.verify_many([body(each) for each in sent], KEYS).tolist() == [1, 2, 2, 3, 2, 1, 3, 0, 0]

    def test_a_changed_proof_is_invalid(self):
        for name, value in (("prev", "0" * 64), ("nonce", "other")):
            signed = SIGNER.prove(envelope("D"), "n")
            signed["proof"][name] = value
            assert proofs.verify_many([body(signed)], KEYS).tolist() == [proofs.INVALID]

    def test_however_it_was_spelled_it_is_the_same(self):
        signed = SIGNER.prove(envelope("D", payload={"lon": 106.5, "note": "é"}), "n")
        loose = json.dumps(dict(reversed(signed.items())), indent=2, ensure_ascii=True).encode()
        assert proofs.verify_many([envelopes.read(loose).canonical], KEYS).tolist() == [proofs.VALID]


def link(counter: int, digest: str, prev: str | None, device=1, key="k", valid=True) -> Link:
    return Link(device, key, counter, digest.encode(), None if prev is None else prev.encode(), valid)


class TestChains:
    @pytest.mark.parametrize(
        ("links", "states"),
        [
            ([], []),
            ([link(0, "a", None)], [FIRST]),
            ([link(0, "a", None), link(1, "b", "a")], [FIRST, LINKED]),
            ([link(1, "b", "a")], [GAP]),
            ([link(0, "a", None), link(1, "b", "a"), link(2, "c", "a")], [FIRST, FORK, FORK]),
            ([link(0, "a", None), link(1, "b", "a"), link(1, "c", "b")], [FIRST, FORK, FORK]),
            ([link(0, "a", None), link(1, "b", None)], [FORK, FORK]),
            ([link(0, "a", None), link(0, "b", None, key="other")], [FIRST, FIRST]),
            ([link(0, "a", None), link(0, "b", None, device=2)], [FIRST, FIRST]),
            ([link(0, "a", None), link(1, "b", "a", device=2)], [FIRST, GAP]),
            ([link(0, "a", None), link(0, "b", None, valid=False)], [FIRST, NONE]),
            ([link(0, "a", None, valid=False), link(1, "b", "a")], [NONE, LINKED]),
            ([link(1, "a", ""), link(2, "b", "")], [GAP, GAP]),
        ],
    )
    def test_each_state(self, links, states):
        assert chains.states(links) == states

    LINKS = st.lists(
        st.builds(
            Link,
            device=st.integers(1, 2),
            key_id=st.sampled_from(["k", "m"]),
            counter=st.integers(0, 3),
            digest=st.integers(0, 10**9).map(lambda n: n.to_bytes(4, "big")),
            prev=st.none() | st.just(b"") | st.integers(0, 5).map(lambda n: b"%d" % n),
            valid=st.booleans(),
        ),
        max_size=7,
    )

    @settings(max_examples=300, deadline=None)
    @given(LINKS, st.data())
    def test_any_order_gives_each_the_same(self, links, data):
        links = [each._replace(digest=b"%d" % at) for at, each in enumerate(links)]
        shuffled = data.draw(st.permutations(links))
        by_digest = dict(zip((each.digest for each in shuffled), chains.states(shuffled), strict=True))
        assert [by_digest[each.digest] for each in links] == chains.states(links)

    @settings(max_examples=300, deadline=None)
    @given(LINKS, st.data())
    def test_more_proofs_only_ever_mend_or_fork(self, links, data):
        links = [each._replace(digest=b"%d" % at) for at, each in enumerate(links)]
        cut = data.draw(st.integers(0, len(links)))
        before, after = chains.states(links[:cut]), chains.states(links)[:cut]
        assert [chains.later(a, b) for a, b in zip(before, after, strict=True)] == after
        allowed = {(GAP, LINKED), (GAP, FORK), (LINKED, FORK), (FIRST, FORK)}
        assert {(a, b) for a, b in zip(before, after, strict=True) if a != b} <= allowed


class SigningPhone:
    """An enrolled phone that signs what it sends."""

    def __init__(self, courier: Courier | None = None, device: str | None = None) -> None:
        self.courier = courier or make_phone().courier
        self.signer = Signer()
        code = actions.issue_enrolment_code(courier=self.courier, by="test", now=NOW)
        enrolled = actions.enrol_device(**answer(self.signer, code, device or device_name(), NOW))
        self.device, self.token = enrolled.device, enrolled.token
        self.nonce = nonces.make(self.device.identifier, NOW - timedelta(hours=5))

    def prove(self, nonce: str | None = None, proof: dict | None = None, **changes) -> dict:
        unsigned = envelope(self.device.identifier, counter=self.signer.counter) | changes
        return self.signer.prove(unsigned, **{"nonce": nonce or self.nonce} | (proof or {}))

    def accept(self, *items: dict) -> list:
        raw = [written(item) for item in items]
        receipts = actions.accept_envelopes(raw_items=raw, token=tokens.bearer_of(self.token), now=NOW)
        return [receipt.code or receipt.status for receipt in receipts]


def check(limit: int = 100) -> int:
    return actions.check_proofs(limit=limit, by="test", now=NOW)


def found(item: dict) -> tuple[int, int]:
    proof = Proof.objects.get(envelope_id=item["id"])
    return proof.signature, proof.chain


def columns(*items: dict) -> queries.ProofColumns:
    return queries.proofs_of(np.array([list(UUID(item["id"]).bytes) for item in items], np.uint8))


@pytest.mark.django_db
class TestChecking:
    def test_an_unsigned_envelope_is_as_it_was(self):
        phone = SigningPhone()
        item = envelope(phone.device.identifier)
        assert phone.accept(item) == ["accepted"]
        assert not PendingProof.objects.exists()
        assert check() == 0
        told = columns(item)
        assert (told.signature[0], told.chain[0], told.checked[0], told.counter[0]) == (0, 0, True, -1)
        assert np.isnan(told.nonce_age[0]) and np.isnan(told.nonce_seconds[0])
        assert not Event.objects.filter(kind="proofs.checked").exists()

    def test_a_signed_one_is_checked_after_acceptance(self):
        phone = SigningPhone()
        first, second = phone.prove(), phone.prove()
        assert phone.accept(first, second) == ["accepted"] * 2
        waiting = columns(first)
        assert (waiting.checked[0], waiting.signature[0]) == (False, 0)
        assert (check(), check()) == (2, 0)
        told = columns(second, envelope("nobody"), first)
        assert told.signature.tolist() == [1, 0, 1]
        assert told.chain.tolist() == [LINKED, NONE, FIRST]
        assert told.checked.tolist() == [True] * 3
        assert told.counter.tolist() == [1, -1, 0]
        happened = Envelope.objects.get(id=first["id"]).happened_at.timestamp()
        made = (NOW - timedelta(hours=5)).timestamp()
        assert told.nonce_seconds[0] == told.nonce_seconds[2] == made
        assert told.nonce_age[0] == happened - made
        assert np.isnan(told.nonce_age[1])
        event = Event.objects.get(kind="proofs.checked")
        assert event.data["signatures"] == {"valid": 2}
        assert event.data["chains"] == {"first": 1, "linked": 1}
        assert event.data["mended"] == []

    def test_no_ids_no_columns(self):
        assert len(queries.proofs_of(np.zeros((0, 16), np.uint8)).signature) == 0

    def test_columns_are_read_in_portions(self, monkeypatch):
        monkeypatch.setattr("puyou.ingest.proof_columns.AT_ONCE", 2)
        phone = SigningPhone()
        items = [phone.prove() for _ in range(5)]
        phone.accept(*items[:3])
        check()
        phone.accept(*items[3:])
        told = columns(*items)
        assert (told.counter.tolist(), told.checked.tolist()) == ([0, 1, 2, -1, -1], [True] * 3 + [False] * 2)

    def test_a_late_one_heals_the_gap(self):
        phone = SigningPhone()
        first, second, third = (phone.prove() for _ in range(3))
        phone.accept(first, third)
        check()
        assert (found(first), found(third)) == ((1, FIRST), (1, GAP))
        phone.accept(second)
        check()
        assert (found(second), found(third)) == ((1, LINKED), (1, LINKED))
        event = Event.objects.filter(kind="proofs.checked").order_by("-id")[0]
        assert event.data["mended"] == [third["id"]]

    def test_two_that_claim_one_predecessor_are_forks_both(self):
        phone = SigningPhone()
        first = phone.prove()
        head = phone.signer.prev
        second = phone.prove()
        phone.signer.prev = head
        other = phone.prove()
        phone.accept(first, second)
        check()
        assert found(second) == (1, LINKED)
        phone.accept(other)
        check()
        assert (found(first), found(second), found(other)) == ((1, FIRST), (1, FORK), (1, FORK))

    def test_two_of_one_counter_are_forks_both(self):
        phone = SigningPhone()
        first, second = phone.prove(counter=4), phone.prove(counter=4)
        for item in (first, second):
            phone.accept(item)
            check()
        assert (found(first), found(second)) == ((1, FORK), (1, FORK))

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.permutations(range(6)), st.sets(st.integers(1, 5)), st.integers(1, 6))
    def test_any_arrival_gives_what_the_whole_set_gives(self, order, cuts, limit):
        with transaction.atomic():
            phone = SigningPhone()
            items = [phone.prove() for _ in range(4)]
            phone.signer.prev, phone.signer.counter = items[1]["proof"]["prev"], 9
            items += [phone.prove(), phone.prove(counter=1)]
            for at, index in enumerate(order):
                phone.accept(items[index])
                while at in cuts and check(limit):
                    pass
            while check(limit):
                pass
            told = [found(item) for item in items]
            whole = [Link(1, "k", item["counter"], body_digest(item), prev_of(item), True) for item in items]
            assert [signature for signature, _ in told] == [1] * 6
            assert [chain for _, chain in told] == chains.states(whole)
            transaction.set_rollback(True)

    def test_an_altered_one_is_accepted_and_found_invalid(self):
        phone = SigningPhone()
        item = phone.prove()
        assert phone.accept(item | {"payload": {"village": "520102001002"}}) == ["accepted"]
        check()
        assert found(item) == (2, NONE)

    def test_a_nonce_of_nobody_or_of_another_has_no_age(self):
        phone, other = SigningPhone(), SigningPhone()
        items = [phone.prove(nonce="n-1"), phone.prove(nonce=other.nonce)]
        phone.accept(*items)
        check()
        told = columns(*items)
        assert told.signature.tolist() == [1, 1]
        assert np.isnan(told.nonce_age).all() and np.isnan(told.nonce_seconds).all()

    def test_a_nonce_later_than_the_visit_tells_a_turned_back_clock(self):
        phone = SigningPhone()
        item = phone.prove(happened_at="2026-11-19T10:00:00+08:00")
        phone.accept(item)
        check()
        assert columns(item).nonce_age[0] == -(13 + 8) * 3600

    def test_the_age_follows_the_corrected_clock(self):
        phone = SigningPhone()
        item = phone.prove(happened_at="2026-11-20T14:00:00+08:00")
        bearer = tokens.bearer_of(phone.token)
        device_time = NOW + timedelta(hours=2)
        actions.accept_envelopes(raw_items=[written(item)], token=bearer, now=NOW, device_time=device_time)
        check()
        assert columns(item).nonce_age[0] == 5 * 3600

    @pytest.mark.parametrize("prev", ["x", "A" * 64, "0" * 63, "0" * 65, "\x00", "é" * 64])
    def test_a_predecessor_that_is_none_is_a_gap(self, prev):
        phone = SigningPhone()
        items = [phone.prove(proof={"prev": prev}) for _ in range(2)]
        phone.accept(*items)
        check()
        assert [found(item) for item in items] == [(1, GAP)] * 2

    @pytest.mark.parametrize(
        ("proof", "signature"),
        [
            ({"key_id": "\x00"}, 3),
            ({"key_id": "钥" * 200}, 3),
            ({"alg": "sm2"}, 3),
            ({"nonce": "\x00" * 32}, 1),
            ({"nonce": "é" * 200}, 1),
        ],
    )
    def test_no_proof_stops_the_check(self, proof, signature):
        phone = SigningPhone()
        odd, good = phone.prove(proof=proof), phone.prove()
        assert phone.accept(odd, good) == ["accepted"] * 2
        assert check() == 2
        assert (found(odd)[0], found(good)[0]) == (signature, 1)

    @settings(max_examples=40, deadline=None)
    @given(
        st.fixed_dictionaries(
            {},
            optional={
                "key_id": st.text(min_size=1, max_size=50),
                "nonce": st.text(min_size=1, max_size=50),
                "prev": st.none() | st.text(min_size=1, max_size=70),
                "signature": st.text(min_size=1, max_size=90),
            },
        )
    )
    def test_no_text_in_a_proof_stops_the_check(self, changes):
        with transaction.atomic():
            phone = SigningPhone()
            item = phone.prove()
            item["proof"] |= changes
            try:
                accepted = phone.accept(item) == ["accepted"]
            except Exception:  # lone surrogates are no JSON
                accepted = False
            assert check() == accepted
            transaction.set_rollback(True)

    def test_a_rolled_back_check_leaves_all_waiting(self, monkeypatch):
        phone = SigningPhone()
        phone.accept(phone.prove(), phone.prove())
        with monkeypatch.context() as broken:
            broken.setattr("puyou.ingest.checking._keep", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                check()
        assert (PendingProof.objects.count(), Proof.objects.count(), check()) == (2, 0, 2)

    def test_a_duplicate_waits_only_once(self):
        phone = SigningPhone()
        item = phone.prove()
        assert phone.accept(item, item) == ["accepted", "duplicate"]
        check()
        assert phone.accept(item) == ["duplicate"]
        assert (PendingProof.objects.count(), Proof.objects.count()) == (0, 1)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE ingest_proof SET signature = 1",
            "UPDATE ingest_proof SET chain = 2, nonce_age = 0",
            "DELETE FROM ingest_proof",
            "TRUNCATE ingest_proof",
        ],
    )
    def test_what_was_found_is_kept(self, statement):
        phone = SigningPhone()
        phone.accept(phone.prove(proof={"nonce": "n"}) | {"counter": 3})
        check()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)

    def test_the_queries_do_not_grow_with_the_batch(self, django_assert_max_num_queries):
        phone = SigningPhone()
        phone.accept(phone.prove())
        check()
        phone.accept(*(phone.prove() for _ in range(50)))
        with django_assert_max_num_queries(10):
            assert check() == 50


@pytest.mark.django_db
class TestReplay:
    """A copied outbox, sent from another phone."""

    def test_the_same_envelopes_are_refused(self):
        mine, thief = SigningPhone(), SigningPhone()
        item = mine.prove()
        assert thief.accept(item) == ["wrong_device"]
        assert mine.accept(item) == ["accepted"]
        assert thief.accept(item) == ["wrong_device"]

    def test_under_the_thiefs_device_the_signature_no_longer_holds(self):
        mine, thief = SigningPhone(), SigningPhone()
        item = mine.prove()
        mine.accept(item)
        copied = item | {"device": thief.device.identifier}
        assert thief.accept(copied) == ["conflict"]
        again = copied | {"id": envelope("D")["id"]}
        assert thief.accept(again) == ["accepted"]
        check()
        assert (found(item), found(again)) == ((1, FIRST), (3, NONE))

    def test_the_same_visit_under_another_id_from_the_same_phone_is_no_longer_signed(self):
        phone = SigningPhone()
        item = phone.prove()
        again = item | {"id": envelope("D")["id"]}
        assert phone.accept(item, again) == ["accepted"] * 2
        check()
        assert (found(item), found(again)) == ((1, FIRST), (2, NONE))

    def test_the_owner_of_the_phone_signing_it_twice_makes_a_fork(self):
        phone = SigningPhone()
        item = phone.prove()
        phone.signer.prev, phone.signer.counter = None, 0
        again = phone.prove(payload=item["payload"])
        phone.accept(item, again)
        check()
        assert (found(item), found(again)) == ((1, FORK), (1, FORK))


@pytest.mark.django_db
class TestKeysOfTheTime:
    def test_what_was_signed_before_the_key_ended_stays_valid_and_later_is_unknown(self):
        phone = SigningPhone()
        before = phone.prove(happened_at="2026-11-20T10:00:00+08:00")
        after = phone.prove(happened_at="2026-11-20T12:30:00+08:00")
        actions.replace_device(device=phone.device, by="test", now=NOW)
        later = NOW + timedelta(hours=1)
        bearer = tokens.bearer_of(phone.token)
        actions.accept_envelopes(raw_items=[written(before), written(after)], token=bearer, now=later)
        check()
        assert (found(before)[0], found(after)[0]) == (1, 3)

    def test_a_key_that_came_back_is_known_again(self):
        phone = SigningPhone(Courier.objects.create(number="K1", name="张三", valid_from=date(2026, 1, 1)))
        actions.revoke_device(device=phone.device, ground="丢失", by="test", now=NOW - timedelta(days=1))
        code = actions.issue_enrolment_code(courier=phone.courier, by="test", now=NOW)
        phone.token = actions.enrol_device(**answer(phone.signer, code, phone.device.identifier, NOW)).token
        item = phone.prove()
        phone.accept(item)
        check()
        assert found(item)[0] == 1
        assert DeviceKey.objects.count() == 2

    def test_one_batch_of_many_phones_and_keys(self):
        phones = [SigningPhone() for _ in range(3)]
        items = [(phone, phone.prove()) for phone in phones for _ in range(3)]
        for phone, item in items:
            phone.accept(item)
        assert check() == 9
        assert {found(item)[0] for _, item in items} == {1}
        assert Event.objects.get(kind="proofs.checked").data["chains"] == {"first": 3, "linked": 6}


def body_digest(item: dict) -> bytes:
    return canonical.digest(body(item))


def prev_of(item: dict) -> bytes | None:
    prev = item["proof"]["prev"]
    return None if prev is None else bytes.fromhex(prev)


def test_the_keys_module_and_the_signer_agree():
    assert keys.is_signed(keys.read(SIGNER.jwk), SIGNER.sign(b"x"), b"x")
