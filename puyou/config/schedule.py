"""What happens by the clock: every so many seconds → job."""

from puyou.compliance import jobs as compliance
from puyou.core import sealing
from puyou.core.work import Job

RHYTHMS: list[tuple[float, Job]] = [
    (0.5, sealing.seal_pending),
    (60, compliance.close_weeks),
    (300, compliance.bring_up_to_date),
]
