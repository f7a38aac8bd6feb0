"""What the worker runs: safe to repeat, and says how much was done."""

import pytest

from puyou.core import clock
from puyou.visits import jobs
from puyou.visits.models import Visit
from puyou.visits.tests import cast
from puyou.visits.tests.cast import NOW, Message


@pytest.mark.django_db
def test_it_takes_what_waits_and_then_rests() -> None:
    person, phone = cast.courier()
    cast.send(*(Message(village, courier=person.pk, device=phone.pk) for village in cast.villages(3)))
    with clock.frozen(NOW):
        assert jobs.take_in_pending() == 3 and jobs.take_in_pending() == 0
    assert Visit.objects.count() == 3
