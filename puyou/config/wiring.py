"""What follows from what: event → jobs. Read it aloud."""

from puyou.core.work import Job

LISTENERS: dict[str, list[Job]] = {}
