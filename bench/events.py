"""What an event costs: appended in batches inside transactions, then sealed by both chains; beside a bare INSERT."""

import json
import os
import platform
import time
from datetime import UTC, datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puyou.config.settings")
COUNT, PER_TRANSACTION = 20_000, 100


def main():
    import django  # noqa: PLC0415 - settings must be named first

    from puyou.config import embedded  # noqa: PLC0415

    if not os.environ.get("DATABASE_URL"):
        embedded.ensure()
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415

    from puyou.core import events, sealing  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    while sealing.seal_pending():
        pass
    kind = events.declare("bench.told", "测量用事件")
    now, seconds = datetime.now(UTC), {}
    began = time.perf_counter()
    for _ in range(COUNT // PER_TRANSACTION):
        with transaction.atomic():
            for number in range(PER_TRANSACTION):
                events.append(kind, subject="bench", actor="system:bench", now=now, data={"n": number})
    seconds["append"] = time.perf_counter() - began
    began, sealed = time.perf_counter(), 0
    while done := sealing.seal_pending():
        sealed += done
    seconds["seal"] = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bare (at timestamptz, kind text, subject text, actor text, data jsonb)"
        )
        began = time.perf_counter()
        for _ in range(COUNT // PER_TRANSACTION):
            with transaction.atomic():
                for number in range(PER_TRANSACTION):
                    cursor.execute(
                        "INSERT INTO bare VALUES (%s, %s, %s, %s, %s)",
                        [now, kind, "bench", "system:bench", json.dumps({"n": number})],
                    )
        seconds["bare_insert"] = time.perf_counter() - began
    per_event = {name: 1000 * value / COUNT for name, value in seconds.items()}
    print(
        json.dumps(
            {
                "events": COUNT, "sealed": sealed, "per_transaction": PER_TRANSACTION,
                "milliseconds_an_event": per_event,
                "milliseconds_in_all": per_event["append"] + per_event["seal"],
                "conditions": {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()},
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
