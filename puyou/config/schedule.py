"""What happens by the clock: every so many seconds → job."""

from puyou.cases.feedback import jobs as feedback
from puyou.cases.rectification import jobs as rectification
from puyou.cases.supervisors import jobs as supervisors
from puyou.compliance import jobs as compliance
from puyou.core import sealing
from puyou.core.work import Job
from puyou.evidence import jobs as evidence
from puyou.returns import jobs as returns
from puyou.reviews import jobs as reviews
from puyou.visits import jobs as visits
from puyou.workbench import jobs as workbench

RHYTHMS: list[tuple[float, Job]] = [
    (0.5, sealing.seal_pending),
    (600, sealing.anchor_day),
    (600, evidence.rebuild_neighbours),
    (3600, evidence.expire_files),
    (3600, reviews.release_settled),
    (60, compliance.close_weeks),
    (300, compliance.bring_up_to_date),
    (3600, visits.link_strangers),
    (3600, feedback.settle_silent),
    (3600, feedback.escalate_overdue),
    (3600, supervisors.award_report_points),
    (3600, rectification.verify_rectifications),
    (3600, returns.open_due),
    (3600, rectification.order_by_rule),
    (3600, workbench.note_stuck),
    (30, workbench.queue_notices),
    (300, workbench.queue_digests),
    (15, workbench.send_due),
    (60, visits.open_position_reviews),
    (60, visits.settle_withdrawals),
]
