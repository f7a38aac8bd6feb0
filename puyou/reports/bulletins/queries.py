"""Reading bulletins: for whom composes at their places, nobody else; what a paper says is often not for companies."""

from django.db.models import Max, QuerySet

from puyou.accounts.models import Organisation
from puyou.accounts.scopes import Scope
from puyou.places.models import Place
from puyou.reports import problems
from puyou.reports.bulletins.models import Bulletin, BulletinRevision

COMPOSE = "reports.compose"


def list_bulletins(scope: Scope) -> QuerySet[Bulletin]:
    """Bulletins of places held, the last changed first; rows carry ``latest``: the number of the last revision."""
    found = Bulletin.objects.filter(scope.q("place__path", COMPOSE)).select_related("place", "company")
    return found.annotate(latest=Max("revisions__number")).order_by("-changed_at", "-pk")


def get_bulletin(scope: Scope, pk: int) -> Bulletin:
    """One bulletin; Problem (404) when there is none in scope."""
    found = list_bulletins(scope).filter(pk=pk).first()
    if found is None:
        raise problems.UNKNOWN_BULLETIN()
    return found


def list_revisions(scope: Scope, bulletin: Bulletin) -> QuerySet[BulletinRevision]:
    """The frozen revisions of a bulletin, the newest first; without their files."""
    found = BulletinRevision.objects.filter(bulletin=bulletin).filter(
        scope.q("bulletin__place__path", COMPOSE)
    )
    return found.select_related("by", "bulletin").defer("pdf", "docx", "content").order_by("-number")


def get_revision(scope: Scope, pk: int) -> BulletinRevision:
    """One frozen revision with its files; Problem (404) when there is none in scope."""
    held = BulletinRevision.objects.filter(scope.q("bulletin__place__path", COMPOSE))
    found = held.select_related("bulletin__place", "by").filter(pk=pk).first()
    if found is None:
        raise problems.UNKNOWN_BULLETIN()
    return found


def newest_of(revision: BulletinRevision) -> BulletinRevision:
    """The newest revision of the same bulletin, without its files."""
    same = BulletinRevision.objects.filter(bulletin=revision.bulletin_id).defer("pdf", "docx", "content")
    return same.order_by("-number")[0]


def list_companies(scope: Scope) -> QuerySet[Organisation]:
    """The companies that have a seat in scope, or above it."""
    above = [path[:end] for path in scope.paths(COMPOSE) for end in range(4, len(path), 4)]
    held = Organisation.objects.filter(kind=Organisation.Kind.OPERATOR)
    inside = held.filter(scope.q("place__path", COMPOSE)) | held.filter(place__path__in=above)
    return inside.order_by("place__path", "name")


def office_of(place: Place) -> str:
    """The name of the office at a place, or of the one above it that is nearest; blank when there is none."""
    path = [place.path[:end] for end in range(4, len(place.path) + 1, 4)]
    held = Organisation.objects.filter(kind=Organisation.Kind.REGULATOR, place__path__in=path)
    found = held.order_by("-place__level", "parent_id", "pk").values_list("name", flat=True).first()
    return found or ""
