"""Changing divisions: what is written, what is said, what is refused, and what an earlier day still sees."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.places import actions, queries
from puyou.places.models import Kind, Place, PlaceHistory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
TODAY = date(2026, 11, 23)
TOLD = {"by": "user:1", "now": NOW, "ground": "黔府函〔2026〕1号"}
FIRST = date(2026, 1, 5)


def town():
    return queries.get_place("520526100")


def last_event():
    return Event.objects.order_by("-id").first()


@contextmanager
def refused(code):
    with pytest.raises(Problem) as caught:
        yield
    assert caught.value.code == code


class TestLoading:
    def test_a_second_run_writes_nothing(self):
        before = Event.objects.count()
        assert actions.load_divisions(by="system:tests", now=NOW, provinces=["52"]) == 0
        assert Event.objects.count() == before

    def test_an_unknown_province_is_refused_by_name(self):
        with refused("places.no_such_province"):
            actions.load_divisions(by="system:tests", now=NOW, provinces=["99"])

    def test_another_province_joins_with_the_ids_of_the_whole_edition(self):
        assert actions.load_divisions(by="system:tests", now=NOW, provinces=["46", "52"]) > 3000
        codes = list(Place.objects.filter(level__gt=0).order_by("path").values_list("code", flat=True))
        assert codes == sorted(codes)
        assert last_event().kind == "divisions.loaded"
        assert last_event().data["provinces"] == ["46"]
        assert queries.search("三沙", 1)[0].code == "460300000000"

    def test_the_western_regions_are_a_set(self):
        members = queries.members_of("west-12", TODAY)
        assert [place.name for place in members] == ["贵州省"]
        assert queries.members_of("west-12", date(2000, 12, 31)) == []


class TestRenaming:
    def test_it_keeps_the_name_before(self):
        place = actions.rename_place(place=town(), name="草海新镇", on=FIRST, **TOLD)
        assert (place.name, place.valid_from) == ("草海新镇", FIRST)
        past = place.history.get()
        assert (past.name, past.valid_from, past.valid_to) == ("草海镇", date(2023, 6, 30), FIRST)
        assert past.ground == TOLD["ground"]
        event = last_event()
        assert (event.kind, event.subject, event.actor) == ("place.renamed", f"place:{place.pk}", "user:1")
        assert event.data["before"] == "草海镇"

    def test_the_picker_finds_the_new_name_at_once(self):
        assert queries.search("草海新镇") == []
        actions.rename_place(place=town(), name="草海新镇", on=FIRST, **TOLD)
        assert [found.name for found in queries.search("草海新镇")] == ["草海新镇"]

    def test_two_changes_on_one_day_are_one_change(self):
        actions.rename_place(place=town(), name="甲镇", on=FIRST, **TOLD)
        place = actions.rename_place(place=town(), name="乙镇", on=FIRST, **TOLD)
        assert [past.name for past in place.history.all()] == ["草海镇"]

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"on": TODAY + timedelta(days=1)}, "places.future"),
            ({"on": date(2023, 6, 29)}, "places.too_early"),
            ({"ground": "  "}, "places.no_ground"),
            ({"name": ""}, "places.no_name"),
            ({"name": "甲\n镇"}, "places.no_name"),
            ({"name": "甲" * 101}, "places.no_name"),
            ({"name": "草海镇"}, "places.same"),
        ],
    )
    def test_it_refuses(self, change, code):
        with refused(code):
            actions.rename_place(**({"place": town(), "name": "甲镇", "on": FIRST} | TOLD | change))
        assert not PlaceHistory.objects.exists()

    def test_the_nation_keeps_its_name(self):
        with refused("places.is_nation"):
            actions.rename_place(place=queries.get_root(), name="某国", on=FIRST, **TOLD)


class TestRecoding:
    def test_the_id_stays_and_the_old_code_still_leads_here(self):
        village = queries.list_children(None, town())[0]
        old = int(village.code)
        actions.recode_place(place=village, code="520526100998", on=FIRST, **TOLD)
        assert queries.get_place("520526100998").pk == village.pk
        assert queries.code_index().lookup([old, 520526100998]).tolist() == [village.pk] * 2
        with refused("places.code_changed"):
            queries.get_place(str(old))

    def test_a_subtree_changes_its_prefix(self):
        county = queries.get_place("520526")
        below = Place.objects.filter(path__startswith=county.path).count()
        actions.recode_place(place=county, code="520599", on=FIRST, below=True, **TOLD)
        assert Place.objects.filter(code__startswith="520599", valid_to=None).count() == below
        assert not Place.objects.filter(code__startswith="520526").exists()
        assert last_event().data["places"] == below
        assert PlaceHistory.objects.filter(code__startswith="520526").count() == below

    def test_a_code_in_use_is_refused(self):
        with refused("places.code_taken"):
            actions.recode_place(place=town(), code="520502", on=FIRST, **TOLD)
        with refused("places.bad_code"):
            actions.recode_place(place=town(), code="甲", on=FIRST, **TOLD)


class TestMoving:
    def test_everything_below_moves_and_remembers(self):
        place, target = town(), queries.get_place("520502")
        below = Place.objects.filter(path__startswith=place.path).count()
        moved = actions.move_place(place=place, parent=target, on=FIRST, **TOLD)
        assert moved.parent_id == target.pk
        assert Place.objects.filter(path__startswith=moved.path).count() == below
        assert PlaceHistory.objects.count() == below
        assert last_event().kind == "place.moved"
        assert last_event().data["places"] == below

    def test_each_day_sees_its_own_parent(self):
        place, target = town(), queries.get_place("520502")
        county, village = place.parent, queries.list_children(None, place)[0]
        actions.move_place(place=place, parent=target, on=FIRST, **TOLD)
        for day, holder in ((FIRST - timedelta(days=1), county), (FIRST, target), (date(2001, 1, 1), county)):
            tree = queries.tree_on(day)
            assert tree.anchor[3][tree.position([village.pk])[0]] == holder.pk
            inside = tree.village_ids[tree.under(holder.path)]
            assert village.pk in inside
        assert queries.tree_on(FIRST) is queries.current_tree()

    @pytest.mark.parametrize(
        ("parent", "code"),
        [("520526", "places.same"), ("520526101", "places.wrong_level"), ("520526100", "places.into_itself")],
    )
    def test_it_refuses(self, parent, code):
        with refused(code):
            actions.move_place(place=town(), parent=queries.get_place(parent), on=FIRST, **TOLD)

    def test_a_day_before_a_change_below_is_refused(self):
        village = queries.list_children(None, town())[0]
        actions.rename_place(place=village, name="新名村", on=FIRST, **TOLD)
        with refused("places.too_early"):
            earlier = FIRST - timedelta(days=1)
            actions.move_place(place=town(), parent=queries.get_place("520502"), on=earlier, **TOLD)


class TestRetiring:
    def test_it_is_gone_from_that_day_on(self):
        village, heir = queries.list_children(None, town())[:2]
        size = len(queries.current_tree())
        actions.retire_place(place=village, on=FIRST, successor=heir, **TOLD)
        assert len(queries.current_tree()) == size - 1
        assert queries.current_tree().position([village.pk]).tolist() == [-1]
        assert queries.tree_on(FIRST - timedelta(days=1)).position([village.pk])[0] >= 0
        with pytest.raises(Problem, match=f"并入{heir.name}"):
            queries.get_place(village.code)
        with refused("places.retired"):
            actions.rename_place(place=village, name="甲村", on=FIRST, **TOLD)

    def test_a_place_with_children_stays(self):
        with refused("places.has_children"):
            actions.retire_place(place=town(), on=FIRST, **TOLD)

    def test_nobody_succeeds_oneself(self):
        village = queries.list_children(None, town())[0]
        with refused("places.into_itself"):
            actions.retire_place(place=village, successor=village, on=FIRST, **TOLD)


class TestCreating:
    def test_a_new_village_begins_on_its_day(self):
        new = {"code": "520526100399", "name": "新设村", "level": 5, "kind": Kind.VILLAGE}
        place = actions.create_place(parent=town(), on=FIRST, **new, **TOLD)
        assert place.path.startswith(town().path)
        assert queries.current_tree().position([place.pk])[0] >= 0
        assert queries.tree_on(FIRST - timedelta(days=1)).position([place.pk]).tolist() == [-1]
        with refused("places.code_taken"):
            actions.create_place(parent=town(), on=FIRST, **new, **TOLD)


class TestImportingASet:
    def read(self, tmp_path, text, **more):
        file = tmp_path / "border.csv"
        file.write_text(text, encoding="utf-8")
        told = {"code": "border", "name": "边境县", "source": "某文件", "by": "user:1", "now": NOW}
        return actions.import_place_set(path=file, rejects=tmp_path / "rejects", **(told | more))

    def test_members_are_dated(self, tmp_path):
        outcome = self.read(tmp_path, "place_code,from,to\n5205,2026-01-01,2026-07-01\n520526,,\n")
        assert (outcome.read, outcome.accepted, outcome.rejected) == (2, 2, 0)
        assert [place.name for place in queries.members_of("border", date(2026, 6, 30))] == [
            "毕节市",
            "威宁彝族回族苗族自治县",
        ]
        assert len(queries.members_of("border", date(2026, 7, 1))) == 1
        assert last_event().kind == "place_set.changed"

    def test_the_same_file_again_changes_nothing(self, tmp_path):
        self.read(tmp_path, "place_code\n5205\n")
        assert self.read(tmp_path, "place_code\n5205\n5205\n").duplicate == 2

    def test_bad_rows_are_told_one_by_one(self, tmp_path):
        bad = "place_code,from,to\n99,,\n甲,,\n5205,昨天,\n5201,2026-02-01,2026-01-01\n,,\n52,,\n"
        outcome = self.read(tmp_path, bad)
        assert (outcome.read, outcome.accepted, outcome.rejected) == (6, 1, 5)
        told = open(outcome.reject_file, encoding="utf-8").read()
        for code in ("places.unknown", "places.bad_code", "places.bad_date", "places.empty_term"):
            assert code in told

    def test_a_bad_name_of_a_set_is_refused(self, tmp_path):
        with refused("places.bad_set_code"):
            self.read(tmp_path, "place_code\n52\n", code="边境")
        with refused("places.no_such_set"):
            queries.members_of("nothing", TODAY)


DAYS = [FIRST + timedelta(days=30 * month) for month in range(5)]
MOVES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 4)), max_size=6)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOVES)
def test_every_day_sees_the_tree_of_that_day(moves):
    """Random moves of towns and villages among five small ones, against a plain record of parents by day."""
    counties = [queries.get_place(code) for code in ("520502", "520526")]
    told = TOLD | {"on": date(2023, 6, 30)}
    towns = [_new(4, counties[at % 2], told) for at in range(3)]
    villages = [_new(5, towns[at % 3], told) for at in range(5)]
    parents = {place.pk: place.parent_id for place in towns + villages}
    record = {day: dict(parents) for day in [date(2024, 1, 1), *DAYS]}
    for which, where, when in sorted(moves, key=lambda move: move[2]):
        place = (towns + villages)[which % 8]
        target = counties[where % 2] if place in towns else towns[where % 3]
        if parents[place.pk] == target.pk:
            continue
        actions.move_place(place=place, parent=target, **(TOLD | {"on": DAYS[when]}))
        parents[place.pk] = target.pk
        for day in DAYS[when:]:
            record[day] = dict(parents)
    for day, expected in record.items():
        tree = queries.tree_on(day)
        at = tree.position([village.pk for village in villages])
        assert tree.anchor[4][at].tolist() == [expected[village.pk] for village in villages]
        assert tree.anchor[3][at].tolist() == [expected[expected[village.pk]] for village in villages]


CODES = count(520502900000)  # examples share one transaction, so no code comes twice


def _new(level, parent, told):
    kind = Kind.VILLAGE if level == 5 else Kind.ADMIN
    return actions.create_place(
        code=str(next(CODES)), name="试", level=level, kind=kind, parent=parent, **told
    )
