"""The whole site on a database named by the environment, for tests with a real browser; run by granian."""

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puyou.config.settings")

from django.conf import settings

settings.DATABASES["default"]["NAME"] = os.environ["BROWSER_DATABASE"]

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

if "BROWSER_FIELD_BUILD" in os.environ:
    from puyou.fieldwork.views import app

    app.BUILD = Path(os.environ["BROWSER_FIELD_BUILD"])
