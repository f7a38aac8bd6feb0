"""The measures that rooms below have facts for, each with the way to the rows it counts."""

from puyou.indicators.measures import conduct, delivery, handling, kept


def offer_all() -> None:
    """Enter them all; again changes nothing."""
    delivery.offer_all()
    handling.offer_all()
    conduct.offer_all()
    kept.offer_all()
