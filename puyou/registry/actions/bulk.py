"""Registering many rows at once: whole networks of couriers, devices, rounds and duties by COPY."""

from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, models, transaction
from numpy.typing import NDArray

from puyou.core import events as log
from puyou.core.periods import day_of
from puyou.registry import events
from puyou.registry.actions.columns import insert_columns
from puyou.registry.actions.duty_imports import LOCK, insert_duties
from puyou.registry.actions.floors import below_floor
from puyou.registry.models import (
    Courier,
    DeliveryPoint,
    DeliveryPointVillage,
    Device,
    DeviceBinding,
    Round,
    RoundCourier,
    RoundVillage,
    VillagePoint,
)

FILLABLE: dict[type[models.Model], dict[str, Any]] = {
    Courier: {},
    Device: {},
    DeviceBinding: {},
    Round: {},
    RoundVillage: {"weekdays": 127},
    RoundCourier: {"substitute": False},
    VillagePoint: {},
    DeliveryPoint: {},
    DeliveryPointVillage: {},
}
NEXT_IDS = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"


@transaction.atomic
def fill(*, model: type[models.Model], columns: dict[str, Any], by: str, now: datetime) -> NDArray[np.int64]:
    """Insert columns (database names such as ``place_id``; arrays or lists; None, NaT = null) into a table.

    ``model`` is a key of ``FILLABLE``, whose defaults fill absent columns. One event. Returns the new ids.
    """
    count = len(next(iter(columns.values())))
    absent = {name: value for name, value in FILLABLE[model].items() if name not in columns}
    ids = _reserve(model._meta.db_table, count)
    filled = {"id": ids} | columns | {name: np.full(count, value) for name, value in absent.items()}
    insert_columns(model._meta.db_table, filled)
    data = {"table": model._meta.db_table, "rows": count}
    log.append(events.REGISTRY_FILLED, subject=model._meta.db_table, actor=by, now=now, data=data)
    return ids


def _reserve(table: str, count: int) -> NDArray[np.int64]:
    """Take ``count`` ids from a table's sequence."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_IDS, [table, count])
        return np.array([row[0] for row in cursor.fetchall()], np.int64)


@transaction.atomic
def fill_duties(
    *,
    place_ids: Any,
    area_classes: Any,
    times: Any,
    periods: Any,
    valid_from: Any,
    valid_to: Any,
    by: str,
    now: datetime,
) -> int:
    """Insert duties: codes of area classes, ``week`` or ``day``, datetime64[D] (NaT = open), of equal length.

    The caller answers for their reason (the table refuses others) and judges afterwards. Returns how many.
    """
    fresh = {
        "place": np.asarray(place_ids, np.int64),
        "area": np.asarray(area_classes),
        "count": np.asarray(times, np.int64),
        "span": np.asarray(periods),
        "first": np.asarray(valid_from, "datetime64[D]"),
        "until": np.asarray(valid_to, "datetime64[D]"),
    }
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    insert_duties(fresh, below_floor(fresh, day_of(now)))
    data = {"table": "registry_duty", "rows": len(fresh["place"])}
    log.append(events.REGISTRY_FILLED, subject="registry_duty", actor=by, now=now, data=data)
    return len(fresh["place"])
