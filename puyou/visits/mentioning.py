"""Telling the room evidence which photos and voice notes belong to which visit, or to what else a phone sends."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from puyou.evidence import actions as evidence
from puyou.evidence.actions import Mention
from puyou.ingest.actions import Taken
from puyou.ingest.envelopes import moment_or_none


def mention_files(taken: Sequence[Taken], now: datetime) -> int:
    """Mention the files of visits that were taken in; how many mentions were new."""
    return evidence.mention_files(mentions=[each for one in taken for each in _mentions(one)], now=now)


def photo_mentions(taken: Taken, subject: str) -> Iterator[Mention]:
    """The photos that an envelope's payload names, as its phone's word about a subject."""
    for photo in taken.envelope["payload"].get("photos") or ():
        moment = moment_or_none(photo.get("taken_at") or "")
        yield Mention(photo["sha256"], subject, _owner(taken), photo.get("role") or "other", moment)


def _mentions(taken: Taken) -> Iterator[Mention]:
    subject, voice = f"visit:{taken.id}", taken.envelope["payload"].get("voice")
    yield from photo_mentions(taken, subject)
    if voice:
        yield Mention(voice, subject, _owner(taken), "voice", taken.happened_at)


def _owner(taken: Taken) -> str:
    return f"device:{taken.device_id}"
