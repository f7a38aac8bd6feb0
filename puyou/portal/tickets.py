"""What a form carries, sealed: which report it will be, about what and where, since when, and which photos are safe."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.core import signing

SALT = "puyou.portal.ticket"
LONGEST_SECONDS = 24 * 3600
SHORTEST_SECONDS = 3  # nobody reads and fills in a page faster


@dataclass(frozen=True)
class Ticket:
    """A form as it was handed out. ``notice``: the number of the notice that it was opened from, 0 without one."""

    client_id: str
    place_id: int
    category: str
    notice: int
    opened: int
    photos: tuple[str, ...] = ()

    @property
    def id(self) -> UUID:
        return UUID(self.client_id)

    def too_fast(self, now: datetime) -> bool:
        """Whether it came back faster than people fill in a page."""
        return now.timestamp() - self.opened < SHORTEST_SECONDS

    def too_old(self, now: datetime) -> bool:
        """Whether it was open for so long that things may have changed."""
        return now.timestamp() - self.opened > LONGEST_SECONDS

    def with_photos(self, photos: tuple[str, ...]) -> "Ticket":
        """The same report with the photos that are safe."""
        return replace(self, photos=photos)

    def again(self, now: datetime) -> "Ticket":
        """The same report, handed out anew."""
        return replace(self, opened=int(now.timestamp()))

    def sealed(self) -> str:
        """As the form carries it."""
        return signing.dumps(asdict(self), salt=SALT, compress=True)


def hand_out(place_id: int, category: str, notice: int, now: datetime) -> Ticket:
    """A ticket for one report; sent twice, it stays one."""
    return Ticket(str(uuid4()), place_id, category, notice, int(now.timestamp()))


def read(text: str) -> Ticket | None:
    """The ticket that a form brought back; None when we never handed it out."""
    try:
        said = signing.loads(text[:4000], salt=SALT)
        return Ticket(**said | {"photos": tuple(said["photos"])})
    except (signing.BadSignature, TypeError, KeyError, ValueError):
        return None
