"""What the room visits does: take envelopes in, import files, load day sets, review, screen again, tell the judge."""

from puyou.visits.bulk import import_visits
from puyou.visits.changes import drain_changes
from puyou.visits.intake import take_in_pending
from puyou.visits.loading import load_day_sets
from puyou.visits.position_reviews import close_position_review, open_position_reviews
from puyou.visits.rescreening import screen_again
from puyou.visits.reviewing import review_visit
from puyou.visits.slips import record_paper_slip
from puyou.visits.withdrawing import settle_withdrawals

__all__ = [
    "close_position_review",
    "drain_changes",
    "import_visits",
    "load_day_sets",
    "open_position_reviews",
    "record_paper_slip",
    "review_visit",
    "screen_again",
    "settle_withdrawals",
    "take_in_pending",
]
