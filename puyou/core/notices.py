"""Standing notices about the data, such as 模拟数据, shown wherever a figure is."""

from datetime import datetime

from puyou.core.models import Notice


def publish(code: str, sentence: str, now: datetime) -> None:
    """Put up a notice, or change its sentence; repeatable."""
    Notice.objects.update_or_create(
        code=code, defaults={"sentence": sentence}, create_defaults={"sentence": sentence, "since": now}
    )


def withdraw(code: str) -> None:
    """Take a notice down."""
    Notice.objects.filter(code=code).delete()


def current() -> list[str]:
    """The sentences that are up now, oldest first."""
    return list(Notice.objects.order_by("since", "code").values_list("sentence", flat=True))
