"""Pages of the desk: what they show, what a click does, who may not, and what a stale click is told."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from puyou.registry.models import Courier
from puyou.reviews import actions, jobs
from puyou.reviews.models import Appeal, Question, RejectionProposal
from puyou.reviews.tests.cast import GROUND, NOW, is_served, officer, say, signed_in
from puyou.visits.models import Review, Visit

pytestmark = pytest.mark.django_db
DAY = "2026-10-08"


def page(client: Client, address: str) -> str:
    response: Any = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()  # type: ignore[no-any-return]


def chosen(html: str) -> list[str]:
    return re.findall(r'name="chosen"\s+value="([^"]+)"', html)


def take_step(client: Client, address: str, step: str, text: str = "", only: list[str] | None = None) -> Any:
    marks = chosen(page(client, address)) if only is None else only
    return client.post(address, {"step": step, "text": text, "chosen": marks})


def visit_page(visit: Visit) -> str:
    return f"/reviews/{visit.pk}/"


def day_page(courier: Courier) -> str:
    return f"/reviews/day/?courier={courier.pk}&day={DAY}"


class TestQueue:
    def test_it_lists_what_waits_and_leads_to_the_day(self, visits: list[Visit], courier: Courier) -> None:
        html = page(signed_in(officer("o")), "/reviews/")
        assert all(f'href="/reviews/{visit.pk}/"' in html for visit in visits)
        assert f'href="/reviews/day/?courier={courier.pk}&amp;day={DAY}"' in html
        assert '<span class="figure">4</span> 次证据分低于 50' in html

    @pytest.mark.parametrize("query, rows", [
        ("reason=one_spot", 4), ("reason=mocked", 0), ("threshold=21", 4), ("threshold=20", 0), ("state=new", 4),
        ("state=asked", 0), ("courier=投递员K1", 4), ("courier=王", 0), ("week=2026-W41", 4), ("week=2026-W30", 0),
        ("place=520102", 4), ("place=5203", 0), ("reason=nonsense", 0),
    ])  # fmt: skip
    def test_it_narrows(self, visits: list[Visit], query: str, rows: int) -> None:
        html = page(signed_in(officer("o")), f"/reviews/?{query}")
        assert len(set(re.findall(r'href="(/reviews/[0-9a-f]{8}-[^"]+)"', html))) == rows

    def test_what_was_asked_says_so(self, visits: list[Visit]) -> None:
        by = officer("o")
        actions.ask_courier(doubtful=visits[:1], text="？", by=by, now=NOW)
        html = page(signed_in(by), "/reviews/?state=asked")
        assert "已询问" in html and f'href="/reviews/{visits[0].pk}/"' in html

    def test_it_exports_what_it_shows(self, visits: list[Visit]) -> None:
        answer: Any = signed_in(officer("o")).get("/reviews/?format=csv")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert text.count("投递员K1") == 4 and "一处打多村" in text

    def test_a_proposal_leaves_it_for_the_second_person(self, visits: list[Visit]) -> None:
        first, second = officer("first"), officer("second")
        actions.propose_rejection(doubtful=visits[:1], ground=GROUND, by=first, now=NOW)
        assert f'href="/reviews/{visits[0].pk}/"' not in page(signed_in(first), "/reviews/")
        assert visit_page(visits[0]) in page(signed_in(second), "/reviews/proposals/?mine=1")
        assert visit_page(visits[0]) not in page(signed_in(first), "/reviews/proposals/?mine=1")
        assert "待您复核" in page(signed_in(second), "/reviews/")

    def test_by_day_a_day_is_one_row(self, visits: list[Visit], courier: Courier) -> None:
        html = page(signed_in(officer("o")), "/reviews/days/")
        assert html.count(f"courier={courier.pk}&amp;day={DAY}") == 1 and ">4<" in html

    def test_no_week_is_refused(self, courier: Courier) -> None:
        assert signed_in(officer("o")).get("/reviews/?week=soon").status_code == 400


class TestVisit:
    def test_two_people_reject_it(self, visits: list[Visit]) -> None:
        address, first, second = visit_page(visits[0]), officer("first"), officer("second")
        assert take_step(signed_in(first), address, "propose", GROUND).status_code == 302
        assert is_served(visits[0])
        html = page(signed_in(second), address)
        assert "first拟不予认可，待另一人复核" in html and GROUND in html
        assert take_step(signed_in(second), address, "confirm").status_code == 302
        assert not is_served(visits[0]) and "复核同意" in page(signed_in(second), address)

    def test_the_first_is_offered_no_confirmation_and_forging_one_fails(self, visits: list[Visit]) -> None:
        address, client = visit_page(visits[0]), signed_in(officer("first"))
        take_step(client, address, "propose", GROUND)
        assert 'value="confirm"' not in page(client, address)
        assert take_step(client, address, "confirm").status_code == 403 and is_served(visits[0])

    def test_a_missing_ground_comes_back(self, visits: list[Visit]) -> None:
        answer = take_step(signed_in(officer("o")), visit_page(visits[0]), "propose")
        assert answer.status_code == 422 and "须写明不予认可的理由" in answer.content.decode()
        answer = signed_in(officer("p")).post(visit_page(visits[0]), {"text": GROUND})
        assert answer.status_code == 422 and "请选择要办理的事项" in answer.content.decode()
        assert not RejectionProposal.objects.exists()

    def test_a_stale_page_is_told_what_changed(self, visits: list[Visit]) -> None:
        address, first, second = visit_page(visits[0]), officer("first"), officer("second")
        old = chosen(page(signed_in(second), address))
        take_step(signed_in(first), address, "propose", GROUND)
        answer = take_step(signed_in(second), address, "accept", only=old)
        html = answer.content.decode()
        assert answer.status_code == 409 and "first拟不予认可" in html and "没有写入" in html
        assert 'value="confirm"' in html and not Review.objects.exists()

    def test_asking_waits_for_the_answer(self, visits: list[Visit], courier: Courier) -> None:
        by = officer("o")
        take_step(signed_in(by), visit_page(visits[0]), "ask", "当时在哪里？")
        say("answer", {"question": Question.objects.get().pk, "text": "在村委会门口"}, courier.pk, NOW)
        jobs.take_in_answers()
        html = page(signed_in(by), "/reviews/questions/?state=answered")
        assert "在村委会门口" in html and "1 个问题已有答复" in html
        assert "在村委会门口" in page(signed_in(by), visit_page(visits[0]))

    def test_an_appeal_is_decided_by_who_took_no_part(self, visits: list[Visit], courier: Courier) -> None:
        address, people = visit_page(visits[0]), [officer(name) for name in ("first", "second", "third")]
        take_step(signed_in(people[0]), address, "propose", GROUND)
        take_step(signed_in(people[1]), address, "confirm")
        appealed = {"visit": str(visits[0].pk), "text": "当天确实到村"}
        say("appeal", appealed, courier.pk, NOW + timedelta(hours=1))
        jobs.take_in_appeals()
        for person in people[:2]:
            assert "没有参与过的人决定" in page(signed_in(person), address)
            assert address not in page(signed_in(person), "/reviews/appeals/?state=mine")
        assert address in page(signed_in(people[2]), "/reviews/appeals/?state=mine")
        assert take_step(signed_in(people[2]), address, "uphold", "查明属实").status_code == 302
        assert is_served(visits[0]) and "申诉成立" in page(
            signed_in(people[2]), "/reviews/appeals/?state=upheld"
        )

    def test_another_city_and_a_mere_reader_cannot(self, visits: list[Visit], courier: Courier) -> None:
        addresses = [
            "/reviews/",
            "/reviews/days/",
            "/reviews/proposals/",
            "/reviews/questions/",
            "/reviews/couriers/",
        ]
        by = officer("o")
        actions.ask_courier(doubtful=visits[:1], text="问甲", by=by, now=NOW)
        actions.propose_rejection(doubtful=visits[1:2], ground="理由乙", by=by, now=NOW)
        elsewhere, reader = signed_in(officer("elsewhere", "5203")), signed_in(officer("reader", "52", "see"))
        for address in addresses:
            html = page(elsewhere, address)
            assert not any(word in html for word in ("问甲", "理由乙", "投递员K1", str(visits[0].pk))), (
                address
            )
            assert reader.get(address).status_code == 403
        for address in (visit_page(visits[0]), day_page(courier), f"/reviews/couriers/{courier.pk}/"):
            assert elsewhere.get(address).status_code in (403, 404), address
            answer = elsewhere.post(address, {"step": "accept", "chosen": f"{visits[0].pk}:x"})
            assert answer.status_code in (403, 404, 405)
            assert reader.get(address).status_code == 403
        assert not Review.objects.exists()

    def test_an_unknown_one_is_not_found(self, courier: Courier) -> None:
        client = signed_in(officer("o"))
        lost = [
            "/reviews/day/",
            "/reviews/day/?courier=9&day=x",
            "/reviews/couriers/99/",
            f"/reviews/{uuid.uuid4()}/",
        ]
        for address in lost:
            assert client.get(address).status_code == 404


class TestDay:
    def test_a_whole_day_is_decided_together(self, visits: list[Visit], courier: Courier) -> None:
        first, second = signed_in(officer("first")), signed_in(officer("second"))
        html = page(first, day_page(courier))
        assert len(chosen(html)) == 4 and html.count(" checked") == 4
        assert take_step(first, day_page(courier), "propose", GROUND).status_code == 302
        assert take_step(second, day_page(courier), "confirm").status_code == 302
        assert Review.objects.filter(decision="rejected").count() == 4

    def test_only_the_chosen_are(self, visits: list[Visit], courier: Courier) -> None:
        client = signed_in(officer("first"))
        marks = chosen(page(client, day_page(courier)))[:2]
        take_step(client, day_page(courier), "propose", GROUND, marks)
        assert RejectionProposal.objects.count() == 2
        answer = take_step(client, day_page(courier), "accept", "", ["nonsense", f"{uuid.uuid4()}:x"])
        assert answer.status_code == 422 and "没有选中" in answer.content.decode()

    def test_one_stale_visit_stops_the_whole(self, visits: list[Visit], courier: Courier) -> None:
        second = officer("second")
        marks = chosen(page(signed_in(second), day_page(courier)))
        actions.accept_visits(doubtful=visits[2:3], by=officer("first"), now=NOW)
        answer = take_step(signed_in(second), day_page(courier), "propose", GROUND, marks)
        assert answer.status_code == 409 and "first认可" in answer.content.decode()
        assert not RejectionProposal.objects.exists()


class TestCouriers:
    def test_shares_and_what_was_decided(self, visits: list[Visit], courier: Courier) -> None:
        first, second = officer("first"), officer("second")
        actions.propose_rejection(doubtful=visits[:1], ground=GROUND, by=first, now=NOW)
        actions.confirm_rejection(doubtful=visits[:1], by=second, now=NOW)
        html = page(signed_in(first), "/reviews/couriers/")
        assert "100.0%" in html and f'href="/reviews/couriers/{courier.pk}/"' in html
        html = page(signed_in(first), f"/reviews/couriers/{courier.pk}/")
        assert courier.number in html and '占 <span class="figure">100.0%' in html
        assert not Appeal.objects.exists()


class TestWorkbench:
    def test_each_line_counts_its_own_list(self, visits: list[Visit], courier: Courier) -> None:
        first, second = officer("first"), officer("second")
        actions.propose_rejection(doubtful=visits[:1], ground=GROUND, by=first, now=NOW)
        asked = actions.ask_courier(doubtful=visits[1:2], text="？", by=first, now=NOW)
        say("answer", {"question": asked.pk, "text": "在"}, courier.pk, NOW)
        jobs.take_in_answers()
        for person, expected in ((first, (3, 0, 1, 0)), (second, (3, 1, 1, 0))):
            client = signed_in(person)
            found = client.get("/workbench/").context["desk"].counted
            lists = {
                "待审核到村": "/reviews/",
                "待复核不予认可": "/reviews/proposals/?mine=1",
                "投递员答复": "/reviews/questions/?state=answered",
                "投递员申诉": "/reviews/appeals/?state=mine",
            }
            assert tuple(found[name].count for name in lists) == expected
            for name, address in lists.items():
                rows = client.get(address).context["table"].rows
                assert len(rows) == found[name].count, name


def test_the_desk_stands_beneath_its_door(visits: list[Visit]) -> None:
    html = page(signed_in(officer("o")), "/reviews/proposals/")
    assert re.search(r'href="/visits/"\s+aria-current="page">到村投递', html)
    assert re.search(r'href="/reviews/proposals/" aria-current="page">复核', html)
    assert "section-bar" not in page(signed_in(officer("p")), "/workbench/")
