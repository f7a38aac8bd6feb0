"""Pages of ledgers: what they show and do, and who may not open them."""

import json
from typing import Any

import pytest

from puyou.accounts.tests.offices import signed_in
from puyou.ledgers import definition, queries
from puyou.ledgers.models import LedgerEntry, LedgerVersion
from puyou.ledgers.tests.cast import VEHICLE, company_of, confirmed, entry

pytestmark = pytest.mark.django_db
FORM = {
    "entry_place": "520302", "vehicle_number": "黔邮０００１", "type": "van", "energy": "electric", "use": "rural",
    "price": "12.5", "bought_on": "2026-03-05",
}  # fmt: skip


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()  # type: ignore[no-any-return]


class TestEntries:
    def test_a_company_enters_and_the_city_confirms(self, people: dict[str, Any]) -> None:
        company, city = signed_in(people["company"]), signed_in(people["city"])
        page = body(company.get("/ledgers/vehicle/new/"))
        assert "购置价格（万元）" in page and company_of(people["company"]).name in page
        values = FORM | {"entry_operator": company_of(people["company"]).name}
        answer = company.post("/ledgers/vehicle/new/", values)
        made = LedgerEntry.objects.get()
        assert answer.status_code == 302 and answer.headers["Location"] == f"/ledgers/entries/{made.pk}/"
        page = body(city.get(f"/ledgers/entries/{made.pk}/"))
        assert made.number and made.number in page and "已提交，待确认" in page and ">确认</button>" in page
        assert ">确认</button>" not in body(company.get(f"/ledgers/entries/{made.pk}/"))
        city.post(f"/ledgers/entries/{made.pk}/confirm/", {"turn": made.turn})
        made.refresh_from_db()
        assert made.status == "confirmed"
        page = body(city.get("/ledgers/vehicle/"))
        assert "黔邮０００１" in page and "使用新能源车辆" in page and "已确认" in page

    def test_what_is_wrong_comes_back_at_the_field(self, people: dict[str, Any]) -> None:
        client = signed_in(people["company"])
        answer = client.post(
            "/ledgers/vehicle/new/", {"entry_place": "遵义", "price": "约12", "bought_on": "2026-13-01"}
        )
        errors = answer.context["form"].errors
        assert answer.status_code == 422 and not LedgerEntry.objects.exists()
        assert set(errors) == {
            "entry_place",
            "entry_operator",
            "vehicle_number",
            "type",
            "energy",
            "use",
            "price",
            "bought_on",
        }
        assert "没有叫“遵义”的地区" in str(errors["entry_place"]) and "约数" in str(errors["price"])
        assert errors["type"] == ["必填"] and "没有这一天" in str(errors["bought_on"])
        assert 'value="约12"' in body(answer)

    def test_a_draft_may_lack_everything_but_its_place(self, people: dict[str, Any]) -> None:
        client = signed_in(people["company"])
        own = company_of(people["company"]).name
        values = {"entry_place": "红花岗区", "entry_operator": own, "draft": "1"}
        assert client.post("/ledgers/vehicle/new/", values).status_code == 302
        draft = LedgerEntry.objects.get()
        assert (draft.status, draft.number, draft.data) == ("draft", None, {})
        answer = client.post(f"/ledgers/entries/{draft.pk}/submit/", {"turn": draft.turn}, follow=True)
        assert "车辆编号：必填" in body(answer)

    def test_a_stale_form_is_told_and_keeps_what_was_written(self, people: dict[str, Any]) -> None:
        client, made = signed_in(people["company"]), entry(people["company"])
        values = FORM | {
            "entry_operator": company_of(people["company"]).name,
            "turn": "1",
            "ground": "更正价格",
            "price": "13",
        }
        assert client.post(f"/ledgers/entries/{made.pk}/edit/", values).status_code == 302
        answer = client.post(f"/ledgers/entries/{made.pk}/edit/", values | {"price": "14"})
        assert answer.status_code == 409 and "已被修改" in body(answer) and 'value="14"' in body(answer)
        page = body(client.get(f"/ledgers/entries/{made.pk}/"))
        assert "<del>12.5 万元</del>" in page and "13 万元" in page and "更正价格" in page

    def test_returning_and_withdrawing_take_a_ground(self, people: dict[str, Any]) -> None:
        client, made = signed_in(people["city"]), confirmed(people["company"], people["city"])
        for verb in ("return", "withdraw"):
            assert (
                client.post(
                    f"/ledgers/entries/{made.pk}/{verb}/", {"turn": made.turn, "ground": " "}
                ).status_code
                == 422
            )
            answer = client.post(
                f"/ledgers/entries/{made.pk}/{verb}/", {"turn": made.turn, "ground": "不是本县车辆"}
            )
            assert answer.status_code == 302
            made.refresh_from_db()
        assert made.status == "withdrawn" and "不是本县车辆" in body(
            client.get(f"/ledgers/entries/{made.pk}/")
        )
        assert "黔邮0001" not in body(client.get("/ledgers/vehicle/"))
        assert "黔邮0001" in body(client.get("/ledgers/vehicle/?status=withdrawn"))

    def test_a_study_gives_rise_to_a_task(self, people: dict[str, Any]) -> None:
        said = {
            "topic": "乡镇局所",
            "visited_on": "2026-06-01",
            "method": "visit",
            "findings": "开门时间不足",
        }
        client, study = signed_in(people["city"]), entry(people["city"], "field_study", said, place="5203")
        address = f"/ledgers/study_task/new/?origin={study.pk}"
        assert address in body(client.get(f"/ledgers/entries/{study.pk}/"))
        assert 'value="乡镇局所"' in body(client.get(address))
        values = {
            "entry_place": "5203", "task": "延长开门时间", "finding": "开门时间不足", "owner": "市分公司",
            "set_on": "2026-06-02",
            "due_on": "2026-09-01", "stage": "open",
        }  # fmt: skip
        assert client.post(address, values).status_code == 302
        assert "延长开门时间" in body(client.get(f"/ledgers/entries/{study.pk}/"))
        assert client.get(f"/ledgers/vehicle/new/?origin={study.pk}").status_code == 403
        assert client.get(f"/ledgers/field_study/new/?origin={study.pk}").status_code == 404


class TestLists:
    @pytest.fixture
    def rows(self, people: dict[str, Any]) -> None:
        for at, (price, energy) in enumerate((("9", "fuel"), ("100", "electric"), ("20", "electric"))):
            said = VEHICLE | {
                "vehicle_number": f"车{at}",
                "price": price,
                "energy": energy,
                "bought_on": f"2026-0{at + 1}-05",
            }
            confirmed(people["company"], people["city"], said=said)

    @pytest.mark.usefixtures("rows")
    def test_filters_and_sorting_come_from_the_definition(self, people: dict[str, Any]) -> None:
        client = signed_in(people["city"])

        def found(asked: str) -> list[str]:
            table = client.get(f"/ledgers/vehicle/{asked}").context["table"]
            return [row.cells[0].shown for row in table.rows]

        assert found("?sort=sort_price") == ["车0", "车2", "车1"]  # as numbers, not as text
        assert found("?sort=-sort_bought_on") == ["车2", "车1", "车0"]
        assert sorted(found("?energy=electric")) == ["车1", "车2"]
        assert found("?q=车2") == ["车2"] and found("?q=车2 车1") == []
        assert found("?from=2026-02-01&to=2026-02-28") == ["车1"]
        assert (
            len(found("?place=遵义市")) == 3 and found("?place=520303") == [] and found("?place=9999") == []
        )
        assert found("?energy=coal") == [] and found("?status=draft") == []

    @pytest.mark.usefixtures("rows")
    def test_exports_hold_every_field(self, people: dict[str, Any]) -> None:
        text = body(signed_in(people["city"]).get("/ledgers/vehicle/?format=csv&energy=electric"))
        head = text.splitlines()[0]
        assert "购置价格（万元）" in head and "备注" in head and "区划代码" in head and "筛选" in head
        assert len(text.strip().splitlines()) == 3 and "动力：纯电动" in text

    @pytest.mark.usefixtures("rows")
    def test_a_figure_lists_the_very_rows_it_counted(self, people: dict[str, Any]) -> None:
        client = signed_in(people["city"])
        figures = client.get("/ledgers/vehicle/").context["figures"]
        one = next(each for each in figures if each["measure"].measure.code == "new_energy")
        assert one["reading"].value == 2
        listed = client.get(one["reading"].rows)
        assert len(listed.context["table"].rows) == 2 and "所计的记录" in body(listed)

    @pytest.mark.usefixtures("rows")
    def test_timeline_and_map(self, people: dict[str, Any]) -> None:
        client = signed_in(people["city"])
        page = body(client.get("/ledgers/vehicle/timeline/"))
        assert page.index("2026年3月") < page.index("2026年2月") < page.index("2026年1月")
        answer = client.get("/ledgers/vehicle/map/?place=5203")
        counts = {cell.cells[0].shown: cell.cells[1].shown for cell in answer.context["children"].rows}
        assert counts["红花岗区"] == "3" and 'data-step="6"' in body(answer)

    def test_an_empty_ledger_says_what_to_do(self, people: dict[str, Any]) -> None:
        client = signed_in(people["city"])
        for address in ("", "timeline/", "map/"):
            assert client.get(f"/ledgers/vehicle/{address}").status_code == 200
        assert "可以新增一条" in body(client.get("/ledgers/vehicle/"))


class TestKinds:
    def test_every_kind_is_documented(self, people: dict[str, Any]) -> None:
        client = signed_in(people["company"])
        page = body(client.get("/ledgers/"))
        for kind in queries.list_kinds(None):  # type: ignore[arg-type]
            assert kind.row.name in page
            told = body(client.get(f"/ledgers/{kind.row.code}/definition/"))
            assert kind.definition.source in told and "发布新版" not in told
            assert all(field.name in told for field in kind.definition.fields)
            assert client.get(f"/ledgers/{kind.row.code}/definition/json/").json()["code"] == kind.row.code

    def test_a_version_is_looked_at_first_and_then_published(self, people: dict[str, Any]) -> None:
        client = signed_in(people["national"])
        plain = definition.plain(queries.get_kind("vehicle").definition)
        plain["fields"] = [*plain["fields"], {"code": "plate_colour", "name": "号牌颜色"}]
        values = {"text": json.dumps(plain, ensure_ascii=False), "expected": 1}
        answer = client.post("/ledgers/vehicle/publish/", values | {"look": "1"})
        assert (
            "增加字段“号牌颜色”" in body(answer)
            and LedgerVersion.objects.filter(kind__code="vehicle").count() == 1
        )
        assert client.post("/ledgers/vehicle/publish/", values).status_code == 302
        assert "号牌颜色" in body(
            client.get("/ledgers/vehicle/new/") if False else client.get("/ledgers/vehicle/definition/")
        )
        answer = client.post(
            "/ledgers/vehicle/publish/", values | {"text": values["text"].replace("号牌", "车牌")}
        )  # type: ignore[attr-defined]
        assert answer.status_code == 409 and "已有第 2 版" in body(answer)

    def test_a_new_kind_from_the_example(self, people: dict[str, Any]) -> None:
        client = signed_in(people["national"])
        page = client.get("/ledgers/kinds/new/")
        text = page.context["form"].initial["text"]
        assert client.post("/ledgers/kinds/new/", {"text": text, "expected": 0}).status_code == 302
        assert signed_in(people["city"]).get("/ledgers/my_ledger/new/").status_code == 200
        assert client.post("/ledgers/kinds/new/", {"text": text, "expected": 0}).status_code == 409
        assert (
            client.post("/ledgers/kinds/new/", {"text": "{", "expected": 0, "look": "1"}).status_code == 422
        )
        other = json.dumps(definition.plain(queries.get_kind("vehicle").definition))
        assert client.post("/ledgers/my_ledger/publish/", {"text": other, "expected": 1}).status_code == 422

    def test_only_the_nation_publishes(self, people: dict[str, Any]) -> None:
        for who in ("province", "city", "company"):
            client = signed_in(people[who])
            for address in ("/ledgers/kinds/new/", "/ledgers/vehicle/publish/"):
                assert client.get(address).status_code == client.post(address).status_code == 403


def test_others_cannot(people: dict[str, Any]) -> None:
    made = confirmed(people["company"], people["city"])
    address = f"/ledgers/entries/{made.pk}/"
    for who in ("elsewhere", "rival"):
        client = signed_in(people[who])
        for each in ("", "edit/", "return/", "withdraw/"):
            assert client.get(address + each).status_code in (403, 404), (who, each)
        for each in ("edit/", "submit/", "confirm/", "return/", "withdraw/"):
            assert client.post(address + each, {"turn": made.turn, "ground": "无"}).status_code in (
                403,
                404,
            ), (who, each)
        for each in ("", "timeline/", "map/?place=520302", "?format=csv", "?place=520302"):
            assert made.title not in body(client.get(f"/ledgers/vehicle/{each}")), (who, each)
        figures = client.get("/ledgers/vehicle/").context["figures"]
        assert all(each["reading"].value is None for each in figures)
    made.refresh_from_db()
    assert made.status == "confirmed" and made.turn == 2
    assert signed_in(people["city"]).get("/ledgers/vehicle/new/").status_code == 403
    assert signed_in(people["city"]).get("/ledgers/nowhere/").status_code == 404
