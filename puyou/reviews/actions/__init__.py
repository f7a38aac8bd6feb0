"""What the room reviews does: accept, propose, confirm, drop, ask, take answers and appeals in, decide appeals."""

from puyou.reviews.actions.appealing import decide_appeal, take_in_appeals
from puyou.reviews.actions.asking import ask_courier, take_in_answers
from puyou.reviews.actions.confirming import confirm_rejection, return_proposal, withdraw_proposal
from puyou.reviews.actions.deciding import accept_visits, propose_rejection
from puyou.reviews.actions.dropping import drop_withdrawn

__all__ = [
    "accept_visits",
    "ask_courier",
    "confirm_rejection",
    "decide_appeal",
    "drop_withdrawn",
    "propose_rejection",
    "return_proposal",
    "take_in_answers",
    "take_in_appeals",
    "withdraw_proposal",
]
