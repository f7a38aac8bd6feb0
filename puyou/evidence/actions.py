"""What is done with files: taken in by parts, mentioned, held back."""

from puyou.evidence.examining import examine_waiting
from puyou.evidence.mentioning import Mention, hold_files, mention_files, release_files
from puyou.evidence.uploading import Progress, add_part, announce_file, progress_of

__all__ = [
    "Mention",
    "Progress",
    "add_part",
    "announce_file",
    "examine_waiting",
    "hold_files",
    "mention_files",
    "progress_of",
    "release_files",
]
