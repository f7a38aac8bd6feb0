"""Code and contract agree: the golden examples and the schemas in contracts/ are what the door does."""

import json
from datetime import datetime
from pathlib import Path

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puyou.core.problems import Problem
from puyou.ingest import actions, canonical, envelopes, receipts, validators
from puyou.ingest.tests.conftest import envelope
from puyou.ingest.tokens import Bearer

CONTRACTS = Path(__file__).resolve().parents[3] / "contracts"
FILES = sorted((CONTRACTS / "golden").glob("*.json"))
GOLDEN = {path.stem: json.loads(path.read_text()) for path in FILES if not path.stem.startswith("proof-")}
KINDS = ("visit", "withdrawal", "hindrance", "answer", "appeal", "round_mark", "consent")
NAMES = ("envelope", *KINDS, "receipt")
SCHEMA = {name: json.loads((CONTRACTS / f"{name}.v1.schema.json").read_text()) for name in NAMES}
# What a schema cannot say: it sees values, not spellings, clocks, tokens or villages.
BEYOND_SCHEMA = {
    "bad_number", "bad_text", "duplicate_key", "future", "too_deep", "unknown_kind", "unknown_version",
    "unknown_village",
    "wrong_device",
}  # fmt: skip
ENVELOPE = jsonschema.Draft202012Validator(SCHEMA["envelope"])


@pytest.fixture
def bearer(phone):
    phone.device.identifier = "D-52-0001"
    phone.device.save()
    return phone.bearer


@pytest.mark.parametrize("name", SCHEMA)
def test_the_schemas_are_schemas(name):
    jsonschema.Draft202012Validator.check_schema(SCHEMA[name])


@pytest.mark.parametrize("name", GOLDEN)
def test_each_example_gets_its_receipt(name, bearer):
    example = GOLDEN[name]
    device_time = example.get("device_time") and datetime.fromisoformat(example["device_time"])
    receipt = actions.accept_envelopes(
        raw_items=[example["sent"].encode()],
        token=bearer,
        now=datetime.fromisoformat(example["received_at"]),
        device_time=device_time,
    )[0]
    told = json.loads(msgspec.json.encode(receipt))
    jsonschema.validate(told, SCHEMA["receipt"])
    expected = example["receipt"]
    assert {key: told[key] for key in expected} == expected
    assert set(told) - {"id", "message", "received_at"} == set(expected)


@pytest.mark.parametrize("name", [name for name, each in GOLDEN.items() if "canonical" in each])
def test_each_accepted_example_has_its_canonical_form(name):
    example = GOLDEN[name]
    text = canonical.spell(example["sent"].encode())[1]
    assert text.decode() == example["canonical"]
    assert canonical.digest(text).hex() == example["sha256"]


@pytest.mark.parametrize("name", GOLDEN)
def test_the_schema_agrees_about_each_example(name):
    example = GOLDEN[name]
    code = example["receipt"].get("code")
    if code in BEYOND_SCHEMA or name in (
        "refused-before-1970",
        "refused-no-such-day",
        "refused-hindrance-backwards",
    ):
        return
    sent = json.loads(example["sent"])
    well = ENVELOPE.is_valid(sent) and jsonschema.Draft202012Validator(SCHEMA[sent["kind"]]).is_valid(
        sent["payload"]
    )
    assert well is (code is None), name


PROOF = {"key_id": "k", "alg": "sm2", "nonce": "n", "signature": "s"}
MOMENT = "2026-11-20T10:30:00"
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([1.0, 1.5, 2**53, -1, [], {}, PROOF, PROOF | {"alg": "rsa"}, PROOF | {"prev": None}]),
    st.sampled_from(["app", "pda", "web", MOMENT, MOMENT + "Z", MOMENT + "+08:00", "x" * 31, "x" * 65]),
    st.text("a0 -:", max_size=5),
)
FIELDS = [*SCHEMA["envelope"]["properties"], "other"]


@settings(max_examples=400, deadline=None)
@given(
    st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=2), st.sets(st.sampled_from(FIELDS), max_size=1)
)
def test_code_and_schema_agree_about_any_field(changes, dropped):
    value = envelope("D") | changes
    value = {name: each for name, each in value.items() if name not in dropped}
    by_schema = ENVELOPE.is_valid(value) and abs(value["counter"]) <= canonical.SAFE_INTEGER
    try:
        envelopes.read(json.dumps(value).encode())
        by_code = True
    except Problem as problem:
        by_code = False
        assert problem.code.startswith("ingest.")
        assert receipts.refused(None, problem).message
    assert by_code is by_schema, value


def test_every_kind_that_the_door_takes_has_a_schema_and_examples_of_both_ends():
    assert validators.known() >= set(KINDS)
    ends = {kind: set() for kind in KINDS}
    for example in GOLDEN.values():
        if isinstance(sent := json.loads(example["sent"]), dict) and sent.get("kind") in ends:
            ends[sent["kind"]].add(example["receipt"]["status"])
    assert ends == {kind: {"accepted", "refused"} for kind in KINDS}


VILLAGE = "520102200201"
PHOTO = {"sha256": "ab" * 32, "role": "slip", "taken_at": MOMENT + "Z"}
VISIT = "019a9c3e-7c00-7a11-8b22-0123456789a1"
WHOLE = {
    "answer": {"question": 1, "text": "在", "photos": [PHOTO]},
    "appeal": {"visit": VISIT, "text": "在", "photos": [PHOTO]},
    "round_mark": {"event": "start", "day": "2026-11-20"},
    "consent": {"version": "2026-11", "agreed": True},
    "withdrawal": {"visit": VISIT, "reason": "错"},
    "hindrance": {"village": VILLAGE, "ground": "snow", "from": "2026-11-20", "until": "2026-11-21", "note": "雪"},
    "visit": {"village": VILLAGE, "photos": [PHOTO], "voice": "cd" * 32, "note": "好", "unplanned": True,
              "mode": "household", "receiver": "family", "tag": "PY1.x", "corrects": VISIT, "nothing_today": False},
}  # fmt: skip
STRANGE = st.sampled_from([
    None, True, False, 0, 7, -1, "", " ", "x", "\0", VISIT, VISIT[:-1], VISIT.replace("-", ""), "2026-11-20", "ab" * 32,
    "AB" * 32, "好" * 301, "好" * 501, "好" * 1001, " " + "好" * 1000 + " ", [], {}, [PHOTO] * 6, [PHOTO] * 7, ["x"],
    [PHOTO | {"role": "face"}], [PHOTO | {"role": None, "taken_at": None}], [PHOTO | {"taken_at": "soon"}],
    [PHOTO | {"x": 1}],
    "start", "end", "2026-11", "other", "committee",
])  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_door_and_schema_agree_about_any_field_of_a_payload(kind):
    schema, whole = jsonschema.Draft202012Validator(SCHEMA[kind]), WHOLE[kind]
    assert validators.check([kind], [whole]) == [None]

    @settings(max_examples=150, deadline=None)
    @given(st.dictionaries(st.sampled_from([*SCHEMA[kind]["properties"], "other"]), STRANGE, max_size=1),
           st.sets(st.sampled_from(sorted(whole)), max_size=1))  # fmt: skip
    def agree(changes, dropped):
        payload = {
            name: each for name, each in (whole | changes).items() if name not in dropped - set(changes)
        }
        (problem,) = validators.check([kind], [payload])
        if problem is None or problem.code.rsplit(".", 1)[-1] not in BEYOND_SCHEMA:
            assert schema.is_valid(payload) is (problem is None), (payload, problem)

    agree()


def test_a_bearer_is_what_the_door_needs_of_a_token(bearer):
    assert isinstance(bearer, Bearer)
    assert bearer.device_identifier == "D-52-0001"
