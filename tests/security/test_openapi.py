"""Every operation of the API is asked odd things by somebody signed in: no failure, no undescribed answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from puyou.cases.supervisors.tests.cast import NOW, World
from puyou.cases.supervisors.tests.phones import enrolled
from puyou.core import clock
from puyou.fieldwork.tests.cast import bearer, phone_of
from puyou.ingest.throttle import Throttle
from puyou.places import queries as places
from puyou.registry.tests.conftest import (  # noqa: F401
    Network,
    _frozen,
    client_of,
    national,
    network,
    villages,
)

EXAMPLES = 40
# Rooms check more than a schema can say (a known code, a hash that was announced); refusing it is right.
LOOSER = [positive_data_acceptance, negative_data_rejection]
SCHEMA = schemathesis.openapi.from_dict(
    json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text())
)
SCHEMA.app = get_wsgi_application()


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """How often one may knock is another test's matter."""
    monkeypatch.setattr(Throttle, "wait", lambda *_: 0.0)
    monkeypatch.setattr(Throttle, "dry", lambda *_: 0.0)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The test's transaction outlives a request, as with Django's own test client."""
    _keep_the_connection()
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


def _keep_the_connection() -> None:
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)


@pytest.fixture
def identity(network: Network) -> dict[str, str]:  # noqa: F811
    """A phone and an officer at once: each operation takes the one it asks for."""
    cookie = client_of("provincial_regulator", places.get_place("52")).cookies["sessionid"].value
    return {"Authorization": bearer(phone_of(network))["authorization"], "Cookie": f"sessionid={cookie}"}


@pytest.fixture
def supervisors_phone(db: None) -> Iterator[dict[str, str]]:
    """A supervisor's phone, at the time of the tests about supervisors."""
    with clock.frozen(NOW):
        world = World()
        token = enrolled(world, world.supervisor()).token
        _keep_the_connection()  # enrolling by Django's test client connected the signals again
        yield {"Authorization": f"Bearer {token}"}


def _told(case: Any, request: pytest.FixtureRequest) -> dict[str, str]:
    name = "supervisors_phone" if case.path.startswith("/api/v1/supervisor/") else "identity"
    return request.getfixturevalue(name)  # type: ignore[no-any-return]


@pytest.mark.django_db
@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_failure_and_no_answer_that_is_not_described(case: Any, request: pytest.FixtureRequest) -> None:
    case.call_and_validate(headers=_told(case, request), excluded_checks=LOOSER)
