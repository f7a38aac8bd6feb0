"""Making and reading the code on a village notice, which no phone of a courier takes for a tag: pure functions."""

import hmac

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is mistaken for something else when typed
NUMBER_SIGNS, SEAL_SIGNS, GROUP = 5, 10, 5
MOST = len(ALPHABET) ** NUMBER_SIGNS


def make_code(number: int, secret: str) -> str:
    """``XXXXX-XXXXX-XXXXX``: the notice's number and its seal, short enough to be typed."""
    if not 0 < number < MOST:
        raise ValueError(f"no notice has the number {number}")
    signs = _signs(number, NUMBER_SIGNS) + _seal(number, secret)
    return "-".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))


def read_code(text: str, secret: str) -> int | None:
    """The notice's number; None when we never made such a code. Small letters, spaces and hyphens do not matter."""
    signs = "".join(sign for sign in text.upper() if sign not in " -　")
    if len(signs) != NUMBER_SIGNS + SEAL_SIGNS or set(signs) - set(ALPHABET):
        return None
    number = 0
    for sign in signs[:NUMBER_SIGNS]:
        number = number * len(ALPHABET) + ALPHABET.index(sign)
    genuine = hmac.compare_digest(_seal(number, secret), signs[NUMBER_SIGNS:])
    return number if genuine and number else None


def blind(text: str, secret: str) -> str:
    """A caller's mark that tells nobody who it is, for as long as the secret is kept."""
    return hmac.digest(secret.encode(), f"villager:{text}".encode(), "sha256")[:11].hex()


def _seal(number: int, secret: str) -> str:
    seal = hmac.digest(secret.encode(), f"village-notice:{number}".encode(), "sha256")
    return _signs(int.from_bytes(seal, "big") % len(ALPHABET) ** SEAL_SIGNS, SEAL_SIGNS)


def _signs(number: int, count: int) -> str:
    signs = ""
    for _ in range(count):
        number, at = divmod(number, len(ALPHABET))
        signs = ALPHABET[at] + signs
    return signs
