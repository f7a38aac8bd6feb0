"""How the product itself is doing, in numbers: queues, backups, disk; for the page of 系统 and for metrics."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from puyou.config import embedded
from puyou.config.backups import settings as backups
from puyou.core import clock
from puyou.core.formats import moment
from puyou.ingest import pressure

QUEUES = (
    (
        "pending",
        "待处理信封",
        "已收到、尚未识别含义",
        "SELECT count(*), min(received_at) FROM ingest_pending",
    ),
    (
        "judging",
        "待判定村周",
        "投递事实有变化、尚未重新判定",
        "SELECT count(*), NULL FROM visits_villagechange",
    ),
    ("unsealed", "待封存事件", "已记录、尚未封入校验链", "SELECT count(*), min(at) FROM core_unsealed"),
    (
        "quarantine",
        "隔离信封",
        "收到后未能识别，等待人工处理",
        "SELECT count(*), min(at) FROM ingest_quarantine",
    ),
)
# Rows put in since the statistics began: what came, without counting what is there.
INSERTED = (
    "SELECT coalesce(sum(n_tup_ins), 0) FROM pg_stat_user_tables WHERE relname LIKE 'ingest_envelope%%'"
)
DATABASE = """
SELECT pg_database_size(current_database()), current_setting('server_version'),
    coalesce((SELECT max(sequence) FROM core_seal), 0)
"""


@dataclass(frozen=True)
class Queue:
    """A queue's length and the age of its oldest row in seconds (None when empty or not timed)."""

    code: str
    name: str
    meaning: str
    length: int
    age: float | None


def queues() -> list[Queue]:
    """Every queue of standing work."""
    found = []
    with connection.cursor() as cursor:
        for code, name, meaning, sql in QUEUES:
            cursor.execute(sql)
            length, oldest = cursor.fetchone() or (0, None)
            age = (clock.now() - oldest).total_seconds() if oldest else None
            found.append(Queue(code, name, meaning, length, age))
    return found


def facts() -> list[tuple[str, str]]:
    """What else stands on the page of 系统."""
    with connection.cursor() as cursor:
        cursor.execute(DATABASE)
        size, version, sealed = cursor.fetchone() or (0, "", 0)
    disk = shutil.disk_usage(embedded.home())
    return [
        ("接收", "暂停接收新批次，手机保留数据" if pressure.is_closed() else "正常"),
        ("数据库大小", f"{size / 2**30:.2f} GiB"),
        ("磁盘剩余", f"{disk.free / 2**30:.1f} GiB（共 {disk.total / 2**30:.1f} GiB）"),
        ("数据库版本", f"PostgreSQL {version}"),
        ("已封存事件", f"{sealed:,} 条"),
        *_backup_facts(backups.state()),
    ]


def _backup_facts(state: dict[str, Any]) -> list[tuple[str, str]]:
    base, shipped = state.get("base"), state.get("shipped_at")
    told = [("最近基础备份", moment(datetime.fromisoformat(base["finished_at"])) if base else "没有")]
    if shipped:
        age = seconds_since(shipped)
        told.append(("预写日志归档", f"到 {moment(datetime.fromisoformat(shipped))}，落后 {age:.0f} 秒"))
    for key, label in (("error", "归档出错"), ("base_error", "备份出错")):
        if state.get(key):
            told.append((label, str(state[key])))
    return told


def seconds_since(text: str) -> float:
    """How long ago a moment written as text was."""
    return max(0.0, (clock.now() - datetime.fromisoformat(text)).total_seconds())


def metrics() -> str:
    """Everything as Prometheus reads it."""
    lines: list[str] = []
    for queue in queues():
        _say(lines, "puyou_queue_length", "Rows waiting.", queue.length, queue=queue.code)
    for queue in queues():
        _say(lines, "puyou_queue_age_seconds", "Age of the oldest row.", queue.age or 0.0, queue=queue.code)
    backlog = pressure.measure(int(pressure.VALVE.length.high))
    _say(lines, "puyou_door_closed", "1 while new batches are turned away.", int(pressure.is_closed()))
    _say(lines, "puyou_door_backlog_seconds", "How far the work is behind the door.", backlog.seconds)
    with connection.cursor() as cursor:
        cursor.execute(INSERTED)
        came = (cursor.fetchone() or [0])[0]
        cursor.execute(DATABASE)
        size, _, sealed = cursor.fetchone() or (0, "", 0)
    _say(lines, "puyou_envelopes_total", "Envelopes put in.", int(came), kind="counter")
    _say(lines, "puyou_events_sealed_total", "Events in the chain.", sealed, kind="counter")
    _say(lines, "puyou_database_bytes", "Size of the database.", size)
    _say(lines, "puyou_disk_free_bytes", "Room left in the home.", shutil.disk_usage(embedded.home()).free)
    state = backups.state()
    if state.get("shipped_at"):
        age = seconds_since(state["shipped_at"])
        _say(lines, "puyou_backup_log_age_seconds", "Age of what is safe elsewhere.", age)
    if state.get("base"):
        age = seconds_since(state["base"]["finished_at"])
        _say(lines, "puyou_backup_base_age_seconds", "Age of the last base backup.", age)
    failing = int(bool(state.get("error") or state.get("base_error")))
    _say(lines, "puyou_backup_failing", "1 while backups fail.", failing)
    return "\n".join(lines) + "\n"


def _say(
    lines: list[str], name: str, meaning: str, value: float, *, kind: str = "gauge", queue: str = ""
) -> None:
    if not any(line.startswith(f"# HELP {name} ") for line in lines):
        lines += [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"]
    labels = f'{{queue="{queue}"}}' if queue else ""
    lines.append(f"{name}{labels} {value:g}" if isinstance(value, float) else f"{name}{labels} {value}")
