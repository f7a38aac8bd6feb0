"""A code, a key, a phone that may speak; and everything wrong that may be brought instead."""

from datetime import date, timedelta

import pytest

from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.ingest import actions, codes, tokens
from puyou.ingest.models import DeviceKey, DeviceStanding, EnrolmentCode, Token
from puyou.ingest.tests.conftest import NOW, make_phone
from puyou.ingest.tests.signing import Signer, answer, device_name
from puyou.registry import actions as registry
from puyou.registry.models import Courier, Device, DeviceBinding

BY = {"by": "user:1", "now": NOW}


@pytest.fixture
def courier(db) -> Courier:
    return Courier.objects.create(number="K1", name="张三", valid_from=date(2026, 1, 1))


@pytest.fixture
def other(db) -> Courier:
    return Courier.objects.create(number="K2", name="李四", valid_from=date(2026, 1, 1))


def issue(courier: Courier, now=NOW) -> str:
    return actions.issue_enrolment_code(courier=courier, by="user:1", now=now)


def enrol(courier: Courier, signer: Signer, device: str, now=NOW) -> actions.Enrolled:
    return actions.enrol_device(**answer(signer, issue(courier, now), device, now))


def refused(**arguments) -> str:
    with pytest.raises(Problem) as caught:
        actions.enrol_device(**arguments)
    assert caught.value.message
    return caught.value.code


class TestIssuing:
    def test_only_a_hash_is_kept(self, courier):
        code = issue(courier)
        kept = EnrolmentCode.objects.get()
        assert bytes(kept.digest) == codes.digest(code)
        assert (kept.courier, kept.issued_by, kept.expires_at) == (
            courier,
            "user:1",
            NOW + timedelta(hours=24),
        )
        event = Event.objects.get(kind="enrolment_code.issued")
        assert event.subject == f"courier:{courier.pk}"
        assert code not in str(event.data) + str(vars(kept))

    def test_a_new_code_ends_the_open_one(self, courier, other):
        first, elsewhere, second = issue(courier), issue(other), issue(courier)
        signer, device = Signer(), device_name()
        assert refused(**answer(signer, first, device, NOW)) == "ingest.bad_code"
        actions.enrol_device(**answer(signer, second, device, NOW))
        actions.enrol_device(**answer(Signer(), elsewhere, device_name(), NOW))

    def test_nobody_who_left_gets_one(self, courier):
        Courier.objects.update(valid_to=date(2026, 11, 20))
        with pytest.raises(Problem) as caught:
            issue(courier)
        assert caught.value.code == "ingest.courier_gone"


class TestEnrolling:
    def test_the_phone_is_registered_and_may_speak(self, courier):
        signer, device = Signer(), device_name()
        enrolled = enrol(courier, signer, device)
        assert (enrolled.device.identifier, enrolled.key_id) == (device, signer.key_id)
        bearer = tokens.bearer_of(enrolled.token)
        assert (bearer.device_identifier, bearer.courier_id) == (device, courier.pk)
        binding = DeviceBinding.objects.get(device=enrolled.device)
        assert (binding.courier, binding.valid_from, binding.valid_to) == (courier, date(2026, 11, 20), None)
        key = DeviceKey.objects.get(device=enrolled.device)
        assert (key.public_key, key.algorithm, key.label) == (signer.jwk, "es256", "Redmi 9A")
        kinds = Event.objects.values_list("kind", flat=True)
        assert {"device.registered", "device.bound", "device.enrolled", "token.issued"} <= set(kinds)

    def test_a_lost_answer_is_not_a_lost_phone(self, courier):
        arguments = answer(Signer(), issue(courier), device_name(), NOW)
        first = actions.enrol_device(**arguments)
        second = actions.enrol_device(**arguments | {"now": NOW + timedelta(hours=23)})
        assert tokens.bearer_of(second.token).device_id == first.device.pk
        with pytest.raises(Problem) as caught:
            tokens.bearer_of(first.token)
        assert caught.value.code == "ingest.revoked_token"
        assert Device.objects.count() == DeviceBinding.objects.count() == DeviceKey.objects.count() == 1

    def test_a_used_code_serves_no_other_phone_and_no_other_key(self, courier):
        code, signer, device = issue(courier), Signer(), device_name()
        actions.enrol_device(**answer(signer, code, device, NOW))
        assert refused(**answer(signer, code, device_name(), NOW)) == "ingest.bad_code"
        assert refused(**answer(Signer(), code, device, NOW)) == "ingest.bad_code"

    @pytest.mark.parametrize("late", [timedelta(hours=24), timedelta(days=30)])
    @pytest.mark.parametrize("used", [False, True])
    def test_an_expired_code_opens_nothing(self, courier, late, used):
        arguments = answer(Signer(), issue(courier), device_name(), NOW)
        if used:
            actions.enrol_device(**arguments)
        assert refused(**arguments | {"now": NOW + late}) == "ingest.bad_code"

    def test_who_left_in_between_cannot_enrol(self, courier):
        arguments = answer(Signer(), issue(courier), device_name(), NOW)
        Courier.objects.update(valid_to=date(2026, 11, 20))
        assert refused(**arguments) == "ingest.bad_code"

    @pytest.mark.parametrize("code", ["", "22222-22222", "x" * 10, "'; --", "\x00" * 10, "２" * 10])
    def test_a_wrong_code_opens_nothing(self, courier, code):
        issue(courier)
        assert refused(**answer(Signer(), code, device_name(), NOW)) == "ingest.bad_code"

    @pytest.mark.parametrize(
        "device",
        ["", "P-", "D-52-0001", "P-" + "x" * 21, "P-" + "x" * 23, "P-" + "é" * 22, "P-" + "x" * 21 + "\n"],
    )
    def test_a_device_is_named_as_the_app_mints_it(self, courier, device):
        assert refused(**answer(Signer(), issue(courier), device, NOW)) == "ingest.bad_device"

    @pytest.mark.parametrize("key", [{}, {"kty": "oct", "k": "AA"}, {"kty": "EC", "crv": "P-521"}])
    def test_a_key_of_another_kind_is_refused(self, courier, key):
        assert refused(**answer(Signer(), issue(courier), device_name(), NOW, key=key)) == "ingest.bad_key"

    def test_the_phone_must_hold_its_key(self, courier):
        thief, owner, device, code = Signer(), Signer(), device_name(), issue(courier)
        borrowed = answer(thief, code, device, NOW, key=owner.jwk)
        assert refused(**borrowed) == "ingest.bad_key"
        elsewhere = owner.sign(f"enrol:{code}:{device_name()}".encode())
        assert refused(**answer(owner, code, device, NOW, signature=elsewhere)) == "ingest.bad_key"
        for nonsense in ("", "!", "A" * 86):
            assert refused(**answer(owner, code, device, NOW, signature=nonsense)) == "ingest.bad_key"
        assert not Device.objects.exists()
        actions.enrol_device(**answer(owner, code, device, NOW))  # the code was not used up

    def test_a_label_is_cut_to_what_can_be_shown(self, courier):
        arguments = answer(Signer(), issue(courier), device_name(), NOW, label="\x00红米\n" + "x" * 100)
        actions.enrol_device(**arguments)
        assert DeviceKey.objects.get().label == "红米" + "x" * 58


class TestKnownPhones:
    def test_one_courier_may_have_two_phones(self, courier):
        for _ in range(2):
            enrol(courier, Signer(), device_name())
        assert DeviceBinding.objects.filter(courier=courier, valid_to=None).count() == 2

    def test_the_same_phone_may_pass_to_another_courier(self, courier, other):
        signer, device = Signer(), device_name()
        first = enrol(courier, signer, device)
        second = enrol(other, signer, device, NOW + timedelta(days=1))
        assert tokens.bearer_of(second.token).courier_id == other.pk
        with pytest.raises(Problem):
            tokens.bearer_of(first.token)
        spans = DeviceBinding.objects.order_by("id").values_list("courier", "valid_from", "valid_to")
        today, tomorrow = date(2026, 11, 20), date(2026, 11, 21)
        assert list(spans) == [(courier.pk, today, tomorrow), (other.pk, tomorrow, None)]

    def test_passing_to_and_fro_on_one_day(self, courier, other):
        signer, device = Signer(), device_name()
        for holder in (courier, other, courier, other):
            enrol(holder, signer, device)
        assert DeviceBinding.objects.get(valid_to=None).courier == other
        assert DeviceKey.objects.filter(ended_at=None).count() == 1

    def test_the_code_of_before_does_not_bring_it_back(self, courier, other):
        signer, device, code = Signer(), device_name(), issue(courier)
        actions.enrol_device(**answer(signer, code, device, NOW))
        enrol(other, signer, device)
        assert refused(**answer(signer, code, device, NOW)) == "ingest.bad_code"

    def test_nobody_takes_over_anothers_device_with_a_key_of_his_own(self, courier, other):
        device = device_name()
        enrol(courier, Signer(), device)
        assert refused(**answer(Signer(), issue(other), device, NOW)) == "ingest.device_taken"
        assert DeviceBinding.objects.get().courier == courier

    def test_a_device_registered_without_a_key_belongs_to_its_holder(self, courier, other):
        device = registry.register_device(identifier=device_name(), **BY)
        registry.bind_device(device=device, courier=courier, valid_from=date(2026, 11, 1), **BY)
        assert refused(**answer(Signer(), issue(other), device.identifier, NOW)) == "ingest.device_taken"
        assert enrol(courier, Signer(), device.identifier).device == device

    def test_a_courier_may_bring_a_new_key_on_the_same_phone(self, courier):
        device, first, second = device_name(), Signer(), Signer()
        enrol(courier, first, device)
        enrol(courier, second, device, NOW + timedelta(hours=1))
        spans = DeviceKey.objects.order_by("id").values_list("key_id", "ended_at")
        assert list(spans) == [(first.key_id, NOW + timedelta(hours=1)), (second.key_id, None)]


class TestStanding:
    @pytest.fixture
    def enrolled(self, courier):
        return enrol(courier, Signer(), device_name())

    def why(self, token: str) -> tuple[str, str]:
        with pytest.raises(Problem) as caught:
            tokens.bearer_of(token)
        assert (caught.value.code, caught.value.status) == ("ingest.revoked_token", 403)
        return caught.value.details["standing"], caught.value.message

    def test_a_suspended_phone_is_told_so_until_it_is_resumed(self, enrolled):
        actions.suspend_device(device=enrolled.device, ground="核查中", **BY)
        standing, message = self.why(enrolled.token)
        assert standing == "suspended" and "暂停" in message
        actions.resume_device(device=enrolled.device, ground="已查清", **BY)
        assert tokens.bearer_of(enrolled.token).device_id == enrolled.device.pk
        rows = DeviceStanding.objects.order_by("id").values_list("standing", "ground", "by", "at")
        assert list(rows) == [("suspended", "核查中", "user:1", NOW), ("active", "已查清", "user:1", NOW)]
        assert Event.objects.filter(kind__in=["device.suspended", "device.resumed"]).count() == 2

    def test_a_revoked_phone_is_told_so_for_good(self, enrolled):
        actions.revoke_device(device=enrolled.device, ground="手机丢失", **BY)
        standing, message = self.why(enrolled.token)
        assert standing == "revoked" and "收回" in message
        assert DeviceKey.objects.get().ended_at == NOW
        with pytest.raises(Problem) as caught:
            actions.resume_device(device=enrolled.device, ground="找回", **BY)
        assert caught.value.code == "ingest.revoked_for_good"

    def test_a_suspended_phone_may_still_be_revoked(self, enrolled):
        actions.suspend_device(device=enrolled.device, ground="核查中", **BY)
        actions.revoke_device(device=enrolled.device, ground="属实", **BY)
        assert self.why(enrolled.token)[0] == "revoked"

    @pytest.mark.parametrize(
        ("verb", "ground", "code"),
        [
            ("suspend_device", "", "ground_needed"),
            ("suspend_device", "  ", "ground_needed"),
            ("revoke_device", "长" * 201, "ground_needed"),
            ("resume_device", "没停过", "standing_already"),
        ],
    )
    def test_nothing_changes_without_reason(self, enrolled, verb, ground, code):
        with pytest.raises(Problem) as caught:
            getattr(actions, verb)(device=enrolled.device, ground=ground, **BY)
        assert caught.value.code == f"ingest.{code}"
        assert caught.value.message
        assert not DeviceStanding.objects.exists()

    def test_twice_suspended_is_said(self, enrolled):
        actions.suspend_device(device=enrolled.device, ground="核查中", **BY)
        with pytest.raises(Problem) as caught:
            actions.suspend_device(device=enrolled.device, ground="核查中", **BY)
        assert caught.value.code == "ingest.standing_already"

    def test_a_suspended_phone_cannot_enrol_itself_out_of_it(self, courier):
        signer, device, code = Signer(), device_name(), issue(courier)
        arguments = answer(signer, code, device, NOW)
        phone = actions.enrol_device(**arguments).device
        actions.suspend_device(device=phone, ground="核查中", **BY)
        assert refused(**arguments) == "ingest.revoked_token"
        assert refused(**answer(signer, issue(courier), device, NOW)) == "ingest.revoked_token"

    def test_a_revoked_phone_comes_back_by_a_new_code_only(self, courier):
        signer, device, code = Signer(), device_name(), issue(courier)
        arguments = answer(signer, code, device, NOW)
        phone = actions.enrol_device(**arguments).device
        actions.revoke_device(device=phone, ground="手机丢失", **BY)
        assert refused(**arguments) == "ingest.revoked_token"
        again = enrol(courier, signer, device)
        assert tokens.bearer_of(again.token).device_id == phone.pk
        assert DeviceStanding.objects.order_by("-id")[0].standing == "active"


class TestReplacing:
    def test_the_old_phone_ends_today_and_its_late_envelopes_still_come_in(self, courier):
        old = enrol(courier, Signer(), device_name())
        later = NOW + timedelta(days=1)
        code = actions.replace_device(device=old.device, by="user:1", now=later)
        new = actions.enrol_device(**answer(Signer(), code, device_name(), later))
        assert tokens.bearer_of(old.token).device_id == old.device.pk
        assert DeviceBinding.objects.get(device=old.device).valid_to == date(2026, 11, 21)
        assert DeviceKey.objects.get(device=old.device).ended_at == later
        assert DeviceBinding.objects.get(device=new.device).courier == courier
        assert Event.objects.filter(kind="device.replaced").count() == 1

    def test_the_old_phone_cannot_ask_again_with_its_code(self, courier):
        arguments = answer(Signer(), issue(courier), device_name(), NOW)
        old = actions.enrol_device(**arguments)
        actions.replace_device(device=old.device, **BY)
        assert refused(**arguments) == "ingest.bad_code"

    def test_a_phone_in_nobodys_hands_cannot_be_replaced(self, db):
        device = registry.register_device(identifier=device_name(), **BY)
        with pytest.raises(Problem) as caught:
            actions.replace_device(device=device, **BY)
        assert caught.value.code == "ingest.not_held"


def test_tokens_of_the_command_open_the_door_as_before(db):
    phone = make_phone()
    assert phone.bearer.device_id == phone.device.pk
    assert Token.objects.count() == 1
