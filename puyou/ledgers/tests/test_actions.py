"""Entries and kinds: numbers, states, history, who may, and what two people at one form meet."""

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from puyou.accounts.scopes import Scope, scope_for
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.ledgers import actions, definition, queries
from puyou.ledgers.documenting import EXAMPLE
from puyou.ledgers.models import LedgerEntry, LedgerRevision, LedgerSequence, LedgerStep, LedgerVersion
from puyou.ledgers.tests.cast import NOW, SYSTEM, VEHICLE, company_of, confirmed, entry
from puyou.places.queries import get_place

pytestmark = pytest.mark.django_db


def edit(made: LedgerEntry, by: Any, **how: Any) -> LedgerEntry:
    wanted = {
        "entry_id": made.pk, "expected": made.turn, "place": made.place, "operator": made.operator, "said": VEHICLE,
        "ground": "登记有误", "scope": scope_for(by), "by": by, "now": NOW,
    } | how  # fmt: skip
    return actions.edit_entry(**wanted)  # type: ignore[arg-type]


class TestEntries:
    def test_numbers_are_gapless_for_a_kind_an_office_and_a_year(self, people: dict[str, Any]) -> None:
        company = people["company"]
        first = entry(company)
        with pytest.raises(Problem), transaction.atomic():
            entry(company, said={"type": "货车"})
        second = entry(company, said=VEHICLE | {"vehicle_number": "2"})
        draft = entry(company, said={"type": "货车"}, submit=False)
        third = entry(company, said=VEHICLE | {"vehicle_number": "3"})
        mark = f"车辆〔2026〕520302企{company_of(company).pk}"
        assert [each.number for each in (first, second, draft, third)] == [
            f"{mark}-1号",
            f"{mark}-2号",
            None,
            f"{mark}-3号",
        ]
        assert LedgerSequence.objects.get().last == 3

    def test_from_draft_to_confirmed_every_state_is_a_row(self, people: dict[str, Any]) -> None:
        company, city = people["company"], people["city"]
        made = entry(company, said={"type": "货车"}, submit=False)
        with pytest.raises(Problem, match="必填"):
            actions.submit_entry(entry_id=made.pk, expected=1, scope=scope_for(company), by=company, now=NOW)
        made = edit(made, company, ground="")
        made = actions.submit_entry(
            entry_id=made.pk, expected=2, scope=scope_for(company), by=company, now=NOW
        )
        made = actions.return_entry(
            entry_id=made.pk, expected=3, ground="价格不对", scope=scope_for(city), by=city, now=NOW
        )
        made = edit(made, company, said=VEHICLE | {"price": "11万"}, ground="按发票更正")
        made = actions.submit_entry(
            entry_id=made.pk, expected=5, scope=scope_for(company), by=company, now=NOW
        )
        made = actions.confirm_entry(entry_id=made.pk, expected=6, scope=scope_for(city), by=city, now=NOW)
        assert [step.status for step in queries.list_steps(SYSTEM, made)] == [
            "draft", "submitted", "returned", "submitted", "confirmed",
        ]  # fmt: skip
        said = [(row.data.get("price"), row.ground) for row in queries.list_revisions(SYSTEM, made)]
        assert said == [(None, ""), ("12.5", ""), ("11", "按发票更正")] and made.revision == 3
        kinds = list(Event.objects.filter(subject=f"ledger_entry:{made.pk}").values_list("kind", flat=True))
        assert kinds.count("ledger_entry.moved") == 4 and kinds.count("ledger_entry.edited") == 2

    def test_a_confirmed_entry_that_is_corrected_waits_again(self, people: dict[str, Any]) -> None:
        made = confirmed(people["company"], people["city"])
        with pytest.raises(Problem, match="理由"):
            edit(made, people["company"], said=VEHICLE | {"price": "1"}, ground=" ")
        changed = edit(made, people["company"], said=VEHICLE | {"price": "1"})
        assert (changed.status, changed.revision) == ("submitted", 2)
        assert LedgerRevision.objects.get(entry=made, number=1).data["price"] == "12.5"

    def test_saying_the_same_changes_nothing(self, people: dict[str, Any]) -> None:
        made = confirmed(people["company"], people["city"])
        assert edit(made, people["company"]).turn == made.turn and LedgerRevision.objects.count() == 1

    def test_whoever_comes_second_is_told(self, people: dict[str, Any]) -> None:
        made = entry(people["company"])
        edit(made, people["company"], said=VEHICLE | {"price": "1"})
        with pytest.raises(Problem, match="已被修改") as refused:
            edit(made, people["company"], expected=1, said=VEHICLE | {"price": "2"})
        assert refused.value.status == 409
        with pytest.raises(Problem, match="已被修改"):
            actions.confirm_entry(
                entry_id=made.pk, expected=1, scope=scope_for(people["city"]), by=people["city"], now=NOW
            )

    def test_the_same_thing_is_entered_once(self, people: dict[str, Any]) -> None:
        made = entry(people["company"])
        with pytest.raises(Problem, match="已有相同的台账") as refused:
            entry(people["company"])
        assert made.number and made.number in refused.value.message and refused.value.status == 409
        scope = scope_for(people["company"])
        actions.withdraw_entry(
            entry_id=made.pk, expected=1, ground="重复", scope=scope, by=people["company"], now=NOW
        )
        assert entry(people["company"]).status == "submitted"
        with pytest.raises(Problem, match="作废"):
            edit(LedgerEntry.objects.get(pk=made.pk), people["company"])

    def test_history_cannot_be_changed(self, people: dict[str, Any]) -> None:
        made = entry(people["company"])
        for table in ("ledgers_ledgerrevision", "ledgers_ledgerstep", "ledgers_ledgerversion"):
            for sql in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
                with (
                    pytest.raises((InternalError, IntegrityError, Exception)) as refused,
                    transaction.atomic(),
                ):
                    with connection.cursor() as cursor:
                        cursor.execute(sql)
                assert "append-only" in str(refused.value) or "change" in str(refused.value)
        assert LedgerStep.objects.filter(entry=made).count() == 1

    def test_what_submitting_alone_makes_valid(self, people: dict[str, Any]) -> None:
        said = {
            "topic": "乡镇局所",
            "visited_on": "2026-06-01",
            "method": "visit",
            "findings": "开门时间不足",
        }
        study = entry(people["city"], "field_study", said, place="5203")
        assert study.status == "confirmed" and study.number == "调研〔2026〕520300-1号"
        task = entry(
            people["city"], "study_task",
            {"task": "延长开门时间", "study": study.title, "finding": "开门时间不足", "owner": "遵义市分公司",
             "set_on": "2026-06-02", "due_on": "2026-09-01", "stage": "open"},
            place="5203", origin=study,
        )  # fmt: skip
        assert list(queries.list_follow_ups(scope_for(people["city"]), study)) == [task]


class TestWho:
    def test_a_company_fills_only_its_own(self, people: dict[str, Any]) -> None:
        company, rival = people["company"], people["rival"]
        with pytest.raises(Problem, match="本企业"):
            entry(company, operator=company_of(rival))
        with pytest.raises(Problem) as refused:
            entry(company, place="520303")
        assert refused.value.status == 403
        made = entry(company)
        with pytest.raises(Problem) as refused:
            edit(made, rival, said=VEHICLE | {"price": "1"})
        assert refused.value.status == 403
        assert not queries.list_entries(scope_for(rival)).exists()

    def test_the_regulator_does_not_fill_what_companies_fill(self, people: dict[str, Any]) -> None:
        with pytest.raises(Problem, match="由邮政企业填报"):
            entry(people["city"], operator=company_of(people["company"]))
        with pytest.raises(Problem, match="由邮政管理部门填报"):
            entry(people["company"], "policy_document", {}, submit=False)

    def test_who_confirms(self, people: dict[str, Any]) -> None:
        made = entry(people["company"])
        for who in ("company", "rival", "elsewhere"):
            with pytest.raises(Problem) as refused:
                actions.confirm_entry(
                    entry_id=made.pk, expected=1, scope=scope_for(people[who]), by=people[who], now=NOW
                )
            assert refused.value.status == 403
        agreement = {
            "name": "邮快合作协议", "agreement_number": "1", "partner": "某快递", "signed_on": "2026-01-05",
            "pilot": "是",
            "mode": "deliver", "interface": "system",
        }  # fmt: skip
        made = entry(people["company"], "express_agreement", agreement)
        with pytest.raises(Problem, match="省级以上"):
            actions.confirm_entry(
                entry_id=made.pk, expected=1, scope=scope_for(people["city"]), by=people["city"], now=NOW
            )
        province = people["province"]
        assert actions.confirm_entry(
            entry_id=made.pk, expected=1, scope=scope_for(province), by=province, now=NOW
        ).status == "confirmed"  # fmt: skip

    def test_nobody_confirms_their_own(self, people: dict[str, Any]) -> None:
        said = {
            "name": "支持意见",
            "document_number": "遵府〔2026〕1号",
            "issuer": "市政府",
            "issued_on": "2026-02-01",
            "subject": "rural",
        }
        made = entry(people["city"], "policy_document", said, place="5203")
        with pytest.raises(Problem, match="他人确认"):
            actions.confirm_entry(
                entry_id=made.pk, expected=1, scope=scope_for(people["city"]), by=people["city"], now=NOW
            )
        second = people["second"]
        actions.confirm_entry(entry_id=made.pk, expected=1, scope=scope_for(second), by=second, now=NOW)

    def test_a_draft_is_seen_by_its_own_side(self, people: dict[str, Any]) -> None:
        draft = entry(people["company"], said={"type": "货车"}, submit=False)
        seen = {
            name
            for name, user in people.items()
            if queries.list_entries(scope_for(user)).filter(pk=draft.pk).exists()
        }
        assert seen == {"company"}
        made = entry(people["company"])
        seen = {
            name
            for name, user in people.items()
            if queries.list_entries(scope_for(user)).filter(pk=made.pk).exists()
        }
        assert seen == {"company", "city", "second", "province", "national"}
        assert not queries.list_entries(Scope.public()).exists()


class TestKinds:
    def test_what_ships_is_loaded_once(self) -> None:
        before = LedgerVersion.objects.count()
        folder = Path(definition.__file__).parent / "kinds"
        assert before == len(list(folder.glob("*.json"))) == 18
        assert actions.load_kinds(folder=folder, by="system:ledgers", now=NOW) == []

    def test_running_entries_keep_their_version(self, people: dict[str, Any]) -> None:
        made = confirmed(people["company"], people["city"])
        kind = queries.get_kind("vehicle")
        plain = definition.plain(kind.definition)
        plain["fields"] = [*plain["fields"], {"code": "plate_colour", "name": "号牌颜色", "required": True}]
        version = actions.publish_kind(value=plain, expected=1, by="user:1", now=NOW)
        assert (version.number, version.note) == (2, "增加字段“号牌颜色”")
        changed = edit(made, people["company"], said=VEHICLE | {"price": "1"})
        assert changed.version.number == 1
        with pytest.raises(Problem, match="号牌颜色：必填"):
            entry(people["company"], said=VEHICLE | {"vehicle_number": "9"})

    @pytest.mark.parametrize("change, expected, said", [
        ({}, 1, "相同"), ({"name": "车"}, 0, "已有第 1 版"), ({"number_prefix": "投资"}, 1, "已由“投资完成”使用"),
        ({"follow_ups": [{"kind": "nowhere", "name": "立任务"}]}, 1, "没有“nowhere”这类台账"),
        ({"follow_ups": [{"kind": "study_task", "name": "立任务", "carries": {"type": "none"}}]}, 1, "没有字段“none”"),
        ({"colour": 1}, 1, "格式不对"), ({"fields": []}, 1, "格式不对"),
    ])  # fmt: skip
    def test_what_cannot_be_published(self, change: dict[str, Any], expected: int, said: str) -> None:
        plain = definition.plain(queries.get_kind("vehicle").definition) | change
        with pytest.raises(Problem, match=said):
            actions.publish_kind(value=plain, expected=expected, by="user:1", now=NOW)
        assert queries.get_kind("vehicle").version.number == 1

    @pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"code": 1}', "1" * 300_000, "[" * 3000])
    def test_any_text_is_a_definition_or_told_why_not(self, text: str) -> None:
        with pytest.raises(Problem, match="不能发布"):
            actions.read_text(text)

    def test_a_new_kind_is_data_alone(self, people: dict[str, Any]) -> None:
        found = actions.read_text(EXAMPLE)
        actions.publish_kind(value=definition.plain(found), expected=0, by="user:1", now=NOW)
        made = entry(
            people["city"],
            "my_ledger",
            {"name": "甲", "happened_on": "2026-05-05", "amount": "1.2亿"},
            place="5203",
        )
        assert made.data["amount"] == "12000" and made.begins_on and made.number == "示例〔2026〕520300-1号"
        assert get_place("5203") == made.place
