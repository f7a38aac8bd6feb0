"""Where the web server finds the site."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puyou.config.settings")
application = get_wsgi_application()

from puyou.config import warmth  # noqa: E402 - the site must stand first

warmth.warm()
