"""Marks by which a device or a network is known again within one village and day, and nowhere else."""

from datetime import date

from django.conf import settings

from puyou.villagers import codes


def device_mark(place_id: int, day: date, device: str) -> str:
    """A device as the rows of one village and day know it."""
    return codes.blind(f"device:{place_id}:{day}:{device}", settings.SECRET_KEY)


def network_mark(place_id: int, day: date, address: str) -> str:
    """A network address as the rows of one village and day know it."""
    return codes.blind(f"network:{place_id}:{day}:{address}", settings.SECRET_KEY)
