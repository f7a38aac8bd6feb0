"""What the room visits does: take envelopes in, import files, load day sets, review, hand changes to the judge."""

from puyou.visits.bulk import import_visits
from puyou.visits.changes import drain_changes
from puyou.visits.intake import take_in_pending
from puyou.visits.loading import load_day_sets
from puyou.visits.reviewing import review_visit

__all__ = ["drain_changes", "import_visits", "load_day_sets", "review_visit", "take_in_pending"]
