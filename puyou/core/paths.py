"""Place paths: fixed-width steps of surrogate ids, so that a prefix is a subtree."""

STEP = 4
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def step(identifier: int) -> str:
    """An id (0 to 1,679,615) as four base-36 digits."""
    if not 0 <= identifier < 36**STEP:
        raise ValueError(f"id {identifier} does not fit a path step")
    digits = ""
    for _ in range(STEP):
        identifier, rest = divmod(identifier, 36)
        digits = _DIGITS[rest] + digits
    return digits


def ids(path: str) -> list[int]:
    """The ids along a path, from the nation down."""
    return [int(path[i : i + STEP], 36) for i in range(0, len(path), STEP)]
