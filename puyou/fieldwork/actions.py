"""What the room fieldwork does: take in what phones said about rounds and consent."""

from puyou.fieldwork.intake import take_in_consents, take_in_marks

__all__ = ["take_in_consents", "take_in_marks"]
