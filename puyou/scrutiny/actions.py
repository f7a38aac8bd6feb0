"""What is done in this room: weightings are loaded and published, waiting county days are scored."""

from puyou.scrutiny.noting import note_late_facts
from puyou.scrutiny.scoring import score_pending
from puyou.scrutiny.weightings import load_weighting, publish_weighting

__all__ = ["load_weighting", "note_late_facts", "publish_weighting", "score_pending"]
