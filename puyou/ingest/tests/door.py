"""The site on a database named by the environment, for tests that kill it; run by granian."""

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puyou.config.settings")

from django.conf import settings

settings.DATABASES["default"]["NAME"] = os.environ["DOOR_DATABASE"]
settings.PUYOU_HOME = Path(os.environ.get("DOOR_FILES", settings.PUYOU_HOME))

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

from puyou.ingest import validators  # noqa: E402

validators.register("probe", lambda payloads: [None] * len(payloads))
