"""What happens by the clock: every so many seconds → job."""

from puyou.core import sealing
from puyou.core.work import Job

RHYTHMS: list[tuple[float, Job]] = [
    (0.5, sealing.seal_pending),
]
