"""What the front door says of a visit's particulars; code and schema agree about any of them."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puyou.visits import validators

SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "contracts" / "visit.v1.schema.json").read_text())
VILLAGE = {"village": "520102001001"}
HASH = "ab" * 32
MOMENT = "2026-11-20T10:29:58+08:00"
WHOLE: dict[str, Any] = {
    "corrects": "019a9c3e-7c00-7a11-8b22-0123456789aa", "mode": "household", "receiver": "family",
    "photos": [{"sha256": HASH, "role": "place", "taken_at": MOMENT}] * 6, "voice": HASH, "note": "长" * 500,
    "tag": "PY1.520102001001.1.AAAAAAAAAAAAAA", "unplanned": True,
    "clock": {"session": "s", "monotonic_ms": 2**53 - 1, "wall_jump_ms": -86_400_000},
    "approach": [[0, 106.7, 26.6, None]] * 12, "integrity": {"shell": "native", "mock": True, "rooted": False},
    "permission": {"position": "denied", "camera": "unavailable"},
}  # fmt: skip


@pytest.mark.parametrize(
    "payload", [WHOLE, dict.fromkeys(WHOLE), {"photos": [], "approach": [], "clock": {}}]
)
def test_what_is_well(payload: dict[str, Any]) -> None:
    assert validators.check_shape(VILLAGE | payload) is None
    jsonschema.validate(VILLAGE | payload, SCHEMA)


@pytest.mark.parametrize("payload, field", [
    ({"corrects": "019a9c3e"}, "corrects"),
    ({"corrects": 7}, "corrects"),
    ({"corrects": "00000000-0000-0000-0000-000000000000"}, "corrects"),
    ({"mode": "door"}, "mode"),
    ({"mode": ["point"]}, "mode"),
    ({"receiver": "村长"}, "receiver"),
    ({"photos": [{"sha256": HASH}] * 7}, "photos"),
    ({"photos": {"sha256": HASH}}, "photos"),
    ({"photos": [HASH]}, "photos.0"),
    ({"photos": [{"role": "slip"}]}, "photos.0.sha256"),
    ({"photos": [{"sha256": HASH}, {"sha256": HASH.upper()}]}, "photos.1.sha256"),
    ({"photos": [{"sha256": HASH, "role": "selfie"}]}, "photos.0.role"),
    ({"photos": [{"sha256": HASH, "taken_at": "2026-11-20 10:29"}]}, "photos.0.taken_at"),
    ({"photos": [{"sha256": HASH, "size": 3}]}, "photos.0.size"),
    ({"voice": HASH[:-1]}, "voice"),
    ({"note": ""}, "note"),
    ({"note": "长" * 501}, "note"),
    ({"note": "空\0字符"}, "note"),
    ({"tag": "T" * 201}, "tag"),
    ({"unplanned": 1}, "unplanned"),
    ({"clock": "12"}, "clock"),
    ({"clock": {"monotonic_ms": 1.5}}, "clock.monotonic_ms"),
    ({"clock": {"monotonic_ms": -1}}, "clock.monotonic_ms"),
    ({"clock": {"wall_jump_ms": True}}, "clock.wall_jump_ms"),
    ({"clock": {"session": "s" * 65}}, "clock.session"),
    ({"clock": {"drift": 1}}, "clock.drift"),
    ({"approach": [[0, 106.7, 26.6, 5]] * 13}, "approach"),
    ({"approach": [[0, 106.7, 26.6]]}, "approach.0"),
    ({"approach": [[-1, 106.7, 26.6, 5]]}, "approach.0"),
    ({"approach": [[0, 106.7, 26.6, 5], [0, 181, 26.6, 5]]}, "approach.1"),
    ({"approach": [[0, 106.7, 26.6, "近"]]}, "approach.0"),
    ({"integrity": {"shell": "wechat"}}, "integrity.shell"),
    ({"integrity": {"mock": "no"}}, "integrity.mock"),
    ({"integrity": {"jailbroken": True}}, "integrity.jailbroken"),
    ({"permission": {"position": "maybe"}}, "permission.position"),
    ({"permission": {"microphone": "denied"}}, "permission.microphone"),
    ({"permission": []}, "permission"),
])  # fmt: skip
def test_what_is_wrong_is_named(payload: dict[str, Any], field: str) -> None:
    problem = validators.check_shape(VILLAGE | payload)
    assert problem is not None and problem.details["field"] == field
    assert f"payload.{field}" in problem.message


odd = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 200) | st.just(0.5) | st.sampled_from(
        ["", "point", "slip", "web", "denied", "committee", HASH, MOMENT, WHOLE["corrects"], "x" * 65, "y" * 501]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["sha256", "role", "taken_at", "session", "monotonic_ms", "wall_jump_ms", "shell", "mock",
                         "rooted", "position", "camera", "other"]), inner, max_size=3
    ),
    max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*WHOLE]), odd, max_size=3))
@settings(max_examples=600, deadline=None)
def test_code_and_schema_agree(changes: dict[str, Any]) -> None:
    payload = VILLAGE | WHOLE | changes
    by_schema = jsonschema.Draft202012Validator(SCHEMA).is_valid(payload)
    assert (validators.check_shape(payload) is None) is by_schema, changes
