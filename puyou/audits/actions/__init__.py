"""What the room audits does: freeze a frame, draw by a seed, record what re-checks found."""

from puyou.audits.actions.drawing import draw_items, freeze_frame
from puyou.audits.actions.importing import import_results
from puyou.audits.actions.recording import record_result

__all__ = ["draw_items", "freeze_frame", "import_results", "record_result"]
