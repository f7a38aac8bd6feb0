"""Reading the desk: queue, proposals, questions, appeals, couriers; and what the phone is told."""

from puyou.reviews.appeals import list_appeals, list_for
from puyou.reviews.couriers import get_courier, list_couriers, visits_of
from puyou.reviews.phone import Asked, Heard, Told, decisions_for, dropped_for, questions_for
from puyou.reviews.queue import (
    count_queue,
    day_of_courier,
    list_came,
    list_days,
    list_proposals,
    list_questions,
    list_queue,
    list_to_confirm,
    list_undecided,
)
from puyou.reviews.standing import File, file_of, files_of

__all__ = [
    "Asked",
    "File",
    "Heard",
    "Told",
    "count_queue",
    "day_of_courier",
    "decisions_for",
    "dropped_for",
    "file_of",
    "files_of",
    "get_courier",
    "list_appeals",
    "list_came",
    "list_couriers",
    "list_days",
    "list_for",
    "list_proposals",
    "list_questions",
    "list_queue",
    "list_to_confirm",
    "list_undecided",
    "questions_for",
    "visits_of",
]
