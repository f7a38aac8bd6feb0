"""Public keys of phones (ECDSA P-256) as JSON Web Keys, their thumbprints, and one signature judged by one."""

import hashlib
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from puyou.ingest import base64url, problems

PublicKey = EllipticCurvePublicKey
COORDINATE, SIGNATURE = 32, 64
ALGORITHM = "es256"
_ECDSA = ECDSA(SHA256())


def read(jwk: dict[str, Any]) -> PublicKey:
    """The key of a JSON Web Key {kty, crv, x, y}; Problem ingest.bad_key when it is none that we take."""
    if "d" in jwk:
        raise problems.BAD_KEY(reason="只应发送公钥，不应发送私钥")
    if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
        raise problems.BAD_KEY(reason="应为 P-256 椭圆曲线密钥")
    x, y = _coordinate(jwk.get("x")), _coordinate(jwk.get("y"))
    try:
        return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    except ValueError as error:
        raise problems.BAD_KEY(reason="坐标不在曲线上") from error


def _coordinate(text: Any) -> int:
    data = base64url.decode(text, COORDINATE) if isinstance(text, str) else None
    if data is None:
        raise problems.BAD_KEY(reason="坐标应为 32 字节的 base64url 文字")
    return int.from_bytes(data, "big")


def bare(jwk: dict[str, Any]) -> dict[str, str]:
    """The four members that make the key, without whatever else came along."""
    return {name: str(jwk[name]) for name in ("crv", "kty", "x", "y")}


def thumbprint(jwk: dict[str, Any]) -> str:
    """The key's name (RFC 7638): base64url SHA-256 over its four members."""
    text = f'{{"crv":"{jwk["crv"]}","kty":"{jwk["kty"]}","x":"{jwk["x"]}","y":"{jwk["y"]}"}}'
    return base64url.encode(hashlib.sha256(text.encode()).digest())


def is_signed(key: PublicKey, signature: str, text: bytes) -> bool:
    """Whether a signature in WebCrypto's form (r‖s, base64url) is this key's over the text."""
    raw = base64url.decode(signature, SIGNATURE)
    if raw is None:
        return False
    r, s = int.from_bytes(raw[:COORDINATE], "big"), int.from_bytes(raw[COORDINATE:], "big")
    try:
        key.verify(encode_dss_signature(r, s), text, _ECDSA)
    except InvalidSignature:
        return False
    return True
