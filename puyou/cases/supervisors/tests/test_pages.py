"""Pages about supervisors: the whole way by forms, who sees what, exports and how many queries."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from puyou.accounts.tests.offices import signed_in
from puyou.cases.supervisors import queries
from puyou.cases.supervisors.models import Checklist, RecruitmentRound, Supervisor, SupervisorTask
from puyou.cases.supervisors.tests.cast import GOOD, NAME, PHONE
from puyou.core.models import Event

LISTS = ("", "rounds/", "coverage/", "tasks/", "commendations/", "trainings/")
ROOT = "/cases/supervisors/"


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def everything(world) -> list[str]:
    """A supervisor with a task, a result and honours, and every page that shows something of them."""
    from puyou.cases.supervisors import actions  # noqa: PLC0415

    one = world.supervisor()
    task = world.task()
    result = world.result(one, task, answers=GOOD | {"kept": "yes"})
    actions.commend_supervisor(supervisor_id=one.pk, title="优秀监督员", ground="认真", **world.how())
    letter = one.terms.get().letter
    return [
        f"{ROOT}{one.pk}/", f"{ROOT}tasks/{task.pk}/", f"{ROOT}results/{result.pk}/",
        f"{ROOT}rounds/{one.candidate.round_id}/", f"{ROOT}candidates/{one.candidate_id}/",
        f"{ROOT}{one.pk}/letters/{letter.pk}/", 
        *(f"{ROOT}{one.pk}/{verb}/" for verb in ("renew", "end", "commend", "train")),
        f"{ROOT}tasks/{task.pk}/withdraw/", f"{ROOT}rounds/{one.candidate.round_id}/close/",
        f"{ROOT}candidates/{one.candidate_id}/review/", f"{ROOT}candidates/{one.candidate_id}/appoint/",
        f"{ROOT}rounds/{one.candidate.round_id}/candidates/new/",
    ]  # fmt: skip


class TestTheWholeWay:
    def test_from_a_round_to_a_result_by_forms(self, world):
        client = signed_in(world.officer)
        assert "还没有选聘批次" in text(client.get(f"{ROOT}rounds/"))
        form = {"title": "春季选聘", "place": world.county.code, "places": 3, "first": "2026-09-24"}
        kept = client.post(f"{ROOT}rounds/new/", form | {"last": "2026-09-01"})
        assert kept.status_code == 422 and "春季选聘" in kept.content.decode()
        address = client.post(f"{ROOT}rounds/new/", form | {"last": "2026-10-31"}).url
        person = {
            "name": NAME, "phone": PHONE, "place": world.village.code, "background": "village", "channel": "open",
            "area_class": "rural", "statement": "<script>",
        }  # fmt: skip
        assert client.post(f"{address}candidates/new/", person | {"phone": "x"}).status_code == 422
        candidate = client.post(f"{address}candidates/new/", person).url
        twice = client.post(f"{address}candidates/new/", person)
        assert twice.status_code == 409 and "已在本批次登记过" in twice.content.decode()
        assert "&lt;script&gt;" in text(client.get(candidate))
        client.post(f"{candidate}review/", {"decision": "approved", "ground": "符合条件"})
        one = client.post(f"{candidate}appoint/", {"first": "2026-09-24"}).url
        assert "在聘" in text(client.get(one)) and Supervisor.objects.get().name == NAME
        assert client.get(reverse("supervisor_letter", args=[
            Supervisor.objects.get().pk, Supervisor.objects.get().terms.get().letter.pk,
        ])).content.startswith(b"%PDF")  # fmt: skip
        checklist = Checklist.objects.get(code="village_delivery")
        task = {"title": "看投递", "checklist": checklist.pk, "place": "520500000000", "split": "counties"}
        assert client.post(f"{ROOT}tasks/new/", task | {"due": "2026-09-01"}).status_code == 422
        assert client.post(f"{ROOT}tasks/new/", task | {"due": "2026-10-08"}).status_code == 302
        assert SupervisorTask.objects.get().place == world.county
        assert (
            client.post(f"{one}renew/").status_code == 302 and client.post(f"{one}renew/").status_code == 409
        )
        client.post(f"{one}train/", {"lesson": "rights", "score": 90})
        client.post(f"{one}commend/", {"title": "优秀", "ground": "认真"})
        client.post(f"{one}end/", {"ground": "moved", "words": "迁往外省"})
        shown = text(client.get(one))
        assert "迁往外省" in shown and "优秀" in shown and "监督员的权利和义务" in shown and "续聘" in shown

    def test_a_result_is_shown_point_by_point(self, world):
        client, addresses = signed_in(world.officer), everything(world)
        for address in addresses[:5]:
            assert NAME in text(client.get(address)), address
        assert "邮件是否留在乡镇或村外" in text(client.get(addresses[2])) and "不符" in text(
            client.get(addresses[2])
        )
        assert "是 1" in text(client.get(addresses[1]))

    def test_coverage_counts_and_lists_the_bare(self, world):
        client = signed_in(world.officer)
        before = text(client.get(f"{ROOT}coverage/?place=520500000000"))
        world.supervisor()
        after = text(client.get(f"{ROOT}coverage/?place=520500000000"))
        assert "0 个有在聘监督员" in before and "1 个有在聘监督员" in after and "未经核实" in after
        assert "目标 60%" in after.replace("60.0%", "60%")


class TestWhoSees:
    @pytest.mark.parametrize("who", ["stranger", "company"])
    def test_another_province_and_the_company_find_nothing(self, world, who):
        addresses, client = everything(world), signed_in(getattr(world, who))
        before = Event.objects.order_by("-id").values_list("id", flat=True).first()
        for address in addresses:
            assert client.get(address).status_code in (403, 404), address
            assert client.post(address, {"ground": "moved", "words": "x", "title": "x"}).status_code in (
                403,
                404,
            ), address
        for page in LISTS:
            for more in ("", "?format=csv"):
                answer = client.get(f"{ROOT}{page}{more}")
                body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                assert NAME not in body.decode(), page
                assert who == "company" or world.county.name not in body.decode(), page
        own = ("supervisor.", "task.", "candidate.", "recruitment.", "training.")
        kinds = Event.objects.filter(id__gt=before).values_list("kind", flat=True)
        assert [kind for kind in kinds if kind.startswith(own)] == []

    def test_anybody_checks_a_certificate_and_learns_no_name(self, world):
        one = world.supervisor()
        address = queries.verify_address(one)
        shown = text(Client().get(address))
        assert "证书有效" in shown and one.number in shown and NAME not in shown and one.phone not in shown
        assert Client().get(address[:-5] + "0000/").status_code == 404
        one.terms.update(valid_to=date(2026, 9, 24))
        assert "证书无效" in text(Client().get(address))


@pytest.mark.parametrize("page", LISTS)
def test_lists_narrow_export_and_ask_little(world, page, django_assert_max_num_queries):
    everything(world)
    client = signed_in(world.officer)
    client.get(f"{ROOT}{page}")
    with django_assert_max_num_queries(25):
        text(client.get(f"{ROOT}{page}"))
    for asked in (
        "place=520526000000",
        "place=11&q=x",
        "standing=open",
        "standing=active",
        "standing=soon",
        "format=csv",
    ):
        if page != "coverage/" or asked.startswith("format"):
            assert client.get(f"{ROOT}{page}?{asked}").status_code == 200, asked
    assert RecruitmentRound.objects.exists()
