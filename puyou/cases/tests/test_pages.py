import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puyou.accounts.tests.offices import signed_in
from puyou.cases import definition, diagram
from puyou.cases.models import CaseNotice, Watch
from puyou.cases.tests import sample
from puyou.cases.tests.cast import NOW, do, open_sample
from puyou.core import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(NOW):
        yield


def text(response):
    return response.content.decode()


class TestCaseList:
    def test_it_shows_cases_in_scope_and_filters_by_words(self, people):
        open_sample(people, title="威宁县投递不及时")
        open_sample(people, title="另一件")
        client = signed_in(people.officer.user)
        assert "威宁县投递不及时" in text(client.get("/cases/"))
        found = text(client.get("/cases/?q=投递"))
        assert "威宁县投递不及时" in found and "另一件" not in found
        assert "威宁县投递不及时" in client.get("/cases/?format=csv").getvalue().decode("utf-8-sig")

    def test_another_province_sees_nothing(self, people):
        open_sample(people, title="威宁县投递不及时")
        client = signed_in(people.stranger.user)
        for queue in ("", "waiting", "overdue", "soon", "watched"):
            assert "威宁县" not in text(client.get(f"/cases/?queue={queue}"))

    def test_the_queue_follows_the_state(self, people):
        case = open_sample(people)
        officer, company = signed_in(people.officer.user), signed_in(people.company.user)
        assert case.number in text(officer.get("/cases/?queue=waiting"))
        assert case.number not in text(company.get("/cases/?queue=waiting"))
        do(case, "accept", people.officer)
        assert case.number not in text(officer.get("/cases/?queue=waiting"))
        assert case.number in text(company.get("/cases/?queue=waiting"))

    def test_a_list_of_many_costs_as_many_queries_as_one(self, people, django_assert_max_num_queries):
        for _ in range(12):
            open_sample(people)
        client = signed_in(people.officer.user)
        client.get("/cases/")  # what a process reads once
        with django_assert_max_num_queries(14):
            client.get("/cases/")


class TestCaseDetail:
    def test_it_says_state_timeline_clocks_and_why_not(self, people):
        case = open_sample(people)
        do(case, "accept", people.officer)
        page = text(signed_in(people.officer.user).get(f"/cases/{case.pk}/"))
        for words in ("待企业答复", "第 20 个工作日", "由邮政企业办理", "省局监管员", "未经核实"):
            assert words in page, words

    def test_how_somebody_stands_to_it_is_asked_once(self, people):
        case = open_sample(people)
        client = signed_in(people.officer.user)
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/cases/{case.pk}/")
        assert len([one for one in asked.captured_queries if '"is_office"' in one["sql"]]) == 1

    def test_another_province_cannot(self, people):
        case = open_sample(people)
        client = signed_in(people.stranger.user)
        assert client.get(f"/cases/{case.pk}/").status_code == 404
        assert client.get(f"/cases/{case.pk}/actions/accept/").status_code == 404
        assert client.post(f"/cases/{case.pk}/actions/accept/", {"revision": 1}).status_code == 404
        assert client.post(f"/cases/{case.pk}/watch/").status_code == 404

    def test_an_action_is_done_by_its_form(self, people):
        case = open_sample(people)
        client = signed_in(people.officer.user)
        assert client.get(f"/cases/{case.pk}/actions/accept/").status_code == 200
        assert client.post(f"/cases/{case.pk}/actions/accept/", {"revision": 1}).status_code == 302
        case.refresh_from_db()
        assert case.state == "answering"

    def test_a_stale_form_keeps_what_was_written(self, people):
        case = open_sample(people)
        do(case, "accept", people.officer)
        client = signed_in(people.officer.user)
        answer = client.post(f"/cases/{case.pk}/actions/pause/", {"revision": 1, "ground": "等待听证结论"})
        assert answer.status_code == 409
        assert "等待听证结论" in text(answer) and "受理" in text(answer)

    def test_bad_fields_are_named(self, people):
        case = open_sample(people)
        client = signed_in(people.officer.user)
        answer = client.post(f"/cases/{case.pk}/actions/refuse/", {"revision": 1, "ground": ""})
        assert answer.status_code == 422

    def test_what_is_not_allowed_says_why(self, people):
        case = open_sample(people)
        answer = signed_in(people.officer.user).get(f"/cases/{case.pk}/actions/verify/")
        assert answer.status_code == 409
        assert "当前状态为“已收到”" in text(answer)
        assert signed_in(people.officer.user).get(f"/cases/{case.pk}/actions/fly/").status_code == 404

    def test_hostile_words_stay_words(self, people):
        case = open_sample(people, title="<script>alert(1)</script>")
        assert "<script>alert" not in text(signed_in(people.officer.user).get(f"/cases/{case.pk}/"))

    def test_following_brings_notices(self, people):
        case = open_sample(people)
        client = signed_in(people.colleague.user)
        client.post(f"/cases/{case.pk}/watch/")
        do(case, "accept", people.officer)
        assert CaseNotice.objects.filter(user=people.colleague.user).count() == 1
        assert "样例案件：受理" in text(client.get("/cases/notices/"))
        client.post("/cases/notices/read/")
        assert not CaseNotice.objects.filter(user=people.colleague.user, read_at=None).exists()
        client.post(f"/cases/{case.pk}/watch/", {"stop": "1"})
        assert not Watch.objects.exists()


class TestProcedures:
    def test_they_are_drawn_from_their_definition(self, people):
        client = signed_in(people.officer.user)
        assert "样例程序" in text(client.get("/cases/procedures/"))
        page = text(client.get("/cases/procedures/sample/"))
        for words in ("<svg", "待企业答复", "测试：分送企业", "20 个工作日", "第 1 版"):
            assert words in page, words
        assert client.get("/cases/procedures/none/").status_code == 404

    def test_no_two_boxes_lie_upon_each_other(self):
        drawing = diagram.draw(definition.read(sample.value()))
        places = {(box.x, box.y) for box in drawing.boxes}
        assert len(places) == len(drawing.boxes)
        for box in drawing.boxes:
            assert 0 <= box.x <= drawing.width - diagram.WIDE and 0 <= box.y <= drawing.height - diagram.HIGH
