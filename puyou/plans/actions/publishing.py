"""Publishing a task list: frozen as it stands, numbered, never changed."""

from datetime import datetime
from typing import Any

from django.db import transaction

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.core import events as log
from puyou.plans import events, problems
from puyou.plans.actions.plans import MANAGE, digest
from puyou.plans.models import TaskList, TaskRevision


@transaction.atomic
def publish_list(
    *, task_list: TaskList, content: dict[str, Any], note: str = "", scope: Scope, by: User, now: datetime
) -> TaskRevision:
    """The next revision of a list, saying what stood when it was published; the same again is refused."""
    scope.require(task_list.place.path, MANAGE)
    TaskList.objects.select_for_update(of=("self",)).get(pk=task_list.pk)
    mark = digest(content)
    last = task_list.revisions.order_by("-number").first()
    if last is not None and last.digest == mark:
        raise problems.SAME_AS_BEFORE(number=last.number)
    made = TaskRevision.objects.create(
        task_list=task_list, number=(last.number if last else 0) + 1, content=content, digest=mark,
        note=note.strip()[:300], by=by, at=now,
    )  # fmt: skip
    data = {"number": made.number, "digest": mark}
    log.append(
        events.LIST_PUBLISHED, subject=f"task_list:{task_list.code}", actor=scope.name, now=now, data=data
    )
    return made
