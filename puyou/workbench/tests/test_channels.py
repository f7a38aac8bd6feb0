import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail

from puyou.accounts.models import User
from puyou.accounts.tests.offices import officer, signed_in
from puyou.cases.models import CaseNotice
from puyou.cases.tests.cast import NOW, do
from puyou.core import clock, outward, sealed
from puyou.core.models import Event
from puyou.places.queries import get_place
from puyou.workbench import actions, jobs, queueing, sending
from puyou.workbench.channels import dingtalk
from puyou.workbench.models import ChannelSetting, Delivery, Digest, NoticePreference
from puyou.workbench.tests import gateway as gateways
from puyou.workbench.tests.test_desk import office_of, opened, people  # noqa: F401

pytestmark = pytest.mark.django_db
SECRET = "very-secret-key-of-a-robot"


@pytest.fixture(scope="module")
def running():
    with gateways.running() as gateway:
        yield gateway


@pytest.fixture
def gateway(running, settings):
    settings.OUTWARD = (running.origin, "qyapi.weixin.qq.com")
    running.mood, running.asked = "takes", []
    return running


@pytest.fixture
def keeper(people):  # noqa: F811
    """Who looks after organisations and people in Guizhou."""
    user = officer("channel.keeper", "system_administrator", get_place("52"))
    type(user.appointments.get().post.grants.get()).objects.update(valid_from=NOW.date() - timedelta(days=30))
    user.appointments.update(valid_from=NOW.date() - timedelta(days=30))
    return user


def set_up(people, channel, gateway, **more):  # noqa: F811
    """The officer's own office sends by a channel."""
    return ChannelSetting.objects.create(
        organisation=office_of(people), channel=channel, values={"url": gateway.origin + "/hook", "template": "T1"},
        secret=sealed.seal(SECRET, channel), changed_at=NOW - timedelta(hours=1), changed_by=people.officer.user,
        **more,
    )  # fmt: skip


def prefer(who, channel="sms", address="13985012345", **more):
    given = {"at_once": True, "digest": True} | more
    actions.save_preference(
        user=who.user, channel=channel, address=address, now=NOW - timedelta(hours=1), **given
    )


def waiting(people, gateway, channel="wecom"):  # noqa: F811
    setting = set_up(people, channel, gateway)
    return Delivery.objects.create(key="x", kind="notice", channel=channel, setting=setting, text="一句", due_at=NOW,
                                   created_at=NOW)  # fmt: skip


class TestOutward:
    @pytest.mark.parametrize(
        "url",
        ["http://127.0.0.1/", "https://localhost/", "http://169.254.169.254/latest", "https://10.0.0.1/", "file:///etc/passwd",
         "https://qyapi.weixin.qq.com:8443/", "http://qyapi.weixin.qq.com/", "https://qyapi.weixin.qq.com@evil.cn/",
         "https://evil.cn#qyapi.weixin.qq.com", "https://qyapi.weixin.qq.com.evil.cn/", "https://[::1]/", "https://:0/",
         "gopher://qyapi.weixin.qq.com/", "https://qyapi.weixin.qq.com:x/", "", "http://[::ffff:127.0.0.1]/", "//x"],
    )  # fmt: skip
    def test_nobody_is_asked_but_who_is_allowed(self, gateway, url):
        with pytest.raises(outward.Refused):
            outward.find_target(url)

    def test_an_allowed_name_that_points_inside_is_not_asked(self, gateway, monkeypatch):
        for address in (
            "127.0.0.1",
            "10.1.2.3",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "::1",
            "fd00::1",
        ):
            found = [(2, 1, 6, "", ("1.1.1.1", 443)), (2, 1, 6, "", (address, 443))]
            monkeypatch.setattr(outward.socket, "getaddrinfo", lambda *given, found=found, **more: found)
            with pytest.raises(outward.Refused, match="内部网络"):
                outward.find_target("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1")
        monkeypatch.setattr(outward.socket, "getaddrinfo", lambda *given, **more: found[:1])
        assert outward.find_target("https://qyapi.weixin.qq.com/a?key=1").address == "1.1.1.1"

    def test_a_whole_origin_may_lie_inside_and_nothing_beside_it(self, gateway):
        assert outward.post_json(gateway.origin + "/a?b=1", b"{}") == {"errcode": 0, "code": 0}
        assert gateway.asked[0][0] == "/a?b=1"
        with pytest.raises(outward.Refused):
            outward.find_target(gateway.origin.replace("127.0.0.1", "127.0.0.2"))

    def test_redirects_are_not_followed(self, gateway):
        gateway.mood = "elsewhere"
        with pytest.raises(outward.Refused):
            outward.post_json(gateway.origin, b"{}")
        assert len(gateway.asked) == 1

    def test_who_hesitates_or_drips_is_left(self, gateway, monkeypatch):
        monkeypatch.setattr(outward, "SECONDS", 0.3)
        gateway.mood = "hesitates"
        with pytest.raises(outward.Failed):
            outward.post_json(gateway.origin, b"{}")
        monkeypatch.setattr(outward, "WHOLE_SECONDS", 0.4)
        gateway.mood = "drips"
        with pytest.raises(outward.Failed):
            outward.post_json(gateway.origin, b"{}")


class TestChannels:
    def test_a_short_message_carries_template_and_signature(self, people, gateway):  # noqa: F811
        set_up(people, "sms", gateway)
        prefer(people.officer)
        (case,) = opened(people)
        CaseNotice.objects.create(
            case=case, user=people.officer.user, sentence="样例案件：有人写的话", at=NOW
        )
        assert jobs.queue_notices() == 1 and jobs.send_due() == 1
        path, headers, said = gateway.asked[0]
        assert (path, said["to"], said["template"]) == ("/hook", "13985012345", "T1")
        assert (
            case.number in said["parameters"]["text"]
            and "有人写的话" not in str(said)
            and case.title not in str(said)
        )
        body = json.dumps(said, ensure_ascii=False).encode()
        stamp = headers["X-Puyou-Timestamp"]
        mark = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        assert headers["X-Puyou-Signature"] == mark
        row = Delivery.objects.get()
        assert (row.status, row.sent_to, row.attempts) == ("sent", "139****2345", 1)

    def test_wecom_gets_its_key_and_text(self, people, gateway):  # noqa: F811
        sending.send(waiting(people, gateway), now=NOW)
        path, _, said = gateway.asked[0]
        assert path == f"/hook?key={SECRET}"
        assert said == {"msgtype": "text", "text": {"content": "一句"}}

    def test_dingtalk_is_signed_as_it_asks(self, people, gateway):  # noqa: F811
        held = waiting(people, gateway, "dingtalk")
        ChannelSetting.objects.update(secret=sealed.seal("token SEC123", "dingtalk"))
        sending.send(Delivery.objects.get(pk=held.pk), now=NOW)
        asked = parse_qs(urlsplit(gateway.asked[0][0]).query)
        assert asked["access_token"] == ["token"]
        assert asked["sign"] == [dingtalk.signature(asked["timestamp"][0], "SEC123")]
        # Worked out apart from this code: HMAC-SHA256("1700000000000\nSEC123") under SEC123.
        expected = hmac.digest(b"SEC123", b"1700000000000\nSEC123", "sha256")
        assert dingtalk.signature("1700000000000", "SEC123").encode() == base64.b64encode(expected)

    def test_mail_goes_to_the_address(self, people, gateway):  # noqa: F811
        set_up(people, "mail", gateway)
        ChannelSetting.objects.update(values={"sender": "puyou@gz.example"})
        prefer(people.officer, "mail", "zhang@post.example")
        (case,) = opened(people)
        CaseNotice.objects.create(case=case, user=people.officer.user, sentence="秘密", at=NOW)
        jobs.queue_notices()
        jobs.send_due()
        (sent,) = mail.outbox
        assert (sent.to, sent.from_email) == (["zhang@post.example"], "puyou@gz.example")
        assert case.number in sent.body and "秘密" not in sent.body
        assert Delivery.objects.get().sent_to == "z***@post.example"

    def test_what_fails_is_tried_again_later_and_later_and_then_no_more(self, people, gateway):  # noqa: F811
        held = waiting(people, gateway)
        for mood in ("breaks", "rubbish", "deep", "list", "huge", "hangs_up", "refuses"):
            gateway.mood, now, pauses = mood, NOW, []
            Delivery.objects.update(status="waiting", attempts=0, due_at=NOW, error="")
            while Delivery.objects.get().status == "waiting":
                assert sending.send_due(now=now) == 1
                assert sending.send_due(now=now) == 0  # not before its pause is over
                held.refresh_from_db()
                pauses.append(held.due_at - now)
                now = held.due_at
            assert pauses[:-1] == sending.PAUSES and held.attempts == len(sending.PAUSES) + 1, mood
            assert held.status == "failed" and held.error, mood

    def test_what_recovers_is_sent_once(self, people, gateway):  # noqa: F811
        gateway.mood = "breaks"
        held = waiting(people, gateway)
        sending.send_due(now=NOW)
        gateway.mood = "takes"
        assert sending.send_due(now=NOW + timedelta(minutes=2)) == 1
        assert sending.send_due(now=NOW + timedelta(days=2)) == 0
        held.refresh_from_db()
        assert (held.status, held.attempts, len(gateway.asked)) == ("sent", 2, 2)

    def test_what_is_refused_is_not_tried_again(self, people, gateway):  # noqa: F811
        waiting(people, gateway)
        for asked, mood in enumerate(("forbids", "elsewhere"), 1):
            gateway.mood = mood
            Delivery.objects.update(status="waiting", due_at=NOW)
            sending.send_due(now=NOW)
            assert Delivery.objects.get().status == "failed" and len(gateway.asked) == asked

    def test_who_dies_over_a_message_gives_it_back(self, people, gateway):  # noqa: F811
        waiting(people, gateway)
        assert sending._take(NOW) is not None and sending._take(NOW) is None
        assert sending.send_due(now=NOW + sending.LEASE) == 1
        assert Delivery.objects.get().status == "sent"


class TestQueue:
    def test_nothing_is_queued_twice_and_nothing_from_before_it_was_wished(self, people, gateway):  # noqa: F811
        (case,) = opened(people)
        CaseNotice.objects.create(
            case=case, user=people.officer.user, sentence="早", at=NOW - timedelta(hours=5)
        )
        prefer(people.officer)
        CaseNotice.objects.create(case=case, user=people.officer.user, sentence="新", at=NOW)
        assert [queueing.queue_notices(now=NOW) for _ in range(2)] == [1, 0]

    def test_a_group_hears_of_an_event_once_however_many_were_told(self, people, gateway):  # noqa: F811
        set_up(people, "wecom", gateway, at_once=True)
        other = officer("channel.second", "provincial_regulator", get_place("52"))
        other.appointments.update(valid_from=NOW.date())
        post = people.officer.user.appointments.get().post
        other.appointments.update(post=post)
        (case,) = opened(people)
        for user in (people.officer.user, other):
            CaseNotice.objects.create(case=case, user=user, sentence="受理", at=NOW)
        assert [queueing.queue_notices(now=NOW) for _ in range(2)] == [1, 0]
        assert jobs.send_due() == 1 and len(gateway.asked) == 1

    def test_the_cases_transaction_neither_waits_nor_fails_with_the_channel(self, people, gateway):  # noqa: F811
        gateway.mood = "hangs_up"
        set_up(people, "sms", gateway)
        prefer(people.officer)
        (case,) = opened(people)
        actions_before = len(gateway.asked)
        do(case, "accept", people.colleague)
        assert len(gateway.asked) == actions_before and not Delivery.objects.exists()

    def test_what_nobody_wants_any_more_is_dropped(self, people, gateway):  # noqa: F811
        set_up(people, "sms", gateway)
        prefer(people.officer)
        (case,) = opened(people)
        CaseNotice.objects.create(case=case, user=people.officer.user, sentence="新", at=NOW)
        queueing.queue_notices(now=NOW)
        NoticePreference.objects.all().delete()
        sending.send_due(now=NOW)
        assert Delivery.objects.get().status == "dropped" and gateway.asked == []

    def test_an_office_without_a_setting_uses_the_one_above_and_never_a_companys(self, people, gateway):  # noqa: F811
        setting = set_up(people, "sms", gateway)
        assert sending.setting_for(people.officer.user, "sms", NOW) == setting
        assert sending.setting_for(people.colleague.user, "sms", NOW) == setting
        assert sending.setting_for(people.company.user, "sms", NOW) is None
        assert sending.setting_for(people.stranger.user, "sms", NOW) is None


class TestDigest:
    def at(self, hour, day=25):
        return datetime(2026, 9, day, hour, 5, tzinfo=clock.SHANGHAI)

    def test_once_a_day_from_eight_and_only_when_there_is_something_to_say(self, people, gateway):  # noqa: F811
        set_up(people, "sms", gateway)
        opened(people, 2)
        prefer(people.officer)
        prefer(people.stranger)
        prefer(people.colleague, digest=False)
        said = []
        for hour in (7, 8, 8, 12, 21):
            with clock.frozen(self.at(hour)):
                said.append(jobs.queue_digests())
        assert said == [0, 2, 0, 0, 0]
        (row,) = Delivery.objects.filter(kind="digest")
        assert row.user == people.officer.user and "待办 2 件" in row.text
        assert set(Digest.objects.values_list("text", flat=True)) == {row.text, ""}
        with clock.frozen(self.at(8, 26)):
            assert jobs.queue_digests() == 2
            jobs.send_due()
        assert Delivery.objects.filter(kind="digest", status="sent").count() == 2

    def test_a_group_gets_its_offices_day(self, people, gateway):  # noqa: F811
        set_up(people, "wecom", gateway)
        opened(people, 3)
        assert [queueing.queue_digests(now=self.at(9)) for _ in range(2)] == [1, 0]
        assert "在办案件 3 件" in Delivery.objects.get().text


class TestPages:
    def test_ones_own_wishes(self, people, gateway):  # noqa: F811
        client = signed_in(people.officer.user)
        assert client.get("/workbench/notices/").status_code == 200
        bad = client.post("/workbench/notices/", {"sms_address": "12345", "sms_digest": "on"})
        assert bad.status_code == 422 and "11 位手机号码" in bad.content.decode()
        bad = client.post("/workbench/notices/", {"mail_digest": "on"})
        assert bad.status_code == 422 and "请填写邮箱地址" in bad.content.decode()
        given = {"sms_address": "13985012345", "sms_digest": "on", "mail_address": "a@b.cn"}
        assert client.post("/workbench/notices/", given).status_code == 302
        held = NoticePreference.objects.get()
        assert (held.channel, held.digest, held.at_once) == ("sms", True, False)
        client.post("/workbench/notices/", {})
        assert not NoticePreference.objects.exists()
        assert "13985012345" not in str(list(Event.objects.values()))

    def test_a_setting_is_saved_tried_and_its_secret_never_shown(self, people, gateway, keeper):  # noqa: F811
        client, office = signed_in(keeper), office_of(people)
        chosen = client.post("/system/channels/new/", {"organisation": office.name, "channel": "wecom"})
        address = chosen.headers["Location"]
        assert address == f"/system/channels/{office.pk}/wecom/"
        assert client.post(address + "test/").status_code == 409
        given = {"url": gateway.origin, "secret": SECRET, "enabled": "on", "digest": "on"}
        assert client.post(address, given | {"secret": ""}).status_code == 422
        bad = client.post(address, given | {"url": "http://169.254.169.254/"})
        assert bad.status_code == 422 and "不在允许的外部地址之内" in bad.content.decode()
        assert client.post(address, given).status_code == 302
        held = ChannelSetting.objects.get()
        assert SECRET not in held.secret and sealed.unseal(held.secret, "wecom") == SECRET
        assert sealed.unseal(held.secret, "sms") == ""
        for page in (address, "/system/channels/", "/system/deliveries/"):
            assert SECRET not in client.get(page).content.decode()
        assert SECRET not in str(list(Event.objects.values()))
        client.post(address, given | {"secret": ""})
        assert sealed.unseal(ChannelSetting.objects.get().secret, "wecom") == SECRET
        assert "测试消息已发出" in client.post(address + "test/", follow=True).content.decode()
        gateway.mood = "refuses"
        assert "频率超限" in client.post(address + "test/", follow=True).content.decode()
        assert "频率超限" in client.get("/system/deliveries/?status=failed").content.decode()

    def test_a_personal_channel_is_tried_on_oneself(self, people, gateway, keeper):  # noqa: F811
        setting = set_up(people, "sms", gateway)
        client, address = signed_in(keeper), f"/system/channels/{setting.organisation_id}/sms/test/"
        assert client.post(address).status_code == 409
        NoticePreference.objects.create(user=keeper, channel="sms", address="13985099999", since=NOW)
        client.post(address)
        assert gateway.asked[0][2]["to"] == "13985099999"

    def test_others_may_not(self, people, gateway, keeper):  # noqa: F811
        setting = set_up(people, "sms", gateway)
        other = officer("channel.other", "system_administrator", people.stranger.user.organisation.place)
        User.objects.filter(pk=other.pk).update(must_change_password=False)
        other.appointments.update(valid_from=NOW.date())
        type(setting.organisation.posts.first().grants.first()).objects.update(valid_from=NOW.date())
        address = f"/system/channels/{setting.organisation_id}/sms/"
        assert signed_in(other).get(address).status_code == 404
        assert signed_in(other).post(address, {"secret": "x"}).status_code == 404
        assert office_of(people).name not in signed_in(other).get("/system/channels/").content.decode()
        assert signed_in(people.officer.user).get(address).status_code == 403
        assert signed_in(people.officer.user).get("/system/deliveries/").status_code == 403
