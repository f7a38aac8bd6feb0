"""Measuring visits on columns: themselves, the way in, their trail, their day, their company."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from puyou.scrutiny.arrays import Bools, Columns, Evidence, Floats, Ints, Trail
from puyou.scrutiny.rules import Limits
from puyou.visits.rules import DEGREE_M
from puyou.visits.screening import SHIFTS, distances_m

SECOND = 1_000_000.0


def measure(told: Evidence, limits: Limits) -> Columns:
    """Every measure of ``rules.Measures`` as a column, for the wanted visits in their order."""
    wanted = np.flatnonzero(told.wanted)
    found: Columns = {}
    for part in (_alone, _clocks, _days, _spots, _company, _approaches):
        found |= {name: column[wanted] for name, column in part(told, limits).items()}
    whole = told.trail().followed_by(told.past)
    for look_back in (_trails, _repeats):
        found |= {name: column[wanted] for name, column in look_back(whole, limits).items()}
    return found


def _alone(told: Evidence, limits: Limits) -> Columns:
    blur = np.nan_to_num(told.accuracy, nan=0.0)
    return {
        "source": told.source, "signature": told.signature, "chain": told.chain, "tag": told.tag,
        "mock": told.mock, "rooted": told.rooted, "tag_offered": told.tag_offered,
        "photo_asked": told.photo_asked, "photos": told.photos, "photo_copies": told.photo_copies,
        "photo_likes": told.photo_likes, "clock_wrong": told.clock_wrong, "shared_device": told.shared_device,
        "foreign_device": told.foreign_device, "accuracy_m": told.accuracy, "distance_m": told.distance,
        "wall_jump_s": told.wall_jump, "placed": ~np.isnan(told.lon), "beyond_m": told.distance - blur,
        "nonce_age_s": np.where(told.nonce > 0, (told.moment - told.nonce) / SECOND, np.nan),
        "fix_age_s": told.fix_age,
        "rounded": _is_round(told.lon) & _is_round(told.lat),
    }  # fmt: skip


def _is_round(degrees: Floats) -> Bools:
    return np.asarray(np.abs(degrees * 1000 - np.round(degrees * 1000)) < 1e-7)


def _approaches(told: Evidence, limits: Limits) -> Columns:
    """Jitter, leaps and length of the way in, from the fixes before each visit."""
    count = (~np.isnan(told.approach[:, :, 0])).sum(axis=1)
    names = ("jitter_m", "leap_kmh", "way_m", "whiteness")
    found = {name: np.full(len(told), np.nan) for name in names}
    rows = np.flatnonzero(count >= 2)
    fixes, last = told.approach[rows], count[rows] - 1
    at, blur = -fixes[:, :, 0], np.nan_to_num(fixes[:, :, 3], nan=0.0)
    end = fixes[np.arange(len(rows)), last]
    narrow = DEGREE_M * np.cos(np.radians(end[:, 2]))[:, None]
    east, north = (fixes[:, :, 1] - end[:, 1:2]) * narrow, (fixes[:, :, 2] - end[:, 2:3]) * DEGREE_M
    found["way_m"][rows] = np.nanmax(np.hypot(east, north), axis=1) if len(rows) else 0.0
    found["jitter_m"][rows] = jitter = _jitter(at, east, north)
    standing = (count[rows] >= limits.white_fixes) & (found["way_m"][rows] < limits.white_way_m)
    found["whiteness"][rows] = np.where(standing, jitter / np.maximum(_spread(east, north), 0.05), np.nan)
    found["whiteness"] = _mean_of_day(told, found["whiteness"], limits.white_visits)
    flat = np.zeros(len(told), bool)
    most, least = np.fmax.reduce(fixes[:, :, 3], axis=1), np.fmin.reduce(fixes[:, :, 3], axis=1)
    flat[rows] = (count[rows] >= limits.white_fixes) & (most == least)
    step = np.hypot(np.diff(east, axis=1), np.diff(north, axis=1)) - blur[:, 1:] - blur[:, :-1]
    leaps = np.maximum(step, 0.0) / np.maximum(np.diff(at, axis=1), 1.0) * 3.6
    found["leap_kmh"][rows] = np.fmax(_largest(leaps), _last_leap(told, rows, end))
    moved = np.where(count >= limits.idle_fixes, (found["way_m"] < limits.arrived_m).astype(float), np.nan)
    return {
        "fixes": count, **found, "flat": flat, "idle": _mean_of_day(told, moved, limits.idle_visits),
        "on_points": _count_of_day(told, told.distance < limits.on_point_m),
    }  # fmt: skip


def _spread(east: Floats, north: Floats) -> Floats:
    """Mean distance of the fixes from their middle; satellites' errors drift, so it exceeds their jitter."""
    if not len(east):
        return np.zeros(0)
    middle = [np.nanmean(each, axis=1)[:, None] for each in (east, north)]
    return np.asarray(np.nanmean(np.hypot(east - middle[0], north - middle[1]), axis=1))


def _day_numbers(told: Trail) -> Ints:
    """A number for each person's day."""
    order = np.lexsort((told.day, told.who))
    number = np.zeros(len(told), np.int64)
    number[order] = _numbers(told.who[order], told.day[order])
    return number


def _count_of_day(told: Trail, holds: Bools) -> Floats:
    """How many visits of the person's day something holds for."""
    number = _day_numbers(told)
    return np.bincount(number, weights=holds)[number].astype(float) if len(told) else np.zeros(0)


def _mean_of_day(told: Trail, values: Floats, least: float) -> Floats:
    """The mean over the person's day for the visits that have a value; NaN with fewer than ``least`` of them."""
    if not len(told):
        return values
    number, known = _day_numbers(told), ~np.isnan(values)
    all_of = np.bincount(number, weights=known)
    mean = np.bincount(number, weights=np.where(known, values, 0.0)) / np.maximum(all_of, 1)
    return np.where(known & (all_of[number] >= least), mean[number], np.nan)


def _jitter(at: Floats, east: Floats, north: Floats) -> Floats:
    """Mean distance of each inner fix from the straight and even way between its neighbours; NaN without three."""
    whole = at[:, 2:] - at[:, :-2]
    share = np.where(whole > 0, (at[:, 1:-1] - at[:, :-2]) / np.where(whole > 0, whole, 1.0), 0.5)
    share = np.where(np.isnan(whole), np.nan, share)
    off = [each[:, 1:-1] - each[:, :-2] - share * (each[:, 2:] - each[:, :-2]) for each in (east, north)]
    away = np.hypot(off[0], off[1])
    inner = (~np.isnan(away)).sum(axis=1)
    return np.where(inner > 0, np.nansum(away, axis=1) / np.maximum(inner, 1), np.nan)


def _largest(values: Floats) -> Floats:
    """The largest of each row, NaN only where all are."""
    return np.fmax.reduce(values, axis=1) if values.size else np.full(len(values), np.nan)


def _last_leap(told: Evidence, rows: Ints, end: Floats) -> Floats:
    """From the last fix of the way to the visit's own position."""
    age = np.maximum(np.nan_to_num(told.fix_age[rows], nan=0.0), 0.0)
    seconds = np.maximum(end[:, 0] - age, 1.0)
    blur = np.nan_to_num(told.accuracy[rows], nan=0.0) + np.nan_to_num(end[:, 3], nan=0.0)
    metres = distances_m(end[:, 1], end[:, 2], told.lon[rows], told.lat[rows]) - blur
    return np.where(np.isnan(metres), np.nan, np.maximum(metres, 0.0) / seconds * 3.6)


def _order(told: Trail, rows: Ints, *keys: NDArray[Any]) -> Ints:
    """``rows`` by keys (last is first in rank), then by id."""
    words = np.ascontiguousarray(told.ids[rows]).view(">u8").reshape(-1, 2)
    found: Ints = rows[np.lexsort((words[:, 1], words[:, 0], *keys))]
    return found


def _speeds(told: Trail, before: Ints, after: Ints, limits: Limits) -> Floats:
    """Kilometres an hour from one visit to another, less both error circles and the slack, and the shortest stay."""
    accuracy = np.nan_to_num(told.accuracy, nan=0.0)
    blur = accuracy[before] + accuracy[after] + limits.slack_m
    metres = distances_m(told.lon[before], told.lat[before], told.lon[after], told.lat[after]) - blur
    gap = (told.moment[after] - told.moment[before]) / SECOND
    seconds = np.maximum(np.maximum(gap - limits.stay_s, gap / 4), 1.0)
    return np.maximum(metres, 0.0) / seconds * 3.6


def _trails(told: Trail, limits: Limits) -> Columns:
    """The fastest move to or from each visit along its courier's and its phone's whole trail."""
    speed, torn = np.full(len(told), np.nan), np.full(len(told), np.nan)
    for reporter in (told.courier, told.device):
        rows = np.flatnonzero((reporter != 0) & ~np.isnan(told.lon))
        rows = _order(told, rows, told.moment[rows], reporter[rows])
        if len(rows) < 2:
            continue
        same = reporter[rows][1:] == reporter[rows][:-1]
        pace = np.where(same, _speeds(told, rows[:-1], rows[1:], limits), np.nan)
        before, after = np.r_[np.nan, pace], np.r_[pace, np.nan]
        speed[rows] = np.fmax(speed[rows], np.fmax(before, after))
        if len(rows) < 3:
            continue
        bridge = _speeds(told, rows[:-2], rows[2:], limits)
        inner = rows[1:-1]
        apart = np.where(bridge <= limits.speed_kmh, np.minimum(before[1:-1], after[1:-1]), np.nan)
        torn[inner] = np.fmax(torn[inner], apart)
    return {"speed_kmh": speed, "torn_kmh": torn}


def _clocks(told: Evidence, limits: Limits) -> Columns:
    """How far wall clock and monotonic clock part between neighbouring visits of one start of the app."""
    gap = np.full(len(told), np.nan)
    rows = np.flatnonzero((told.session != 0) & (told.monotonic >= 0) & (told.device != 0))
    rows = _order(told, rows, told.monotonic[rows], told.session[rows], told.device[rows])
    if len(rows) > 1:
        before, after = rows[:-1], rows[1:]
        same = (told.device[before] == told.device[after]) & (told.session[before] == told.session[after])
        wall = (told.happened[after] - told.happened[before]) / SECOND
        apart = np.abs(wall - (told.monotonic[after] - told.monotonic[before]) / 1000.0)
        apart = np.where(same, apart, np.nan)
        gap[rows] = np.fmax(np.r_[np.nan, apart], np.r_[apart, np.nan])
    return {"clock_gap_s": gap}


def labels_of(told: Trail) -> Ints:
    """What each visit served: visits of one stop of a person's day share the stop's smallest label."""
    label = told.label.copy()
    rows = np.flatnonzero(told.stop != 0)
    if len(rows):
        rows = rows[np.lexsort((told.stop[rows], told.day[rows], told.who[rows]))]
        starts = _starts(told.who[rows], told.day[rows], told.stop[rows])
        sizes = np.diff(np.r_[starts, len(rows)])
        label[rows] = np.repeat(np.minimum.reduceat(label[rows], starts), sizes)
    return label


def _starts(*ordered: NDArray[Any]) -> Ints:
    """Where runs of equal keys begin in ordered columns."""
    new = np.zeros(len(ordered[0]), bool)
    if len(new):
        new[0] = True
    for key in ordered:
        new[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(new)


def _numbers(*ordered: NDArray[Any]) -> Ints:
    """0, 1, 2 … for runs of equal keys in ordered columns."""
    new = np.zeros(len(ordered[0]), np.int64)
    new[_starts(*ordered)] = 1
    return np.cumsum(new) - 1


def _distinct(numbers: Ints, values: NDArray[Any]) -> Ints:
    """How many distinct values each run has, for every row; ``values`` in order within a run."""
    if not len(numbers):
        return numbers
    new = np.ones(len(numbers))
    new[1:] = (numbers[1:] != numbers[:-1]) | (values[1:] != values[:-1])
    return np.bincount(numbers, weights=new).astype(np.int64)[numbers]


def _days(told: Evidence, limits: Limits) -> Columns:
    """A person's day as a whole: pace, rhythm, span, starts of the app."""
    names = ("day_kmh", "rhythm", "span_s", "fresh_starts")
    found = {name: np.full(len(told), np.nan) for name in names}
    rows = np.arange(len(told))
    if not len(rows):
        return found
    label, who = labels_of(told), told.who
    by_label = np.lexsort((label, told.day, who))
    villages = np.zeros(len(told), np.int64)
    villages[by_label] = _distinct(_numbers(who[by_label], told.day[by_label]), label[by_label])
    rows = _order(told, rows, told.moment, told.day, who)
    number = _numbers(who[rows], told.day[rows])
    first = np.r_[np.flatnonzero(np.diff(number, prepend=-1)), len(rows)]
    span = (told.moment[rows[first[1:] - 1]] - told.moment[rows[first[:-1]]])[number] / SECOND
    hops = np.maximum(villages[rows] - 1, 1)
    found["span_s"][rows] = np.where(villages[rows] >= limits.span_villages, span / hops, np.nan)
    found["day_kmh"][rows] = np.where(
        villages[rows] >= limits.day_stops, _pace(told, rows, number, limits), np.nan
    )
    found["rhythm"][rows] = _rhythm(told, rows, number, label, limits)
    found["fresh_starts"][rows] = _fresh(told, rows, number, limits)
    return found


def _pace(told: Trail, rows: Ints, number: Ints, limits: Limits) -> Floats:
    """Way between a day's positions over the time between the first and the last of them."""
    placed = ~np.isnan(told.lon[rows])
    rows, kept = rows[placed], number[placed]
    groups = number[-1] + 1
    metres, seconds = np.zeros(groups), np.zeros(groups)
    if len(rows) > 1:
        before, after = rows[:-1], rows[1:]
        same = kept[1:] == kept[:-1]
        gap = (told.moment[after] - told.moment[before]) / SECOND
        blur = np.nan_to_num(told.accuracy[before], nan=0.0) + np.nan_to_num(told.accuracy[after], nan=0.0)
        way = (
            distances_m(told.lon[before], told.lat[before], told.lon[after], told.lat[after])
            - blur
            - limits.slack_m
        )
        np.add.at(metres, kept[1:][same], np.maximum(way, 0.0)[same])
        np.add.at(seconds, kept[1:][same], np.maximum(gap - limits.stay_s, gap / 4)[same])
    return (metres / np.maximum(seconds, 1.0) * 3.6)[number]


def _rhythm(told: Trail, rows: Ints, number: Ints, label: Ints, limits: Limits) -> Floats:
    """Spread of the gaps between stops relative to their mean; NaN with fewer gaps than asked."""
    new = np.ones(len(rows), bool)
    new[1:] = (number[1:] != number[:-1]) | (label[rows][1:] != label[rows][:-1])
    stops, of = rows[new], number[new]
    same = of[1:] == of[:-1]
    gaps, of = ((told.moment[stops][1:] - told.moment[stops][:-1]) / SECOND)[same], of[1:][same]
    groups = number[-1] + 1
    count = np.bincount(of, minlength=groups)
    mean = np.bincount(of, weights=gaps, minlength=groups) / np.maximum(count, 1)
    spread = np.bincount(of, weights=(gaps - mean[of]) ** 2, minlength=groups) / np.maximum(count, 1)
    relative = np.sqrt(spread) / np.maximum(mean, 1.0)
    return np.where(count >= limits.rhythm_stops, relative, np.nan)[number]


def _fresh(told: Evidence, rows: Ints, number: Ints, limits: Limits) -> Floats:
    """Share of a day's visits that were made right after the app was started."""
    known = (told.session[rows] != 0) & (told.monotonic[rows] >= 0)
    fresh = known & (told.monotonic[rows] < limits.fresh_s * 1000)
    groups = number[-1] + 1
    all_of = np.bincount(number, weights=known, minlength=groups)
    share = np.bincount(number, weights=fresh, minlength=groups) / np.maximum(all_of, 1)
    return np.where(all_of >= limits.fresh_stops, share, np.nan)[number]


def squares(lon: Floats, lat: Floats, lon_shift: float, lat_shift: float, radius_m: float) -> list[Floats]:
    """Band and column of the square of two radii that holds each position, on a shifted grid."""
    side = 2 * radius_m / DEGREE_M
    band = np.floor(lat / side + lat_shift)
    narrow = np.cos(np.radians((band + 0.5 - lat_shift) * side))
    return [band, np.floor(lon * narrow / side + lon_shift)]


def _spots(told: Evidence, limits: Limits) -> Columns:
    """How many villages a person served within one spot on a day, narrow and wide."""
    spot, cluster = np.zeros(len(told)), np.zeros(len(told))
    share = np.zeros(len(told))
    rows = np.flatnonzero(~np.isnan(told.lon))
    label, who, day = labels_of(told)[rows], told.who[rows], told.day[rows]
    for lat_shift, lon_shift in SHIFTS:
        for radius, most in ((limits.spot_radius_m, spot), (limits.cluster_radius_m, cluster)):
            keys = squares(told.lon[rows], told.lat[rows], lon_shift, lat_shift, radius)
            most[rows] = np.maximum(most[rows], _villages([*keys, day, who], label))
    if len(rows):
        share[rows] = cluster[rows] / _villages([day, who], label)
    return {"spot_villages": spot, "cluster_villages": cluster, "cluster_share": share}


def _villages(keys: list[NDArray[Any]], label: Ints) -> Ints:
    """Distinct labels among the rows that share all keys, for every row."""
    order = np.lexsort((label, *keys))
    found = np.zeros(len(label), np.int64)
    found[order] = _distinct(_numbers(*(key[order] for key in keys)), label[order])
    return found


def _repeats(told: Trail, limits: Limits) -> Columns:
    """How often a person's position came again elsewhere or another day, and how constant the accuracy is."""
    repeats, same = np.zeros(len(told)), np.full(len(told), np.nan)
    rows = np.flatnonzero(~np.isnan(told.lon))
    label, who = labels_of(told)[rows], told.who[rows]
    keys = [told.lat[rows], told.lon[rows], who]
    repeats[rows] = _sizes(keys) - _sizes([label, told.day[rows], *keys])
    known = np.flatnonzero(~np.isnan(told.accuracy))
    accuracy, who = told.accuracy[known], told.who[known]
    total = _sizes([who])
    share = _sizes([accuracy, who]) / np.maximum(total, 1)
    same[known] = np.where(total >= limits.same_accuracy_visits, share, np.nan)
    return {"repeats": repeats, "same_accuracy": same}


def _sizes(keys: list[NDArray[Any]]) -> Ints:
    """How many rows share all keys with each row."""
    order = np.lexsort(tuple(keys))
    number = _numbers(*(key[order] for key in keys))
    found = np.zeros(len(order), np.int64)
    found[order] = np.bincount(number)[number] if len(number) else number
    return found


def _company(told: Evidence, limits: Limits) -> Columns:
    """Meetings with, and the very positions of, another person of the county that day."""
    meetings, twins = np.zeros(len(told)), np.zeros(len(told))
    rows = np.flatnonzero(told.wanted & ~np.isnan(told.lon))
    who, county = told.who[rows], told.county[rows]
    keys = [told.lat[rows], told.lon[rows], county]
    twins[rows] = _villages(keys, who) - 1 if len(rows) else 0
    first, second = _meetings(told, rows, limits)
    if len(first):
        meetings[rows] = _most_meetings(labels_of(told)[rows], who, first, second)
    return {"meetings": meetings, "twins": twins}


def _meetings(told: Evidence, rows: Ints, limits: Limits) -> tuple[Ints, Ints]:
    """Pairs (positions in ``rows``, both ways round) of different persons near in place and time."""
    who, county = told.who[rows], told.county[rows]
    codes = [np.zeros(0, np.int64)]
    for late in (0.0, 0.5):
        slot = np.floor(told.moment[rows] / SECOND / (2 * limits.meeting_s) + late)
        for lat_shift, lon_shift in SHIFTS:
            keys = squares(told.lon[rows], told.lat[rows], lon_shift, lat_shift, limits.meeting_radius_m)
            order = np.lexsort((who, slot, *keys, county))
            number = _numbers(*(key[order] for key in (slot, *keys, county)))
            for a, b in _pairs(number, who[order]):
                codes.append(order[a] * len(rows) + order[b])
    both = np.unique(np.concatenate(codes))
    if not len(both):
        return both, both
    first, second = np.divmod(both, len(rows))
    return np.r_[first, second], np.r_[second, first]


def _pairs(number: Ints, who: Ints) -> list[tuple[Ints, Ints]]:
    """Positions of rows of one run and different persons, by growing distance."""
    found = []
    step = 1
    while step < len(number):
        same = number[step:] == number[:-step]
        if not same.any():
            break
        a = np.flatnonzero(same & (who[step:] != who[:-step]))
        found.append((a, a + step))
        step += 1
    return found


def _most_meetings(label: Ints, who: Ints, first: Ints, second: Ints) -> Floats:
    """For each row that met somebody: over how many stops its person and that other person met that day."""
    own = _couple_stops(who[first], who[second], label[first])
    other = _couple_stops(who[first], who[second], label[second])
    found = np.zeros(len(who))
    np.maximum.at(found, first, np.minimum(own, other).astype(float))
    return found


def _couple_stops(one: Ints, other: Ints, label: Ints) -> Ints:
    return _villages([one, other], label)
