"""What holds for the site as a whole: its settings, the headers of every answer, forged requests, pinned parts."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from puyou.accounts.tests.offices import NOW, officer
from puyou.config import secret
from puyou.core import clock
from puyou.core.models import Event
from puyou.places.queries import get_place
from tests.test_every_address import addresses

ROOT = Path(__file__).parents[2]
FILLED = {"pk": "1", "code": "520526", "week": "2026-W47", "year": "2026", "kind": "csv", "sha256": "ab" * 32}
UNKNOWN_ID = "01890000-0000-7000-8000-000000000000"


def test_the_site_is_fit_for_deployment_behind_https(tmp_path: Path) -> None:
    """Django's own deployment checks find nothing when the site is said to stand behind HTTPS."""
    command = [sys.executable, "-m", "puyou.config.cli", "check", "--deploy", "--fail-level", "INFO"]
    made = subprocess.run(
        command,
        env=os.environ | {"PUYOU_HTTPS": "1", "PUYOU_HOME": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (made.returncode, made.stderr) == (0, ""), made.stderr


@pytest.mark.parametrize("weak", ["short", "a" * 80, "ab" * 40])
def test_a_weak_secret_is_refused_at_the_start(weak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUYOU_SECRET", weak)
    with pytest.raises(ImproperlyConfigured, match="PUYOU_SECRET 太弱"):
        secret.said("PUYOU_SECRET", secret.LETTERS)


def test_a_secret_that_was_made_is_strong_and_its_owners_alone(tmp_path: Path) -> None:
    made = secret.read_or_make(tmp_path)
    assert len(made) >= secret.LETTERS and (tmp_path / "secret").stat().st_mode & 0o077 == 0
    assert secret.read_or_make(tmp_path) == made


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked",
    [
        "/login/",
        "/portal/",
        "/field/",
        "/atlas/",
        "/nowhere/",
        "/api/v1/places?q=x",
        "/api/v1/nowhere",
        "/healthz",
    ],
)
def test_every_answer_carries_the_headers(asked: str) -> None:
    headers = Client().get(asked).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert (
        re.match(r"default-src '(self|none)';", policy)
        and "unsafe" not in policy
        and "frame-ancestors 'none'" in policy
    )
    assert "geolocation=(self)" in headers["Permissions-Policy"]


def _somewhere(text: str) -> str:
    return re.sub(r"{(\w+)}", lambda name: FILLED.get(name[1], "1"), text)


@pytest.mark.django_db
def test_no_page_takes_a_request_forged_elsewhere() -> None:
    """Every address but the API's, asked by POST with a good session and no token of a form: 403 and nothing done."""
    with clock.frozen(NOW):
        user = officer("forged.officer", "national_regulator", get_place("000000000000"))
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        before = Event.objects.count()
        answers = {
            address.text: client.post(_somewhere(address.text)).status_code
            for address in addresses()
            if not address.text.startswith(("/api/", "/open311/"))  # keys open these, never a session
        }
    reached = {text: status for text, status in answers.items() if status != 404}
    assert {text: status for text, status in reached.items() if status != 403} == {}
    assert len(reached) > 0.8 * len(answers)
    assert Event.objects.count() == before


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_every_part_is_pinned_by_its_hash(path: Path) -> None:
    """Installed with --require-hashes (Makefile), from whatever index the machine knows."""
    text = path.read_text()
    pins = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    unhashed = [pin.split("\n")[0] for pin in pins if "--hash=sha256:" not in pin]
    assert unhashed == [] and "://" not in text
    assert f"--require-hashes -r requirements/{path.name}" in (ROOT / "Makefile").read_text()
