"""Reading who delivers, by the names that visits use."""

from puyou.registry.models import Courier, Device


def couriers_by_number() -> dict[str, int]:
    """Every courier's id by number."""
    return dict(Courier.objects.values_list("number", "id"))


def devices_by_identifier() -> dict[str, int]:
    """Every device's id by identifier."""
    return dict(Device.objects.values_list("identifier", "id"))
