"""Frame before seed, a draw that repeats, results that are kept, and sheets that are taken once."""

import hashlib
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from puyou.accounts.scopes import scope_for
from puyou.audits import actions, frames, published, queries
from puyou.audits.models import AuditDraw, AuditItem, AuditResult
from puyou.audits.tests.cast import (
    FIRST,
    LAST,
    SYSTEM,
    drawn,
    frozen_draw,
    officer,
    record,
    settled_week,
    written,
)
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.visits.models import Visit
from puyou.visits.tests import cast as visit_cast
from puyou.visits.tests.cast import NOW

pytestmark = pytest.mark.django_db


def code_of(act: Any, *args: Any, **how: Any) -> str:
    with pytest.raises(Problem) as raised, transaction.atomic():
        act(*args, **how)
    return raised.value.code


class TestFrame:
    def test_it_holds_every_counting_visit_with_its_stratum(self) -> None:
        visits = settled_week()
        Visit.objects.filter(pk=visits[-1].pk).update(counting=False)
        draw = frozen_draw()
        units = list(frames.read(frames.path_of(draw.frame_digest)))
        assert [one for one, _ in units] == [str(visit.pk) for visit in visits[:-1]]
        assert draw.strata.keys() == {"52-good-none", "52-risky-none"} and draw.frame_rows == 39
        assert draw.strata["52-risky-none"][0] == 10 and sum(taken for _, taken in draw.strata.values()) == 20

    def test_its_digest_is_said_before_any_seed(self) -> None:
        settled_week()
        draw = frozen_draw()
        file = frames.path_of(draw.frame_digest)
        assert hashlib.sha256(file.read_bytes()).hexdigest() == draw.frame_digest
        said = Event.objects.get(kind="audit_frame.frozen")
        assert said.data["frame"] == draw.frame_digest and not draw.seed and not AuditItem.objects.exists()
        actions.draw_items(draw=draw, seed="s", scope=SYSTEM, now=NOW + timedelta(minutes=1))
        assert Event.objects.get(kind="audit.drawn").pk > said.pk

    def test_the_database_refuses_a_seed_older_than_its_frame(self) -> None:
        settled_week(4, 1)
        frozen_draw(2)
        with pytest.raises(IntegrityError, match="audits_frame_before_seed"), transaction.atomic():
            AuditDraw.objects.update(seed="s", seeded_at=NOW - timedelta(seconds=1))

    def test_it_refuses_what_is_not_settled_empty_or_out_of_scope(self) -> None:
        assert code_of(frozen_draw, last=date(2026, 10, 4)) == "audits.not_settled"
        assert code_of(frozen_draw, first=LAST, last=FIRST) == "audits.bad_dates"
        assert code_of(frozen_draw) == "audits.empty_frame"
        assert code_of(frozen_draw, size=0) == "audits.bad_size"
        settled_week(4, 1)
        elsewhere, recorder = officer("elsewhere", "5203"), officer("recorder", "52", "audits.record")
        assert code_of(frozen_draw, scope=scope_for(elsewhere)) == "accounts.out_of_scope"
        assert code_of(frozen_draw, scope=scope_for(recorder)) == "accounts.no_permission"

    def test_drawing_again_needs_a_reason_and_is_logged(self) -> None:
        settled_week(8, 2)
        first = drawn(4)
        assert code_of(frozen_draw, 4) == code_of(frozen_draw, 4, "520102") == "audits.needs_reason"
        again = frozen_draw(4, reason="第一批录入有误")
        assert again.repeats == first
        assert Event.objects.filter(kind="audit_frame.frozen").latest("pk").data["reason"] == "第一批录入有误"


class TestDraw:
    def test_the_same_seed_draws_the_same_and_only_once(self) -> None:
        settled_week()
        draw = drawn()
        first = set(draw.items.values_list("visit_id", flat=True))
        assert len(first) == 20
        assert (
            code_of(actions.draw_items, draw=draw, seed="other", scope=SYSTEM, now=NOW)
            == "audits.already_seeded"
        )
        again = drawn(reason="再抽")
        assert set(again.items.values_list("visit_id", flat=True)) == first

    def test_a_seed_is_drawn_when_none_is_given(self) -> None:
        settled_week(8, 2)
        draw = drawn(4, seed="")
        assert len(draw.seed) == 32 and Event.objects.get(kind="audit.drawn").data["seed"] == draw.seed

    @pytest.mark.parametrize("seed", [" 1", "1\n2", "x" * 101])
    def test_an_odd_seed_is_refused(self, seed: str) -> None:
        settled_week(8, 2)
        assert code_of(drawn, 4, seed) == "audits.bad_seed"

    def test_a_changed_frame_is_refused(self) -> None:
        settled_week(8, 2)
        draw = frozen_draw(4)
        frames.path_of(draw.frame_digest).write_text("visit_id,stratum\n")
        assert code_of(actions.draw_items, draw=draw, seed="s", scope=SYSTEM, now=NOW) == "audits.frame_gone"

    def test_items_keep_the_score_of_the_moment(self) -> None:
        settled_week()
        draw = drawn()
        assert all(item.flagged == (item.score == 10) for item in draw.items.all())


def told(capsys: Any, *words: str) -> tuple[Any, int]:
    capsys.readouterr()
    try:
        call_command(*words, "--json")
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    out = capsys.readouterr().out
    return json.loads(out) if out else None, code


class TestCommands:
    @pytest.fixture
    def files(self, capsys: Any, tmp_path: Path) -> tuple[Path, Path]:
        settled_week()
        words = [
            "audit_draw",
            "--place",
            "52",
            "--from",
            str(FIRST),
            "--to",
            str(LAST),
            "--size",
            "12",
            "--seed",
            "7",
        ]
        said, code = told(capsys, *words, "--folder", str(tmp_path / "out"))
        assert code == 0 and said["items"] == 12 and said["seed"] == "7"
        file = Path(said["file"])
        return file, file.parent / said["frame"]["file"]

    def test_what_was_drawn_is_verified_from_the_files_alone(
        self, files: tuple[Path, Path], capsys: Any
    ) -> None:
        AuditItem.objects.all().delete()
        AuditDraw.objects.all().delete()
        said, code = told(capsys, "audit_verify", str(files[0]))
        assert code == 0 and said["verified"] and said["differences"] == []

    @pytest.mark.parametrize(
        "what", ["seed", "item", "double", "left out", "frame", "size", "strata", "gone"]
    )
    def test_any_difference_is_told_and_exits_1(
        self, files: tuple[Path, Path], capsys: Any, what: str
    ) -> None:
        document = json.loads(files[0].read_text())
        if what == "seed":
            document["seed"] = "8"
        elif what == "item":
            document["items"][0]["visit_id"] = "00000000-0000-0000-0000-000000000000"
        elif what == "double":
            document["items"].append(document["items"][0])
        elif what == "left out":
            document["items"].pop()
        elif what == "size":
            document["size"] = 13
        elif what == "strata":
            document["strata"]["52-good-none"]["population"] += 1
        files[0].write_text(json.dumps(document))
        if what == "frame":
            files[1].write_text(files[1].read_text().replace("risky", "good", 1))
        elif what == "gone":
            files[1].unlink()
        said, code = told(capsys, "audit_verify", str(files[0]))
        assert code == 1 and not said["verified"] and said["differences"]

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 1}', '{"schema": 2, "items": []}'])
    def test_another_file_is_wrong_use(self, tmp_path: Path, capsys: Any, text: str) -> None:
        path = tmp_path / "x.json"
        path.write_text(text)
        assert told(capsys, "audit_verify", str(path))[1] == 2
        assert told(capsys, "audit_draw", "--place", "52", "--from", "x", "--to", "y", "--size", "3")[1] == 2

    def test_the_document_says_what_the_draw_says(self, files: tuple[Path, Path]) -> None:
        draw = AuditDraw.objects.get()
        document = published.read_document(files[0])
        assert document["frame"]["sha256"] == draw.frame_digest
        assert {one["visit_id"] for one in document["items"]} == {
            str(item.visit_id) for item in draw.items.all()
        }
        assert str(draw.place.name) not in files[1].read_text()


@pytest.fixture
def item() -> AuditItem:
    settled_week(8, 2)
    found = drawn(4).items.order_by("pk").first()
    assert found is not None
    return found


class TestResults:
    def test_the_latest_holds_and_none_is_lost(self, item: AuditItem) -> None:
        by = officer("o")
        record(item, "unreachable", by)
        record(item, "refuted", by)
        assert queries.get_item(scope_for(by), item.pk).outcome == "refuted"
        assert item.results.count() == 2 and Event.objects.filter(kind="audit_result.recorded").count() == 2

    def test_who_may_not(self, item: AuditItem) -> None:
        assert code_of(record, item, "confirmed", officer("elsewhere", "5203")) == "accounts.out_of_scope"
        assert (
            code_of(record, item, "confirmed", officer("reader", "52", "visits.review"))
            == "accounts.no_permission"
        )
        me = officer("me")
        AuditItem.objects.filter(pk=item.pk).update(courier=visit_cast.courier(user=me)[0])
        assert code_of(record, item, "confirmed", me) == "audits.own_visit"
        assert not AuditResult.objects.exists()

    @pytest.mark.parametrize("how, code", [
        ({"checked_on": date(2026, 9, 7)}, "audits.checked_too_early"),
        ({"checked_on": date(2026, 10, 9)}, "audits.checked_too_early"),
        ({"note": " "}, "audits.no_note"), ({"method": "letter"}, "audits.unknown_method"),
    ])  # fmt: skip
    def test_what_is_refused(self, item: AuditItem, how: dict[str, Any], code: str) -> None:
        assert code_of(record, item, "refuted", officer("o"), **how) == code
        assert code_of(record, item, "perhaps", officer("p")) == "audits.unknown_outcome"

    def test_a_stale_page_is_told_who_was_faster(self, item: AuditItem) -> None:
        record(item, "confirmed", officer("first"), seen=0)
        with pytest.raises(Problem, match="first已在.*属实"):
            record(item, "refuted", officer("second"), seen=0)
        assert AuditResult.objects.count() == 1


class TestSheets:
    def take(self, path: Path, by: Any) -> Any:
        return actions.import_results(path=path, scope=scope_for(by), by=by, now=NOW)

    def test_good_rows_are_taken_bad_ones_told_and_the_same_file_changes_nothing(
        self, item: AuditItem, tmp_path: Path
    ) -> None:
        by, others = officer("o"), list(AuditItem.objects.exclude(pk=item.pk))
        path = written(
            tmp_path / "r.csv", f"{item.pk},属实,电话,2026-10-01,", f"{others[0].pk},不属实,现场,2026-10-02,没来过",
            f"{others[1].pk},,,,",
            f"{others[2].pk},大概,电话,2026-10-01,", "999,属实,电话,2026-10-01,", "x,属实,电话,昨天,",
        )  # fmt: skip
        done = self.take(path, by)
        assert (done.read, done.recorded, done.same, done.empty) == (6, 2, 0, 1)
        assert [each.row for each in done.rejects] == [5, 6, 7] and "属实、不属实" in done.rejects[0].reason
        done = self.take(path, by)
        assert (done.recorded, done.same, len(done.rejects)) == (0, 2, 3) and AuditResult.objects.count() == 2

    def test_another_citys_items_are_not_taken(self, item: AuditItem, tmp_path: Path) -> None:
        path = written(tmp_path / "r.csv", f"{item.pk},属实,电话,2026-10-01,")
        done = self.take(path, officer("elsewhere", "5203"))
        assert done.recorded == 0 and len(done.rejects) == 1

    def test_a_sheet_without_its_columns_is_refused(self, item: AuditItem, tmp_path: Path) -> None:
        path = tmp_path / "r.csv"
        path.write_text("a,b\n1,2\n")
        assert code_of(self.take, path, officer("o")) == "core.missing_columns"


class TestFindings:
    def test_the_estimate_is_weighted_and_the_missing_bound_it(self) -> None:
        settled_week(120, 40)
        draw, by = drawn(60), officer("o")
        for at, each in enumerate(draw.items.order_by("stratum", "pk")):
            if at % 6 == 5:
                record(each, "unreachable", by)
            else:
                record(each, "refuted" if each.flagged and at % 2 else "confirmed", by)
        found = queries.findings_of(scope_for(by), draw)
        estimate, strata = found.whole.estimate, {s.name: s for s in found.strata}
        risky = strata["52-risky-none"]
        assert estimate.share == pytest.approx(40 / 120 * risky.refuted / risky.resolved)
        assert (
            estimate.bounds[0] < estimate.share < estimate.bounds[1]
            and estimate.sample - estimate.resolved == 10
        )
        assert found.quality.recall == 1 and found.quality.precision == pytest.approx(
            risky.refuted / risky.resolved
        )
        assert [row.code for row in found.provinces] == ["52"]

    def test_too_few_is_no_number(self, item: AuditItem) -> None:
        by = officer("o")
        record(item, "confirmed", by)
        found = queries.findings_of(scope_for(by), item.draw)
        assert found.whole.estimate.share is None and found.quality.recall is None
