from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puyou.cases import actions, chain, queries, reading, rules
from puyou.cases.models import Case, CaseClock, CaseEvent, CaseNotice
from puyou.cases.names import Actor
from puyou.cases.tests import sample
from puyou.cases.tests.cast import NOW, close_sample, do, open_sample, publish
from puyou.core.models import Event
from puyou.core.problems import Problem

pytestmark = pytest.mark.django_db


def test_it_opens_a_case_with_number_office_and_first_record(people):
    case = open_sample(people, subject="village:12")
    assert case.state == "received"
    assert case.number.startswith("样〔2026〕") and case.number.endswith("-1号")
    assert case.office.place.level <= 3
    assert open_sample(people).number.endswith("-2号")
    event = case.events.get()
    assert (event.action, event.actor, event.target) == ("open", people.officer.name, "received")
    assert Event.objects.filter(kind="case.opened", subject=f"case:{case.pk}").count() == 1


def test_a_case_goes_its_way_and_its_chain_holds(people):
    case = open_sample(people)
    do(case, "accept", people.officer)
    do(case, "reply", people.company, kind="fixed", text="已增派人员")
    do(case, "verify", people.colleague)
    case.refresh_from_db()
    assert (case.state, case.outcome, case.due_on) == ("verified", "verified", None)
    assert case.retain_until == date(2036, 9, 24)
    assert not case.clocks.filter(stopped_on=None).exists()
    events = list(case.events.order_by("revision"))
    assert [event.action for event in events] == ["open", "accept", "reply", "verify"]
    assert chain.first_fault(events) is None
    assert events[2].organisation and events[2].role == "企业管理员"


def test_a_changed_record_breaks_the_chain(people):
    case = open_sample(people)
    do(case, "accept", people.officer)
    events = list(case.events.order_by("revision"))
    events[0].data = {"else": 1}
    assert chain.first_fault(events) == 1
    assert chain.first_fault(case.events.order_by("revision")[1:]) == 1


def test_what_leaves_a_closed_case_closed_moves_no_date_and_closes_nothing_again(people):
    note = {"code": "remark", "name": "补记", "who": ["office"], "sources": ["verified"], "primary": False}
    publish(actions=[*sample.value()["actions"], note])
    case = close_sample(people)
    later = NOW + timedelta(days=400)
    do(case, "remark", people.officer, later)
    after = Case.objects.get(pk=case.pk)
    assert (after.closed_at, after.retain_until) == (case.closed_at, case.retain_until)
    assert Event.objects.filter(kind="case.closed", subject=f"case:{case.pk}").count() == 1
    assert after.revision == case.revision + 1


def test_a_case_that_rests_waits_for_nobody_until_it_goes_on(people):
    case = do(open_sample(people), "accept", people.officer)
    waiting = queries.list_waiting(people.company.scope, people.company.user)
    assert waiting.filter(pk=case.pk).exists()
    do(case, "pause", people.officer, ground="待鉴定")
    assert not waiting.filter(pk=case.pk).exists()
    do(case, "resume", people.officer)
    assert waiting.filter(pk=case.pk).exists()


def test_records_cannot_be_changed_or_deleted(people):
    case = open_sample(people)
    for change in (case.events.all().delete, lambda: case.events.update(name="改")):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()


def test_every_action_says_why_it_is_denied(people):
    case = open_sample(people)
    offers = {offer.action.code: offer for offer in reading.available(case, people.company, NOW)}
    assert offers["accept"].reason == "由主管部门办理"
    offers = {offer.action.code: offer for offer in reading.available(case, people.officer, NOW)}
    assert offers["accept"].allowed
    assert offers["verify"].reason == "当前状态为“已收到”，不能办理"
    assert offers["resume"].reason == "须先中止"
    barred = open_sample(people, title="禁止办理")
    offers = {offer.action.code: offer for offer in reading.available(barred, people.officer, NOW)}
    assert offers["accept"].reason == "标题含“禁”"


@pytest.mark.parametrize(
    ("who", "action", "code", "status"),
    [
        ("stranger", "accept", "cases.unknown_case", 404),
        ("company", "accept", "cases.unknown_case", 404),
        ("officer", "verify", "cases.denied", 409),
        ("officer", "fly", "cases.unknown_action", 404),
    ],
)
def test_what_is_not_allowed_changes_nothing(people, who, action, code, status):
    case = open_sample(people)
    before = _everything()
    with pytest.raises(Problem) as caught:
        do(case, action, getattr(people, who))
    assert (caught.value.code, caught.value.status) == (code, status)
    assert _everything() == before


def _everything():
    rows = [list(model.objects.order_by("pk").values()) for model in (Case, CaseEvent, CaseClock, CaseNotice)]
    return rows, Event.objects.count()


def test_a_stale_click_says_what_changed(people):
    case = open_sample(people)
    do(case, "accept", people.officer)
    with pytest.raises(Problem) as caught:
        actions.perform(
            case_id=case.pk, action="refuse", actor=people.officer, data={"ground": "x"}, revision=1, now=NOW
        )
    assert caught.value.status == 409
    assert "受理" in caught.value.message


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "类别：不能为空"),
        ({"kind": "odd", "text": "x"}, "类别：请从所列选项中选择"),
        ({"kind": "fixed", "text": "字" * 2001}, "答复：最多 2000 个字，现有 2001 个"),
        ({"kind": "fixed", "text": "x", "on": "2026-13-01"}, "完成日期：应为日期"),
        ({"kind": "fixed", "text": "x", "on": "1999-01-01"}, "完成日期：日期应在"),
        ({"kind": "fixed", "text": "a\x00b"}, "答复：含有不可用的字符"),
        ({"kind": "fixed", "text": "x", "more": 1}, "more：不是这一事项的内容"),
    ],
)
def test_bad_data_is_named_by_field(people, data, said):
    case = open_sample(people)
    do(case, "accept", people.officer)
    with pytest.raises(Problem) as caught:
        do(case, "reply", people.company, **data)
    assert said in caught.value.message


def test_a_suspension_moves_the_due_date(people):
    case = open_sample(people)
    do(case, "accept", people.officer)
    clock = case.clocks.get(code="decide")
    assert clock.due_on == date(2026, 10, 29)
    do(case, "pause", people.officer, NOW + timedelta(days=5), ground="听证")
    do(case, "resume", people.officer, NOW + timedelta(days=19))
    clock.refresh_from_db()
    assert clock.due_on == date(2026, 11, 6)
    assert [(p.first, p.last) for p in clock.pauses.all()] == [(date(2026, 9, 29), date(2026, 10, 12))]
    do(case, "extend", people.officer, NOW + timedelta(days=20), ground="案情复杂")
    clock.refresh_from_db()
    assert clock.due_on == date(2026, 11, 20)


def test_a_version_published_later_leaves_running_cases_alone(people):
    case = open_sample(people)
    changed = sample.value()
    changed["actions"][0]["name"] = "受理（新）"
    version = actions.draft_version(value=changed, by="test", now=NOW)
    actions.publish_version(version=version, valid_from=date(2026, 9, 24), by="test", now=NOW)
    assert reading.definition_of(case.version_id).action("accept").name == "受理"
    assert reading.definition_of(open_sample(people).version_id).action("accept").name == "受理（新）"
    with pytest.raises(Problem) as caught:
        actions.publish_version(version=version, valid_from=date(2026, 9, 24), by="test", now=NOW)
    assert caught.value.code == "cases.not_a_draft"


def test_an_unsound_definition_is_not_published(people):
    value = sample.value(code="other")
    value["actions"][0]["guards"] = ["no_such"]
    version = actions.draft_version(value=value, by="test", now=NOW)
    with pytest.raises(Problem) as caught:
        actions.publish_version(version=version, valid_from=date(2026, 1, 1), by="test", now=NOW)
    assert "没有条件“no_such”" in caught.value.message
    with pytest.raises(Problem):
        actions.draft_version(value={"code": "x"}, by="test", now=NOW)


def test_the_operator_is_told_and_sees_the_case_once_it_is_shared(people):
    case = open_sample(people)
    assert not queries.list_cases(people.company.scope, people.company.user).exists()
    do(case, "accept", people.officer)
    assert queries.list_waiting(people.company.scope, people.company.user).get() == case
    told = CaseNotice.objects.get(user=people.company.user)
    assert told.sentence == "样例案件：受理"
    assert not queries.list_waiting(people.officer.scope, people.officer.user).exists()


def test_search_finds_words_inside_the_scope_only(people):
    open_sample(people, title="威宁县投递不及时")
    found = queries.list_cases(people.officer.scope, people.officer.user)
    assert queries.search(found, "投递").count() == 1
    assert queries.search(found, "投递不及").count() == 1
    assert queries.search(found, "及投").count() == 0
    assert queries.search(queries.list_cases(people.stranger.scope), "投递").count() == 0


ACTIONS = [action["code"] for action in sample.value()["actions"]]
DATA = {
    "refuse": {"ground": "超出范围"},
    "reply": {"kind": "fixed", "text": "已改"},
    "return": {"ground": "证据不足"},
    "pause": {"ground": "听证"},
    "extend": {"ground": "复杂"},
}
STEPS = st.lists(
    st.tuples(
        st.sampled_from(ACTIONS),
        st.sampled_from(["officer", "colleague", "company", "stranger"]),
        st.integers(0, 12),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_walk_keeps_the_promises_of_the_engine(people, steps):
    with transaction.atomic():
        case, now = open_sample(people), NOW
        for action, who, days in steps:
            now += timedelta(days=days)
            _step(case, action, getattr(people, who), now)
        _holds(case, people, now)
        transaction.set_rollback(True)


def _step(case: Case, action: str, who: Actor, now) -> None:
    """An offer that is allowed succeeds; one that is denied changes nothing."""
    held = Case.objects.get(pk=case.pk)
    offers = {offer.action.code: offer.allowed for offer in reading.available(held, who, now)}
    seen = queries.list_cases(who.scope, who.user).filter(pk=case.pk).exists()
    before = _everything()
    try:
        do(case, action, who, now, **DATA.get(action, {}))
    except Problem:
        assert not (offers[action] and seen)
        assert _everything() == before
    else:
        assert offers[action] and seen


def _holds(case: Case, people, now) -> None:
    case = Case.objects.get(pk=case.pk)
    events = list(case.events.order_by("revision"))
    assert chain.first_fault(events) is None
    assert len(events) == case.revision
    state, flags = "received", frozenset()
    definition = reading.definition_of(case.version_id)
    for event in events[1:]:  # replaying the records rebuilds the state
        state, flags = rules.after(definition.action(event.action), state, flags)
    assert (state, sorted(flags)) == (case.state, case.flags)
    assert (case.closed_at is not None) == (definition.state(state).kind == "final")
    for clock in case.clocks.all():
        assert clock.due_on > clock.started_on
        for pause in clock.pauses.all():
            assert pause.last is None or pause.first <= pause.last
    for who in (people.officer, people.colleague, people.company, people.stranger):
        waits = queries.list_waiting(who.scope, who.user).filter(pk=case.pk).exists()
        offers = [o for o in reading.available(case, who, now) if o.action.primary]
        held = reading.relations_held(case, who)
        mine = any(
            set(o.action.who) & held
            and case.state in rules.sources_of(definition, o.action)
            and set(o.action.requires) <= set(case.flags)
            and not set(o.action.forbids) & set(case.flags)
            for o in offers
        )
        assert waits == (mine and case.closed_at is None and _sees(case, who))


def _sees(case: Case, who: Actor) -> bool:
    return queries.list_cases(who.scope, who.user).filter(pk=case.pk).exists()
