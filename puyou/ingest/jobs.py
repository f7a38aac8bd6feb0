"""What the door does by itself: checking the proofs of what was accepted."""

from puyou.core import clock
from puyou.ingest import actions

BATCH = 2000


def check_proofs() -> int:
    """Check waiting proofs; returns how many, 0 when none waits."""
    return actions.check_proofs(limit=BATCH, by="system:check_proofs", now=clock.now())
