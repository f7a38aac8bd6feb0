"""The door's addresses, for phones."""

from ninja import Router

from puyou.ingest.views import enrolments, envelopes
from puyou.ingest.views.envelopes import app_of, device_time, sent_by

__all__ = ["app_of", "device_time", "router", "sent_by"]

router = Router()
router.add_router("", envelopes.router)
router.add_router("", enrolments.router)
