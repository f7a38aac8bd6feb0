"""Counting the database queries of each kind of map page, first and second time, over several places."""

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puyou.config.settings")
from puyou.config import embedded

if not os.environ.get("DATABASE_URL"):
    embedded.ensure()
import django

django.setup()
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from puyou.accounts.models import User  # noqa: E402
from puyou.places.models import Place  # noqa: E402

KINDS = ("nation", "province", "city", "county", "township", "village")
PLACES = 5


def queries_of(client, code):
    """How many queries a place's page takes."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/atlas/{code}/").status_code == 200, code
    return len(captured)


def main():
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    user = User.objects.get(username=sys.argv[1])
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    found = {}
    for level, kind in enumerate(KINDS):
        places = Place.objects.filter(level=level, valid_to=None, kind__in=["admin", "village"]).order_by(
            "code"
        )
        codes = list(places.values_list("code", flat=True)[:: max(1, places.count() // PLACES)])[:PLACES]
        first, again = zip(
            *((queries_of(client, code), queries_of(client, code)) for code in codes), strict=True
        )
        found[kind] = {"first": [min(first), max(first)], "again": [min(again), max(again)]}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
