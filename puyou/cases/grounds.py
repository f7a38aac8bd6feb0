"""The ground that somebody gives for taking something back: asked for in one way everywhere in the room."""

from puyou.cases import problems

LIMIT = 200


def taken_back(text: str) -> str:
    """The ground, trimmed. Problem ``cases.withdrawal_ground`` when there is none or it is too long."""
    ground = text.strip()
    if not 1 <= len(ground) <= LIMIT:
        raise problems.WITHDRAWAL_GROUND(limit=LIMIT)
    return ground
