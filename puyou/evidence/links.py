"""Links to files: signed for one person and one file, good for ten minutes; rooms above hand them out."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse

from puyou.accounts.models import User
from puyou.evidence import problems

AGE = timedelta(minutes=10)
SKEW = timedelta(minutes=1)
_signer = "puyou.evidence.links"


def sign(sha256: str, by: User, now: datetime, *, purpose: str = "", view: str = "evidence_file") -> str:
    """The address at which ``by`` may look at a file for ten minutes; who gives it has checked the scope.

    ``purpose`` goes into the record of the view, such as ``visit:<uuid>``. ``view``: evidence_file (the page),
    evidence_bytes or evidence_small.
    """
    made = {"s": sha256, "u": by.pk, "t": int(now.timestamp()), "p": purpose}
    key = signing.Signer(salt=_signer).sign_object(made)
    return f"{reverse(view, args=[sha256])}?{urlencode({'key': key})}"


def purpose_of(key: str, sha256: str, by: User, now: datetime) -> str:
    """What a link was made for; Problem evidence.link_ended when it is another's, too old or no link at all."""
    try:
        made: dict[str, Any] = signing.Signer(salt=_signer).unsign_object(key)
    except (signing.BadSignature, ValueError, UnicodeError):
        raise problems.LINK_ENDED() from None
    age = now - datetime.fromtimestamp(made["t"], now.tzinfo)
    if (made["s"], made["u"]) != (sha256, by.pk) or not -SKEW <= age <= AGE:
        raise problems.LINK_ENDED()
    return str(made["p"])
