"""Simulated days: honest ones keep to roads and clocks, each kind of cheat does what it is named for."""

import numpy as np
import pytest

from puyou.simulator import crew, noise, worlds
from puyou.simulator.crew import CODE
from puyou.simulator.trials import FIRST_DAY


@pytest.fixture(scope="module")
def world():
    return worlds.imagine(1500, seed=11, cheating=0.4)


@pytest.fixture(scope="module")
def day(world):
    return worlds.live(world, FIRST_DAY)


def rows_of(day, kind):
    found = np.flatnonzero(day.truth == CODE[kind])
    assert len(found) > 20
    return found


def away(world, day, rows):
    stops, calls = world.stops, day.call[rows]
    return noise.metres(day.lon[rows], day.lat[rows], stops.lon[calls], stops.lat[calls])


def test_the_same_seed_and_day_say_the_same(world, day):
    again = worlds.live(world, FIRST_DAY)
    for name in ("told", "lon", "approach", "truth", "nonce", "picture"):
        np.testing.assert_array_equal(getattr(again, name), getattr(day, name))
    assert (worlds.live(world, FIRST_DAY + 1).lon[:50] != day.lon[:50]).any()


def test_honest_days_follow_the_road_in_time(world, day):
    honest = np.flatnonzero((day.truth == 0) & (day.device == day.tour))
    order = np.diff(day.made[honest])[np.diff(day.tour[honest]) == 0]
    assert (order >= 0).all()
    assert np.nanpercentile(away(world, day, honest), 90) < 100
    assert (day.sent[honest] > day.made[honest]).all()
    assert (day.nonce[honest][day.source[honest] == 0] < day.made[honest][day.source[honest] == 0]).all()


def test_nothing_is_sent_before_it_is_noted(world):
    for day in range(FIRST_DAY, FIRST_DAY + 20):
        told = worlds.live(world, day)
        assert (told.sent > told.made).all()


def test_whoever_says_a_position_says_when(day):
    placed = ~np.isnan(day.lon) & (day.source == 0)
    assert not np.isnan(day.fix_age[placed]).any() and not np.isnan(day.accuracy[placed]).any()


def test_satellites_errors_drift(day):
    errors = noise.drifting(4000, np.full(4000, 10.0), np.random.default_rng(1))
    steps, spread = np.diff(errors, axis=1).std(), errors.std()
    assert spread == pytest.approx(10, rel=0.05) and steps < spread / 2


def test_every_kind_of_cheat_happens_and_some_of_their_days_are_honest(world, day):
    for kind in crew.CHEATS:
        rows_of(day, kind)
    cheats = world.crew.habit > 0
    assert (day.truth[cheats[day.tour]] == 0).mean() > 0.2
    assert (day.truth[~cheats[day.tour]] == 0).all()


def test_who_cheats_from_home_is_far_and_who_copies_is_at_the_village(world, day):
    assert np.median(away(world, day, rows_of(day, "from_home"))) > 500
    assert np.nanmax(away(world, day, rows_of(day, "copied_position"))) < 200


def test_backdated_visits_claim_a_time_before_they_were_made(day):
    rows = rows_of(day, "backdated")
    assert (day.made[rows] - day.told[rows] > 3600).mean() > 0.8
    assert (day.nonce[rows] > day.told[rows]).mean() > 0.4


def test_shared_phones_and_colluders_stand_where_their_partner_stands(world, day):
    for kind, own in (("shared_phone", False), ("colluding_track", True)):
        rows = rows_of(day, kind)
        assert ((day.device[rows] == day.tour[rows]) == own).mean() > 0.7
        assert np.nanmedian(away(world, day, rows)) > 300


def test_replayed_photos_repeat_and_copied_outboxes_carry_other_keys(day):
    pictures = day.picture[rows_of(day, "replayed_photo")]
    assert len(np.unique(pictures[pictures > 0])) < (pictures > 0).sum()
    assert (day.signature[rows_of(day, "copied_outbox")] != 1).mean() > 0.85
    honest = day.picture[(day.truth == 0) & (day.picture > 0)]
    assert len(np.unique(honest)) == len(honest)


def test_tags_from_a_picture_are_scanned_far_away(world, day):
    rows = rows_of(day, "tag_photo")
    assert (day.tag[rows] == 1).mean() > 0.85 and np.median(away(world, day, rows)) > 300
