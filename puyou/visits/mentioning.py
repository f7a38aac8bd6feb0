"""Telling the room evidence which photos and voice notes belong to which visit."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from puyou.evidence import actions as evidence
from puyou.evidence.actions import Mention
from puyou.ingest.actions import Taken
from puyou.ingest.envelopes import moment_or_none


def mention_files(taken: Sequence[Taken], now: datetime) -> int:
    """Mention the files of visits that were taken in; how many mentions were new."""
    return evidence.mention_files(mentions=[each for one in taken for each in _mentions(one)], now=now)


def _mentions(taken: Taken) -> Iterable[Mention]:
    payload = taken.envelope["payload"]
    subject, owner = f"visit:{taken.id}", f"device:{taken.device_id}"
    for photo in payload.get("photos") or ():
        moment = moment_or_none(photo.get("taken_at") or "")
        yield Mention(photo["sha256"], subject, owner, photo.get("role") or "other", moment)
    if payload.get("voice"):
        yield Mention(payload["voice"], subject, owner, "voice", taken.happened_at)
