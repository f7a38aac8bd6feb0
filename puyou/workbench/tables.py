"""What changed, as a list: the case, what was done, by which office in which role, and when."""

from puyou.cases.models import CaseEvent
from puyou.core.tables import Column, Empty, Table


def actor_text(event: CaseEvent) -> str:
    """Who acted, as an office and a role: names stand on the case's own page."""
    return f"{event.organisation} {event.role}".strip()


CHANGES = Table(
    code="changes",
    title="昨天以来的变化",
    counter="项",
    columns=(
        Column("案件", "case.title", link=lambda event: f"/cases/{event.case_id}/", head=True),
        Column("办理事项", "name"),
        Column("办理人", actor_text),
        Column("案号", "case.number", minor=True),
        Column("时间", "at", format="moment"),
    ),
    empty=Empty("昨天以来没有变化。", "他人办理您的、您所在机构的或您关注的案件后，会出现在这里。"),
)
