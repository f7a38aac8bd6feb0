import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puyou.config.backups import boxes, files, keys, places, problems, retention, wal
from puyou.config.backups import settings as state
from puyou.core.problems import Problem

KEY = bytes(range(32))
NOW = datetime(2026, 11, 26, tzinfo=UTC)


class TestBoxes:
    @pytest.mark.parametrize("size", [0, 1, boxes.CHUNK - 1, boxes.CHUNK, boxes.CHUNK + 1, 3 * boxes.CHUNK])
    def test_what_goes_in_comes_out(self, size):
        plain = os.urandom(size)
        assert boxes.unseal(boxes.seal(plain, KEY, "a"), KEY, "a") == plain

    def test_two_boxes_of_the_same_bytes_have_nothing_in_common(self):
        one, two = boxes.seal(b"x" * 100, KEY, "a"), boxes.seal(b"x" * 100, KEY, "a")
        assert one[boxes.HEAD :] != two[boxes.HEAD :]

    @settings(max_examples=60, deadline=None)
    @given(data=st.data())
    def test_any_change_is_refused(self, data):
        box = boxes.seal(b"visit " * 30, KEY, "a")
        at = data.draw(st.integers(0, len(box) - 1))
        bit = data.draw(st.integers(0, 7))
        changed = box[:at] + bytes([box[at] ^ 1 << bit]) + box[at + 1 :]
        with pytest.raises(boxes.Damaged):
            boxes.unseal(changed, KEY, "a")

    def test_what_is_cut_off_even_between_chunks_is_refused(self):
        box = boxes.seal(os.urandom(2 * boxes.CHUNK), KEY, "a")
        first = boxes.HEAD + boxes.LENGTH + int.from_bytes(box[boxes.HEAD : boxes.HEAD + boxes.LENGTH], "big")
        for cut in (0, 3, boxes.HEAD, first, first + 2, len(box) - 1):
            with pytest.raises(boxes.Damaged):
                boxes.unseal(box[:cut], KEY, "a")
        with pytest.raises(boxes.Damaged):
            boxes.unseal(box + b"\0", KEY, "a")

    def test_another_name_or_key_does_not_open_it(self):
        box = boxes.seal(b"words", KEY, "wal/1")
        for key, name in ((KEY, "wal/2"), (bytes(32), "wal/1")):
            with pytest.raises(boxes.Damaged):
                boxes.unseal(box, key, name)


class TestKeys:
    def test_a_key_file_is_private_and_never_overwritten(self, tmp_path):
        path = tmp_path / "key"
        keys.make_file(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600 and len(keys.given(str(path)).secret) == 32
        with pytest.raises(Problem, match="不会覆盖"):
            keys.make_file(path)

    def test_no_key_a_short_passphrase_and_a_bad_file_are_refused(self, tmp_path, monkeypatch):
        monkeypatch.delenv("PUYOU_BACKUP_KEY_FILE", raising=False)
        for words in ("", "short"):
            monkeypatch.setenv("PUYOU_BACKUP_PASSPHRASE", words)
            with pytest.raises(Problem, match="必须加密"):
                keys.given()
        (tmp_path / "key").write_text("zz")
        with pytest.raises(Problem, match="读不出"):
            keys.given(str(tmp_path / "key"))

    def test_a_passphrase_opens_its_place_and_another_does_not(self, tmp_path):
        right, wrong = (
            keys.Given(keys.PASSPHRASE, words) for words in (b"a long pass phrase", b"another phrase")
        )
        places.open_place(str(tmp_path), right, make=True).put("wal/1", b"words")
        assert places.open_place(str(tmp_path), right).get("wal/1") == b"words"
        with pytest.raises(Problem, match="不符"):
            places.open_place(str(tmp_path), wrong)
        with pytest.raises(Problem, match="没有普邮的备份"):
            places.open_place(str(tmp_path / "elsewhere"), right)

    def test_a_segment_written_by_another_system_is_never_overwritten(self, tmp_path):
        place = places.open_place(str(tmp_path), keys.Given(keys.FILE, KEY), make=True)
        place.put_once("wal/1", b"ours")
        place.put_once("wal/1", b"ours")
        with pytest.raises(Problem, match="另一个系统"):
            place.put_once("wal/1", b"theirs")


def _base(days: float) -> dict[str, str]:
    return {"id": f"{days}", "finished_at": (NOW - timedelta(days=days)).isoformat()}


class TestRetention:
    @pytest.mark.parametrize(
        ("ages", "staying"),
        [
            ([], []),
            ([90, 60, 50], [90, 60, 50]),
            ([90, 60, 50, 40], [60, 50, 40]),
            ([90, 20, 10, 5, 1], [20, 10, 5, 1]),
        ],
    )
    def test_young_ones_stay_and_at_least_three(self, ages, staying):
        bases = [_base(age) for age in ages]
        assert [one["id"] for one in retention.kept(bases, NOW, 30, 3)] == [f"{age}" for age in staying]

    def test_a_base_is_due_when_there_is_none_and_after_a_day(self):
        assert wal.is_due(None, NOW)
        assert wal.is_due(_base(1.01), NOW) and not wal.is_due(_base(0.9), NOW)


class TestShipping:
    @pytest.fixture
    def ready(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PUYOU_HOME", str(tmp_path / "home"))
        folder = tmp_path / "home" / "files" / "ab"
        folder.mkdir(parents=True)
        place = places.open_place(str(tmp_path / "store"), keys.Given(keys.FILE, KEY), make=True)
        return place, folder

    def test_each_file_is_sent_once_and_only_whole_ones(self, ready):
        place, folder = ready
        (folder / ("ab" * 32)).write_bytes(b"picture")
        (folder / "unfinished").write_bytes(b"part")
        shipper = files.Shipper(place)
        assert [shipper.ship(), shipper.ship()] == [1, 0]
        (folder / ("ab" * 31 + "cd")).write_bytes(b"another")
        assert shipper.ship() == 1 and files.Shipper(place).ship() == 0
        assert place.get(f"files/{'ab' * 32}") == b"picture"

    def test_what_could_not_be_sent_is_sent_later(self, ready, monkeypatch):
        place, folder = ready
        (folder / ("ab" * 32)).write_bytes(b"picture")
        old = folder.stat().st_mtime_ns - 3600 * 10**9
        os.utime(folder, ns=(old, old))
        shipper, put = files.Shipper(place), places.Place.put

        def away(*words):
            raise problems.UNREACHABLE(reason="away")

        monkeypatch.setattr(places.Place, "put", away)
        with pytest.raises(Problem, match="无法使用"):
            shipper.ship()
        monkeypatch.setattr(places.Place, "put", put)
        assert [shipper.ship(), shipper.ship()] == [1, 0]

    def test_two_writers_of_the_state_keep_both_changes(self, tmp_path, monkeypatch):
        monkeypatch.setattr(state, "_path", lambda: tmp_path / "backup.json")
        with ThreadPoolExecutor(8) as lanes:
            list(lanes.map(lambda number: state.note(**{f"n{number}": number}), range(60)))
        assert state.state() == {f"n{number}": number for number in range(60)}
