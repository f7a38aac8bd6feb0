"""Merging a case into another: the one write path closes it, a tie says into which; and parting them again."""

from puyou.cases import names, notifying, problems
from puyou.cases.beside import links
from puyou.cases.models import Case, CaseLink
from puyou.cases.names import Performing

MERGED = "merged"


def _ground(performing: Performing) -> str:
    return str(performing.data.get("ground", ""))[: links.GROUND_LIMIT]


def merge(performing: Performing, other: Case) -> None:
    """Tie the case to the one it is merged into, and tell the other's people.

    Problems: itself, another procedure's, closed by merging itself, merged already.
    """
    case = performing.case
    if other.pk == case.pk:
        raise problems.LINK_TO_ITSELF()
    if other.version.procedure_id != case.version.procedure_id:
        raise problems.MERGE_OTHER_KIND(number=other.number)
    if other.outcome == MERGED:
        raise problems.MERGE_INTO_MERGED(number=other.number)
    links.tie(case, other, CaseLink.Kind.MERGED_INTO, _ground(performing), performing.actor, performing.now)
    performing.said["merged_into"] = other.number
    notifying.tell_inside(other, f"{case.number} 已并入此案", performing.actor, performing.now)


@names.effect("merge", "并入另一案件，两案互相列明")
def merge_by_number(performing: Performing) -> None:
    merge(performing, links.find_other(str(performing.data["into"]), performing.actor))


@names.effect("unmerge", "撤销并案，恢复单独办理")
def unmerge(performing: Performing) -> None:
    found = performing.case.links.filter(kind=CaseLink.Kind.MERGED_INTO, ended_at=None).first()
    if found is None:
        raise problems.UNKNOWN_LINK()
    links.end(found, _ground(performing), performing.actor, performing.now)
    performing.said["parted_from"] = found.other.number
