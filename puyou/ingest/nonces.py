"""What the server last said to a phone, so that a signature shows since when it had no contact; nothing is stored."""

import hmac
from datetime import UTC, datetime

from puyou.ingest import base64url, derived

SECONDS_BYTES, MAC_BYTES = 8, 16
SIZE = SECONDS_BYTES + MAC_BYTES


def make(device: str, now: datetime) -> str:
    """A nonce for a device (its identifier), telling the whole second of ``now``."""
    seconds = int(now.timestamp()).to_bytes(SECONDS_BYTES, "big")
    return base64url.encode(seconds + _mac(device, seconds))


def made_at(nonce: str, device: str) -> int | None:
    """The Unix second at which we said this nonce to this device; None when it is not ours."""
    data = base64url.decode(nonce, SIZE)
    if data is None:
        return None
    seconds, mac = data[:SECONDS_BYTES], data[SECONDS_BYTES:]
    return int.from_bytes(seconds, "big") if hmac.compare_digest(mac, _mac(device, seconds)) else None


def age_seconds(nonce: str, device: str, at: datetime) -> float | None:
    """How old the nonce was at a moment, negative when said later; None when it is not ours."""
    seconds = made_at(nonce, device)
    return None if seconds is None else at.astimezone(UTC).timestamp() - seconds


def _mac(device: str, seconds: bytes) -> bytes:
    message = b"nonce:" + device.encode("utf-8", "surrogatepass") + seconds
    return hmac.digest(derived.key("nonce"), message, "sha256")[:MAC_BYTES]
