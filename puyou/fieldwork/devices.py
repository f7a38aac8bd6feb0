"""The fleet as the desk looks at it: what is wrong with a phone, in words."""

from collections.abc import Iterable
from typing import Any

SILENT_DAYS = 3  # only a word in the list; whoever is on the round is judged by the rule phone_silent_hours
STANDINGS = {"active": "在用", "suspended": "暂停", "revoked": "收回"}


def worries(row: Any) -> Iterable[str]:
    """What somebody should look into, gravest first; nothing for a phone in order."""
    if row.couriers_on_phone > 1:
        yield f"一机多人（{row.couriers_on_phone} 人）"
    if row.phones_of_courier > 1:
        yield f"一人多机（{row.phones_of_courier} 台）"
    if row.courier_id is None:
        yield "无人领用"
        return
    if not row.has_token:
        yield "未开通"
    elif row.contact_at is None:
        yield "从未联系"
    elif row.silent_days is not None and row.silent_days >= SILENT_DAYS:
        yield f"{row.silent_days} 天没有联系"
