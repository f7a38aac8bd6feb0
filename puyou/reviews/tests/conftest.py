"""The clock stands still, and there is a courier with a doubtful day."""

from collections.abc import Iterator

import pytest

from puyou.core import clock
from puyou.registry.models import Courier
from puyou.reviews.tests.cast import doubtful_day
from puyou.visits.models import Visit
from puyou.visits.tests import cast


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    with clock.frozen(cast.NOW):
        yield


@pytest.fixture
def courier(db: None) -> Courier:
    return cast.courier()[0]


@pytest.fixture
def visits(courier: Courier) -> list[Visit]:
    return doubtful_day(courier, courier.bindings.get().device)
