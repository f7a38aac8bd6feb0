"""What follows from what: event → jobs, and who understands which kind of envelope. Read it aloud."""

from puyou.cases.rectification import jobs as rectification
from puyou.compliance import jobs as compliance
from puyou.compliance.hindrances import check_hindrances
from puyou.core.work import Job
from puyou.evidence import jobs as evidence
from puyou.fieldwork import jobs as fieldwork
from puyou.fieldwork.validators import check_consents, check_round_marks
from puyou.ingest import jobs as ingest
from puyou.ingest import validators
from puyou.reviews import jobs as reviews
from puyou.reviews.validators import check_answers, check_appeals
from puyou.scrutiny import jobs as scrutiny
from puyou.scrutiny import late_facts as score_facts
from puyou.visits import jobs as visits
from puyou.visits import late_facts
from puyou.visits.validators import check_visits
from puyou.visits.withdrawing import check_withdrawals

LISTENERS: dict[str, list[Job]] = {
    "file.completed": [evidence.fingerprint_files],
    "batch.accepted": [
        visits.take_in_pending,
        ingest.check_proofs,
        compliance.take_in_hindrances,
        fieldwork.take_in_pending,
        reviews.take_in_answers,
        reviews.take_in_appeals,
    ],
    "visits.taken_in": [compliance.judge_pending],
    "visits.withdrawn": [compliance.judge_pending, reviews.drop_withdrawn],
    "visit.reviewed": [compliance.judge_pending],
    "rule.published": [compliance.bring_up_to_date],
    "duties.imported": [compliance.bring_up_to_date],
    "duty.ended": [compliance.bring_up_to_date],
    "duty.changed": [compliance.bring_up_to_date],
    "visits.screened_again": [compliance.judge_pending],
    "week.closed": [rectification.verify_rectifications],
}
# Facts that may come after the visits they judge.
for kind in late_facts.READERS:
    LISTENERS.setdefault(kind, []).append(visits.screen_again)
# Facts by which visits are scored, or scored again.
for kind in score_facts.READERS:
    LISTENERS.setdefault(kind, []).append(scrutiny.score_pending)


def introduce_kinds() -> None:
    """Tell the front door which kinds of envelope somebody understands, and how each is checked."""
    validators.register("visit", check_visits)
    validators.register("withdrawal", check_withdrawals)
    validators.register("hindrance", check_hindrances)
    validators.register("round_mark", check_round_marks)
    validators.register("consent", check_consents)
    validators.register("answer", check_answers)
    validators.register("appeal", check_appeals)
