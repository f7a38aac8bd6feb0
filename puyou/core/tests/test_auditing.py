import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from puyou.core import auditing, chaining, clock, events, sealing
from puyou.core.chaining import Anchor, Link
from puyou.core.models import Anchor as KeptAnchor

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
TOLD = "test.told"


def test_sm3_is_the_standard_one():
    expected = (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905-2016, appendix A.1
    )
    assert chaining.sm3(b"abc").hex() == expected


def test_a_merkle_root_is_that_of_rfc_6962():
    assert chaining.merkle_root([], "sha256").hex().startswith("e3b0c44298fc1c14")
    one = chaining.merkle_root([b""], "sha256").hex()
    assert one == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    leaves = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                                               "606162636465666768696a6b6c6d6e6f")]  # fmt: skip
    root = chaining.merkle_root(leaves, "sha256").hex()
    assert root == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def chain(count: int) -> list[Link]:
    links, held = [], {"sha256": b"", "sm3": b""}
    for number in range(1, count + 1):
        row = (number, "2026-11-23T04:00:00+00:00", TOLD, f"s{number}", "system:test", "{}")
        held = {
            name: digest(held[name] + chaining.spell(row)) for name, digest in chaining.ALGORITHMS.items()
        }
        links.append(Link(number, row, held["sha256"].hex(), held["sm3"].hex()))
    return links


EMPTY = {"sha256": "", "sm3": ""}


@given(st.integers(2, 30), st.data())
def test_any_single_tampering_is_found_where_it_is(count, data):
    links = chain(count)
    at = data.draw(st.integers(0, count - 2))
    how = data.draw(st.sampled_from(["change", "remove", "insert", "swap", "event_gone"]))
    assert chaining.faults(links, EMPTY) == []
    link = links[at]
    if how == "change":
        links[at] = Link(link.sequence, (*link.row[:5], '{"n": 1}'), link.sha256, link.sm3)
    elif how == "remove":
        del links[at]
    elif how == "insert":
        links.insert(at, Link(None, link.row, "", ""))
    elif how == "swap":
        links[at], links[at + 1] = links[at + 1], links[at]
    else:
        links[at] = Link(link.sequence, None, link.sha256, link.sm3)
    found = chaining.faults(links, EMPTY)
    assert found
    if how in ("change", "remove", "event_gone"):
        assert found[0].sequence == at + 1
        assert len(found) == 1


def test_a_chain_written_anew_is_found_by_its_anchor():
    links = chain(12)
    roots = {
        name: chaining.merkle_root([bytes.fromhex(getattr(link, name)) for link in links[:10]], name).hex()
        for name in chaining.ALGORITHMS
    }
    anchor = Anchor("2026-11-22", 1, 10, **roots)
    assert chaining.anchor_faults(links, [anchor]) == []
    forged = chain(11)
    assert chaining.faults(forged, EMPTY) == []
    forged = [Link(one.sequence, one.row, one.sm3, one.sm3) if one.sequence == 3 else one for one in forged]
    assert [fault.kind for fault in chaining.anchor_faults(forged, [anchor])] == ["forged"]


@pytest.fixture
def log(db, monkeypatch):
    monkeypatch.setitem(events._declared, TOLD, "测试事件")
    sealing.seal_pending()
    for number in range(20):
        events.append(TOLD, subject=str(number), actor="system:test", now=NOW, data={"n": number, "词": "字"})
    sealing.seal_pending()


def exported(tmp_path: Path, **span) -> Path:
    path, sink = tmp_path / "log.jsonl", io.StringIO()
    auditing.export_log(sink, **span)
    path.write_text(sink.getvalue())
    return path


def test_what_was_exported_verifies_alone(log, tmp_path):
    lines, faults = auditing.verify(exported(tmp_path))
    assert lines >= 20 and faults == []
    lines, faults = auditing.verify(exported(tmp_path, first=5, last=9))
    assert (lines, faults) == (5, [])


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE core_event SET actor = 'user:1' WHERE id = {id}", "changed"),
        ("DELETE FROM core_event WHERE id = {id}", "removed"),
        ("DELETE FROM core_seal WHERE event_id = {id}", "removed"),
        (
            "INSERT INTO core_event (at, kind, subject, actor) VALUES ('2026-11-23', 'x.y', 'a', 'b')",
            "inserted",
        ),
    ],
)
def test_an_administrator_who_goes_around_the_triggers_is_found(log, tmp_path, statement, kind):
    with connection.cursor() as cursor:
        cursor.execute("SELECT event_id, sequence FROM core_seal ORDER BY sequence DESC OFFSET 7 LIMIT 1")
        identifier, sequence = cursor.fetchone()
        cursor.execute("SET LOCAL session_replication_role = replica")  # switches triggers off
        cursor.execute(statement.format(id=identifier))
    _, faults = auditing.verify(exported(tmp_path))
    assert faults and faults[0].kind == kind
    assert kind == "inserted" or faults[0].sequence == sequence


def test_a_day_is_anchored_once_and_covers_every_seal_once(log, tmp_path):
    with clock.frozen(NOW + timedelta(days=1)):
        assert sealing.anchor_day() == 1
        assert sealing.anchor_day() == 0
        events.append(TOLD, subject="more", actor="system:test", now=clock.now(), data={})
        sealing.seal_pending()
    with clock.frozen(NOW + timedelta(days=2)):
        assert sealing.anchor_day() == 1
    first, second = KeptAnchor.objects.order_by("first")
    assert (first.first, second.first, second.last) == (1, first.last + 1, first.last + 1)
    kept = tmp_path / "anchors.json"
    kept.write_text(json.dumps([vars(one) for one in auditing.kept_anchors()]))
    assert auditing.verify(exported(tmp_path), kept)[1] == []
    told = json.loads(kept.read_text())
    told[0]["sha256"] = "00" * 32
    kept.write_text(json.dumps(told))
    assert [fault.kind for fault in auditing.verify(exported(tmp_path), kept)[1]] == ["forged"]


@pytest.mark.parametrize("text", ["", "{}", "[]", "not json", '{"format": "puyou-log-1"}'])
def test_another_file_is_refused(tmp_path, text):
    path = tmp_path / "log.jsonl"
    path.write_text(text)
    with pytest.raises((ValueError, KeyError)):
        auditing.verify(path)
