"""The pages of this room: who may open them, and what they say."""

import gzip
import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from puyou.core.problems import Problem
from puyou.places import actions, integrity, queries
from puyou.places.models import Place
from puyou.places.problems import UNKNOWN
from puyou.places.views import integrity as pages

pytestmark = pytest.mark.django_db


class TestSearch:
    def test_a_full_page_without_signing_in(self, client):
        answer = client.get("/places/search/", {"q": "草海"})
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "贵州省 › 毕节市 › 威宁彝族回族苗族自治县 › 草海镇" in text
        assert 'href="/atlas/520526100000/"' in text

    def test_the_list_alone_for_the_picker(self, client):
        answer = client.get("/places/search/", {"q": "毕节"}, headers={"HX-Request": "true"})
        text = answer.content.decode()
        assert "<html" not in text
        assert '<a href="/atlas/520500000000/">' in text
        assert 'role="option"' in text

    @pytest.mark.parametrize("text", ["", "  ", "没有这个地方", "<script>", "\0", "字" * 500])
    def test_strange_words_get_a_kind_answer(self, client, text):
        answer = client.get("/places/search/", {"q": text})
        assert answer.status_code == 200
        assert b"<script>" not in answer.content.replace(b"<script type", b"")

    def test_another_province_cannot_be_hidden_since_names_are_public(self, client):
        assert "贵阳市" in client.get("/places/search/", {"q": "贵阳"}).content.decode()


class TestBoundaries:
    def test_it_is_packed_and_tagged(self, client):
        answer = client.get("/places/boundaries/52.json", headers={"Accept-Encoding": "gzip"})
        assert answer["Content-Encoding"] == "gzip"
        drawn = json.loads(gzip.decompress(answer.content))
        assert len(drawn["features"]) == 9
        again = client.get("/places/boundaries/52.json", headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_it_is_plain_for_who_cannot_unpack(self, client):
        answer = client.get("/places/boundaries/520526.json")
        assert json.loads(answer.content)["outline"] is True

    def test_the_present_tag_may_be_kept_for_ever(self, client):
        tag = client.get("/places/boundaries/52.json")["ETag"].removeprefix('W/"').rstrip('"')
        assert "immutable" in client.get("/places/boundaries/52.json", {"v": tag})["Cache-Control"]
        assert "immutable" not in client.get("/places/boundaries/52.json", {"v": "old"})["Cache-Control"]

    def test_the_nation_is_small(self, client):
        answer = client.get("/places/boundaries/000000000000.json", headers={"Accept-Encoding": "gzip"})
        assert len(answer.content) <= 400 * 1024

    @pytest.mark.parametrize(("code", "status"), [("99", 404), ("abc", 422)])
    def test_a_wrong_code_is_told(self, client, code, status):
        assert client.get(f"/places/boundaries/{code}.json").status_code == status


class Asking:
    """Someone who holds ``system.see`` in some paths."""

    def __init__(self, *paths):
        self.held = paths

    def may(self, permission):
        return bool(self.held) and permission == "system.see"

    def paths(self, permission):
        return self.held

    def require(self, path, permission):
        raise UNKNOWN(code=path)


class Somebody:
    is_authenticated = True


def opened(view, scope, monkeypatch, query="", **more):
    request = RequestFactory().get(f"/system/integrity/{query}")
    request.user, request.scope = Somebody(), scope
    seen = {}

    def render(request, template, context, **_):
        seen.update(context)
        return HttpResponse()

    monkeypatch.setattr(pages, "render", render)
    monkeypatch.setattr("puyou.core.tables.render", render)
    return view(request, **more), seen


class TestIntegrity:
    def test_it_asks_to_sign_in(self, client):
        answer = client.get("/system/integrity/")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login/")

    def test_every_check_is_counted(self, monkeypatch):
        _, seen = opened(pages.integrity_list, Asking(""), monkeypatch)
        assert len(seen["table"].rows) == len(integrity.checks())
        assert "错误 0 条" in seen["sentence"]

    def test_another_province_cannot(self, monkeypatch):
        elsewhere = Asking("0001zzzz")
        _, seen = opened(pages.integrity_detail, elsewhere, monkeypatch, code="places.village_without_point")
        assert seen["table"].rows == []
        with pytest.raises(Problem):
            opened(pages.integrity_list, Asking(), monkeypatch)

    def test_a_city_sees_its_own_findings_alone(self, monkeypatch):
        code, city = "places.village_without_point", queries.get_place("5205")
        _, seen = opened(pages.integrity_detail, Asking(city.path), monkeypatch, code=code)
        found = integrity.Findings(integrity.get_check(code), [city.path])
        assert seen["table"].pager.total == len(found) > 1000
        assert all(finding.code.startswith("5205") for finding in found)
        assert len(seen["table"].rows) == 50

    def test_findings_leave_as_a_file(self, monkeypatch):
        code = "places.point_outside_county"
        answer, _ = opened(pages.integrity_detail, Asking(""), monkeypatch, "?format=csv", code=code)
        lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
        assert len(lines) >= len(integrity.Findings(integrity.get_check(code))) > 0

    def test_an_unknown_check_is_told(self, monkeypatch):
        with pytest.raises(Problem, match="检查项"):
            opened(pages.integrity_detail, Asking(""), monkeypatch, code="places.nothing")


class TestChecks:
    def count(self, code):
        return len(integrity.Findings(integrity.get_check(code)))

    def test_a_code_may_be_used_once(self):
        with pytest.raises(ValueError, match="twice"):
            integrity.register(integrity.get_check("places.orphans"))

    @pytest.mark.parametrize("check", integrity.checks(), ids=lambda check: check.code)
    def test_every_check_runs_and_explains_itself(self, check):
        assert len(list(integrity.Findings(check))) == len(integrity.Findings(check))
        assert check.why.endswith("。")
        assert check.remedy.endswith("。")

    @pytest.mark.parametrize(
        ("code", "harm"),
        [
            ("places.orphans", {"parent_id": None}),
            ("places.path_disagrees", {"path": "0001zzzz"}),
            ("places.level_not_below", {"level": 3}),
            ("places.code_not_under_parent", {"code": "529999999999"}),
        ],
    )
    def test_harm_is_noticed(self, code, harm):
        assert self.count(code) == 0
        Place.objects.filter(code="520526100000").update(**harm)
        actions.changes.loading.stamp_tree()
        assert self.count(code) >= 1

    def test_two_of_one_name_are_noticed(self):
        before = self.count("places.same_name")
        children = queries.list_children(None, queries.get_place("520526"))[:2]
        Place.objects.filter(pk=children[0].pk).update(name=children[1].name)
        actions.changes.loading.stamp_tree()
        assert self.count("places.same_name") == before + 2
