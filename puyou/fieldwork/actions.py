"""What the room fieldwork does: take in what phones said about rounds and consent; arrange leave and substitution."""

from puyou.fieldwork.intake import take_in_consents, take_in_marks
from puyou.fieldwork.stand_ins import arrange

__all__ = ["arrange", "take_in_consents", "take_in_marks"]
