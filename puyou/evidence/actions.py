"""What is done with files: taken in by parts, mentioned, held back."""

from puyou.evidence.examining import examine_waiting
from puyou.evidence.expiring import drop_stale_uploads, expire_files
from puyou.evidence.lookup import rebuild_when_due
from puyou.evidence.mentioning import Mention, hold_files, mention_files, release_files
from puyou.evidence.uploading import Progress, add_part, announce_file, progress_of

__all__ = [
    "Mention",
    "Progress",
    "add_part",
    "announce_file",
    "drop_stale_uploads",
    "examine_waiting",
    "expire_files",
    "hold_files",
    "mention_files",
    "progress_of",
    "rebuild_when_due",
    "release_files",
]
