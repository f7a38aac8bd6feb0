import threading
from datetime import UTC, date, datetime

import numpy as np
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import given
from hypothesis import strategies as st

from puyou.core import clock, copying, events, notices, partitions, paths, problems, sealing, work
from puyou.core.models import Seal

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
TOLD = "test.told"


@pytest.fixture(autouse=True)
def told(monkeypatch):
    monkeypatch.setitem(events._declared, TOLD, "测试事件")


@given(st.integers(0, 36**4 - 1))
def test_a_path_step_reads_back(identifier):
    assert paths.ids(paths.step(identifier)) == [identifier]


def test_an_id_that_does_not_fit_a_step_is_refused():
    with pytest.raises(ValueError):
        paths.step(36**4)


def test_a_problem_speaks_and_keeps_its_code():
    kind = problems.ProblemKind("places.test", "找不到编码 {code} 的地方", 404)
    problem = kind(code="99")
    assert (problem.code, problem.status, str(problem)) == ("places.test", 404, "找不到编码 99 的地方")


def test_a_code_cannot_be_declared_twice():
    code = next(iter(problems.catalogue()))
    with pytest.raises(ValueError):
        problems.declare(code, "重复")


def test_the_clock_can_be_held():
    with clock.frozen(NOW):
        assert clock.now() == NOW
        assert clock.today() == date(2026, 11, 23)


@pytest.mark.django_db
class TestPartitions:
    def test_a_month_gets_its_partition_once(self):
        for _ in range(2):
            partitions.ensure_months("core_event", [date(2031, 5, 6), date(2031, 5, 7), date(1970, 1, 1)])
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('core_event_203105'), to_regclass('core_event_early')")
            assert None not in cursor.fetchone()


@pytest.mark.django_db
class TestEvents:
    def test_an_event_cannot_be_changed_or_removed(self):
        events.append(TOLD, subject="a", actor="system:test", now=NOW, data={})
        for statement in (
            "UPDATE core_event SET kind = 'x'",
            "DELETE FROM core_event",
            "TRUNCATE core_event",
        ):
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)

    def test_an_undeclared_event_cannot_be_said(self):
        with pytest.raises(ValueError):
            events.append("nobody.knows", subject="a", actor="b", now=NOW, data={})

    def test_seals_chain_every_event_once(self):
        sealing.seal_pending()
        ids = [
            events.append(TOLD, subject=str(i), actor="system:test", now=NOW, data={"n": i}) for i in range(5)
        ]
        assert sealing.seal_pending() == 5
        assert sealing.seal_pending() == 0
        seals = list(Seal.objects.filter(event_id__in=ids).order_by("sequence"))
        assert [seal.event_id for seal in seals] == ids
        assert len({bytes(seal.digest) for seal in seals}) == 5

    def test_many_events_of_a_kind_wake_once_a_transaction(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as callbacks:
            for number in range(5):
                events.append(TOLD, subject=str(number), actor="system:test", now=NOW, data={})
            try:
                with transaction.atomic():
                    events.append(TOLD, subject="undone", actor="system:test", now=NOW, data={})
                    raise RuntimeError
            except RuntimeError:
                pass
        assert len([one for one in callbacks if one.func is events._wake]) == 1

    def test_waking_survives_the_undoing_of_a_savepoint(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as callbacks:
            try:
                with transaction.atomic():
                    events.append(TOLD, subject="undone", actor="system:test", now=NOW, data={})
                    raise RuntimeError
            except RuntimeError:
                pass
            events.append(TOLD, subject="done", actor="system:test", now=NOW, data={})
        assert len([one for one in callbacks if one.func is events._wake]) == 1

    def test_a_digest_depends_on_what_was_said_and_on_what_came_before(self):
        row = (1, NOW, "test.told", "a", "b", "{}")
        assert sealing.digest(b"", row) != sealing.digest(b"x", row)
        assert sealing.digest(b"", row) != sealing.digest(b"", (1, NOW, "test.told", "a", "b", '{"n": 1}'))


@pytest.mark.django_db
class TestCopying:
    def test_columns_go_in_and_come_out_the_same(self):
        types = {
            "a": "int4",
            "b": "float8",
            "c": "date",
            "d": "timestamptz",
            "e": "bool",
            "f": "uuid",
            "g": "bit(371)",
        }
        random = np.random.default_rng(1)
        count = 1000
        bits = random.integers(0, 256, (count, 47), np.uint8)
        bits[:, 46] &= 0b11100000
        columns = {
            "a": random.integers(-(2**31), 2**31, count),
            "b": random.random(count),
            "c": np.datetime64("1970-01-01") + random.integers(0, 30000, count),
            "d": np.datetime64("1970-01-01T00:00:00", "us") + random.integers(0, 2**50, count),
            "e": random.random(count) < 0.5,
            "f": random.integers(0, 256, (count, 16), np.uint8),
            "g": bits,
        }
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE round_trip"
                " (a int4, b float8, c date, d timestamptz, e bool, f uuid, g bit(371))"
            )
        assert copying.copy_in("round_trip", columns, types) == count
        back = copying.copy_out("SELECT * FROM round_trip", types)
        for name, column in columns.items():
            np.testing.assert_array_equal(back[name], column)

    def test_an_empty_table_comes_out_empty(self):
        assert len(copying.copy_out("SELECT 1::int4 AS a WHERE false", {"a": "int4"})["a"]) == 0


@pytest.mark.django_db
def test_a_notice_stays_until_it_is_withdrawn():
    notices.publish("simulated", "模拟数据", NOW)
    notices.publish("simulated", "模拟数据，仅供演示", NOW)
    assert notices.current() == ["模拟数据，仅供演示"]
    notices.withdraw("simulated")
    assert notices.current() == []


def test_the_worker_wakes_a_job_when_its_event_commits(own_database):
    heard = threading.Event()
    stopping = threading.Event()

    def job() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM core_event WHERE kind = 'test.told'")
            if cursor.fetchone()[0]:
                heard.set()
        return 0

    before = (dict(work._listeners), list(work._rhythms))
    work.wire({"test.told": [job]}, [])
    runner = threading.Thread(target=work.run, args=(stopping,), daemon=True)
    try:
        runner.start()
        with transaction.atomic():
            events.append(TOLD, subject="a", actor="system:test", now=NOW, data={})
        assert heard.wait(10)
    finally:
        stopping.set()
        runner.join(10)
        work.wire(*before)
    assert not runner.is_alive()
