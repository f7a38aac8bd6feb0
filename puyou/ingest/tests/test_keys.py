from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puyou.core.problems import Problem
from puyou.ingest import base64url, codes, keys, nonces, versions
from puyou.ingest.tests.conftest import NOW
from puyou.ingest.tests.signing import Signer, device_name

SIGNER = Signer()


@given(st.binary(max_size=80))
def test_bytes_have_one_spelling(data):
    text = base64url.encode(data)
    assert "=" not in text
    assert base64url.decode(text, len(data)) == data


@pytest.mark.parametrize("text", ["", "AA==", "AAA=", "AB", "A+", "A/", "A ", "AAA", "é ", "A\n", "A\x00"])
def test_any_other_spelling_is_none(text):
    assert base64url.decode(text, 1) is None


def test_the_thumbprint_is_that_of_rfc_7638():
    # RFC 7638 gives an RSA example only; this one is computed by jose for the P-256 key of RFC 7517, A.1.
    jwk = {
        "kty": "EC",
        "crv": "P-256",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    }
    assert keys.thumbprint(jwk) == "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"
    assert keys.thumbprint(jwk | {"use": "sig", "kid": "1"}) == keys.thumbprint(jwk)
    keys.read(jwk)


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "RSA"},
        {"kty": None},
        {"crv": "P-384"},
        {"crv": "secp256k1"},
        {"x": SIGNER.jwk["y"], "y": SIGNER.jwk["x"]},
        {"x": "A" * 43, "y": "A" * 43},
        {"x": SIGNER.jwk["x"] + "="},
        {"x": SIGNER.jwk["x"][:-1]},
        {"x": "*" * 43},
        {"x": 7},
        {"y": None},
        {"y": "_" * 43},
        {"d": SIGNER.private_jwk["d"]},
    ],
)
def test_it_takes_points_of_the_curve_only(change):
    with pytest.raises(Problem) as caught:
        keys.read(SIGNER.jwk | change)
    assert caught.value.code == "ingest.bad_key"
    assert caught.value.message


def test_a_signature_is_its_own_keys_over_its_own_text():
    key, signature = keys.read(SIGNER.jwk), SIGNER.sign(b"text")
    assert keys.is_signed(key, signature, b"text")
    assert not keys.is_signed(key, signature, b"texT")
    assert not keys.is_signed(keys.read(Signer().jwk), signature, b"text")
    for nonsense in ("", "A" * 86, "_" * 86, signature[:-1], signature + "A", signature.lower() + "é"):
        assert not keys.is_signed(key, nonsense, b"text")


def test_a_nonce_tells_its_age_to_whom_it_was_made_for():
    mine, other = device_name(), device_name()
    nonce = nonces.make(mine, NOW)
    assert len(nonce) == 32
    assert nonces.made_at(nonce, mine) == int(NOW.timestamp())
    assert nonces.age_seconds(nonce, mine, NOW + timedelta(days=10)) == 864_000
    assert nonces.age_seconds(nonce, mine, NOW - timedelta(hours=1)) == -3600
    assert nonces.age_seconds(nonce, other, NOW) is None


@given(st.text(max_size=40))
def test_no_other_text_is_a_nonce(text):
    assert nonces.age_seconds(text, "P-x", NOW) is None


def test_a_changed_nonce_is_not_ours(settings):
    nonce = nonces.make("P-x", NOW)
    for at in range(len(nonce)):
        changed = nonce[:at] + ("A" if nonce[at] != "A" else "B") + nonce[at + 1 :]
        assert nonces.made_at(changed, "P-x") is None
    settings.SECRET_KEY = "another site"
    assert nonces.made_at(nonce, "P-x") is None


def test_a_code_is_read_however_it_was_typed():
    code = codes.mint()
    assert len(code) == 10 and set(code) <= set("23456789ABCDEFGHJKMNPQRSTUVWXYZ")
    assert codes.spaced(code) == f"{code[:5]}-{code[5:]}"
    for typed in (codes.spaced(code), code.lower(), f" {code[:5]} {code[5:]} ", code[:5] + "－" + code[5:]):
        assert codes.normalised(typed) == code
    for nonsense in ("", code[:9], code + "2", "O" + code[1:], "１" + code[1:], "İ" * 10, "\x00" * 10):
        assert codes.normalised(nonsense) is None


@pytest.mark.parametrize(
    ("header", "number"), [("1", 1), ("12", 12), (None, None), ("", None), ("1.2", None), ("-1", None)]
    + [("９", None), ("9" * 7, None), ("x", None)],
)  # fmt: skip
def test_an_apps_version_is_a_number(header, number):
    assert versions.number(header) == number


def test_an_old_app_is_told_kindly(monkeypatch):
    monkeypatch.setattr(versions, "MINIMUM", 3)
    monkeypatch.setattr(versions, "CURRENT", 5)
    assert versions.message(2) == versions.UPDATE
    assert versions.message(3) == versions.message(4) == versions.RENEW
    assert versions.message(5) == versions.message(6) == versions.message(None) == ""
