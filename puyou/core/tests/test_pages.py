import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import engines
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from puyou.core import assets, clock, explanations, notices, pages, problems, shell, styles
from puyou.core.periods import Week

NOW = datetime(2026, 11, 23, 6, 32, 5, tzinfo=UTC)
TEMPLATES = Path(__file__).parents[1] / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


def ask(path="/system/styles/", permissions=()):
    request = RequestFactory().get(path)
    request.scope = SimpleNamespace(may=lambda permission: permission in permissions)
    request.user = SimpleNamespace(is_authenticated=True, name="值班员", username="duty", organisation=None)
    return request


def written(template, **context):
    return engines["django"].from_string(template).render(context)


class TestTemplates:
    @pytest.mark.parametrize("name", NAMES)
    def test_every_template_compiles(self, name):
        get_template(name)

    @pytest.mark.parametrize("name", NAMES)
    def test_nothing_is_inline_that_the_policy_refuses(self, name):
        text = (TEMPLATES / name).read_text()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on", text)
        assert not re.search(r"<script(?![^>]*\ssrc=)", text)
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)

    @pytest.mark.parametrize("name", NAMES)
    def test_people_read_no_english(self, name):
        text = re.sub(
            r"\{[%{#].*?[%}#]\}|<!--.*?-->|<kbd>.*?</kbd>", "", (TEMPLATES / name).read_text(), flags=re.S
        )
        shown = " ".join(
            [
                *re.findall(r">([^<>]+)<", text),
                *re.findall(r'(?:title|aria-label|placeholder)="([^"]*)"', text),
            ]
        )
        assert not re.search(r"[A-Za-z]{2,}", shown)


class TestTags:
    def test_a_figure_leads_to_the_list_it_was_counted_from(self):
        assert written("{% figure 13687 '/visits/' '个' %}") == (
            '<a class="figure" href="/visits/">13,687</a><span class="unit">个</span>'
        )
        assert written("{% figure nothing '/visits/' '个' %}").count("个") == 0

    def test_a_big_amount_tells_the_exact_figure(self):
        assert written("{{ 487144|big }}") == '<span class="big" title="487,144">48.71万</span>'

    def test_a_moment_ago_tells_the_exact_moment(self):
        with clock.frozen(NOW):
            assert 'title="2026年11月23日 14:32"' in written("{{ at|relative }}", at=NOW)

    def test_an_asset_without_a_build_still_has_an_address(self, monkeypatch, tmp_path):
        monkeypatch.setattr(assets, "BUILD", tmp_path)
        assert assets.asset_url("shell.js") == "/static/core/build/shell.js"
        assert not assets.is_built()

    def test_an_asset_keeps_the_name_that_was_built_when_the_process_began(self, monkeypatch, tmp_path):
        monkeypatch.setattr(assets, "BUILD", tmp_path)
        (tmp_path / "manifest.json").write_text('{"shell.js": "shell-ABC.js"}')
        assert assets.asset_url("shell.js") == "/static/core/build/shell-ABC.js"
        (tmp_path / "manifest.json").write_text('{"shell.js": "shell-DEF.js"}')
        assert assets.asset_url("shell.js") == "/static/core/build/shell-ABC.js"

    def test_the_week_after_this_one_is_not_offered(self):
        with clock.frozen(NOW):
            template = "{% with after=week|week_after %}{{ after.name|default:'–' }}{% endwith %}"
            assert written(template, week=Week(date(2026, 11, 23))) == "–"
            assert written(template, week=Week(date(2026, 11, 16))) == "2026-W48"


class TestNavigation:
    ENTRIES = (
        shell.Entry("样式", "/system/styles/", permission="system.see"),
        shell.Entry("边界", "/system/styles/boundaries.json", permission=""),
        shell.Entry("没有", "/nowhere-at-all/", permission=""),
    )

    def test_it_shows_only_what_exists_and_what_one_may_use(self):
        nobody = SimpleNamespace(may=lambda permission: False)
        assert [e.label for e in shell.entries_for(nobody, self.ENTRIES, "/")] == ["边界"]
        keeper = SimpleNamespace(may=lambda permission: permission == "system.see")
        assert [e.label for e in shell.entries_for(keeper, self.ENTRIES, "/")] == ["样式", "边界"]
        assert shell.entries_for(None, self.ENTRIES, "/") == []

    def test_it_marks_the_nearest_entry_of_the_page(self):
        keeper = SimpleNamespace(may=lambda permission: True)
        shown = shell.entries_for(keeper, self.ENTRIES, "/system/styles/boundaries.json")
        assert [e.here for e in shown] == [False, True]

    def test_the_phone_has_four_places_at_most(self):
        shown = [shell.Shown(str(at), "/", "more", False) for at in range(6)]
        bottom, more = shell.split_for_phone(shown)
        assert (len(bottom), len(more)) == (3, 3)
        assert shell.split_for_phone(shown[:4]) == (shown[:4], [])


@pytest.mark.django_db
class TestErrors:
    @pytest.mark.parametrize(
        ("page", "status"),
        [(pages.bad_request, 400), (pages.permission_denied, 403), (pages.page_not_found, 404)],
    )
    def test_it_says_what_happened_what_is_safe_and_what_to_do(self, page, status):
        answer = page(ask("/x/"), ValueError("secret detail"))
        told = explanations.explanation_of(status)
        text = answer.content.decode()
        assert answer.status_code == status
        assert told.safe in text and told.do in text and f"编号 {status}" in text and "secret" not in text

    def test_an_expired_form_is_explained(self):
        answer = pages.csrf_failure(ask("/x/"), reason="no cookie")
        assert answer.status_code == 403 and "表单已过期" in answer.content.decode()

    def test_a_failure_is_told_without_asking_the_database(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            answer = pages.server_error(ask("/x/"))
        assert answer.status_code == 500 and "没有完成" in answer.content.decode()

    @pytest.mark.parametrize("status", [409, 413, 422, 429, 503, 418])
    def test_every_status_has_an_explanation(self, status):
        told = explanations.explanation_of(status)
        assert told.safe and told.do

    def test_a_problem_is_a_page_with_its_sentence(self):
        kind = problems.ProblemKind("core.test", "周 {week} 已结算，不能修改", 409)
        text = render_to_string("core/error.html", {"problem": kind(week="第47周")}, request=ask("/x/"))
        assert "周 第47周 已结算，不能修改" in text and "没有写入" in text


@pytest.mark.django_db
class TestStylePage:
    def test_another_person_cannot(self):
        assert styles.style_page(ask(permissions=["see"])).status_code == 403

    def test_it_shows_every_component(self):
        text = styles.style_page(ask(permissions=["system.see"])).content.decode()
        for mark in (
            'data-island="map"',
            'data-island="trend"',
            'class="strip"',
            "error-summary",
            'class="empty"',
            "legend",
        ):
            assert mark in text

    def test_notices_stand_on_every_page(self):
        notices.publish("simulated", "本库为模拟数据", NOW)
        assert "本库为模拟数据" in styles.style_page(ask(permissions=["system.see"])).content.decode()

    def test_its_samples_cover_the_whole_scale(self):
        assert {row.step for row in styles.samples()} == {*map(str, range(7)), "excused", "pending", "none"}

    def test_its_map_has_a_shape_for_every_row(self):
        answer = styles.sample_boundaries(ask(permissions=["system.see"]))
        for row in styles.samples():
            assert row.code.encode() in answer.content


@pytest.mark.django_db
class TestForms:
    def test_errors_stand_at_the_field_and_in_the_summary(self):
        text = styles.style_page(ask(permissions=["system.see"])).content.decode()
        assert 'href="#id_document"' in text and text.count("这个字段是必填项。") >= 2
        assert 'aria-invalid="true"' in text

    def test_what_may_be_left_out_is_marked(self):
        text = styles.style_page(ask(permissions=["system.see"])).content.decode()
        assert "（选填）" in text
