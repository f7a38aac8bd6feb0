"""The index answers exactly as brute force does, whatever the hashes, and is swapped under its readers."""

import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puyou.evidence import neighbours

WORDS = st.integers(0, 2**64 - 1)
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def turned_over(value: int, bits) -> int:
    for bit in bits:
        value ^= 1 << bit
    return value


CLUSTERS = st.builds(
    lambda centre, flips: [turned_over(centre, bits) for bits in flips],
    WORDS,
    st.lists(st.sets(st.integers(0, 63), max_size=12), min_size=1, max_size=40),
)


def near(values, value, radius):
    """Plain Python, to compare with."""
    found = {(bin(each ^ value).count("1"), each) for each in values}
    return sorted(each for each in found if each[0] <= radius)


def as_pairs(found):
    pairs = [
        (int(distance), int(value)) for value, distance in zip(found.values, found.distances, strict=True)
    ]
    assert [distance for distance, _ in pairs] == sorted(distance for distance, _ in pairs)
    return sorted(pairs)


@SLOW
@given(st.lists(WORDS, max_size=60), st.lists(CLUSTERS, max_size=4), st.integers(0, 7), st.data())
def test_it_finds_exactly_what_brute_force_finds(tmp_path, scattered, clusters, radius, data):
    values = scattered + [each for cluster in clusters for each in cluster]
    asked = data.draw(st.sampled_from(values) | WORDS if values else WORDS)
    asked = turned_over(asked, data.draw(st.sets(st.integers(0, 63), max_size=8)))
    index = neighbours.build(tmp_path, np.array(values, np.uint64), version="one")
    expected = near(values, asked, radius)
    assert as_pairs(index.within(asked, radius)) == expected
    assert as_pairs(neighbours.brute(np.array(values, np.uint64), asked, radius)) == expected
    assert len(index) == len(set(values))


def test_every_seven_bits_are_found_however_they_fall(tmp_path):
    dice = np.random.default_rng(1)
    values = dice.integers(0, 2**64, 200_000, np.uint64)
    index = neighbours.build(tmp_path, values.copy(), version="one")
    for value in values[:300]:
        asked = turned_over(int(value), dice.choice(64, 7, False).tolist())
        found = index.within(asked, 7)
        assert int(value) in found.values.tolist()
        assert as_pairs(found) == as_pairs(neighbours.brute(values, asked, 7))


@pytest.mark.parametrize("share", [(7, 0, 0, 0), (2, 2, 2, 1), (1, 2, 2, 2), (0, 0, 0, 7), (3, 4, 0, 0)])
def test_the_worst_splits_over_the_bands(tmp_path, share):
    value = 0x0123456789ABCDEF
    bits = [16 * band + bit for band, count in enumerate(share) for bit in range(count)]
    index = neighbours.build(tmp_path, np.array([value], np.uint64), version="one")
    assert as_pairs(index.within(turned_over(value, bits), 7)) == [(7, value)]
    assert as_pairs(index.within(turned_over(value, [*bits, 15]), 7)) == []


@pytest.mark.parametrize("radius", [-1, 8, 64])
def test_beyond_seven_bits_it_promises_nothing(tmp_path, radius):
    index = neighbours.build(tmp_path, np.array([1], np.uint64), version="one")
    with pytest.raises(ValueError, match="beyond"):
        index.within(1, radius)


def test_readers_follow_a_swap_and_old_versions_go(tmp_path):
    assert neighbours.current(tmp_path) is None
    neighbours.build(tmp_path, np.array([1, 1, 2], np.uint64), version="a", through="x")
    first = neighbours.current(tmp_path)
    assert (len(first), first.manifest["through"]) == (2, "x")
    assert neighbours.current(tmp_path) is first
    for version in "bcd":
        neighbours.build(tmp_path, np.array([1, 2, 3], np.uint64), version=version)
    assert as_pairs(first.within(2, 0)) == [(0, 2)]  # who holds it may go on reading
    assert len(neighbours.current(tmp_path)) == 3
    assert sorted(each.name for each in tmp_path.iterdir()) == ["c", "d", "manifest.json"]


def test_an_interrupted_build_leaves_the_old_one(tmp_path, monkeypatch):
    neighbours.build(tmp_path, np.array([5], np.uint64), version="a")

    def die(*_arguments):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="space"):
        patch.setattr(neighbours, "_swap", die)
        neighbours.build(tmp_path, np.array([5, 6], np.uint64), version="b")
    assert len(neighbours.current(tmp_path)) == 1
    neighbours.build(tmp_path, np.array([5, 6], np.uint64), version="b")
    assert len(neighbours.current(tmp_path)) == 2


READ = """
import sys
from pathlib import Path
from puyou.evidence import neighbours
index = neighbours.current(Path(sys.argv[1]))
print([int(each) for each in index.within(12, 1).values])
"""


def test_other_processes_read_it(tmp_path):
    neighbours.build(tmp_path, np.array([12, 13, 16], np.uint64), version="a")
    asked = [sys.executable, "-c", READ, str(tmp_path)]
    readers = [subprocess.Popen(asked, stdout=subprocess.PIPE) for _ in range(2)]
    assert [json.loads(reader.communicate(timeout=60)[0]) for reader in readers] == [[12, 13]] * 2
