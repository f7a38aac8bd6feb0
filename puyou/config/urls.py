"""Every address of the site, room by room."""

from django.urls import URLPattern, URLResolver, include, path

from puyou.config import audit, views, vitals
from puyou.config.api import api

ROOMS = (
    "accounts",
    "places",
    "evidence",
    "standards",
    "registry",
    "ingest",
    "ledgers",
    "visits",
    "compliance",
    "scrutiny",
    "reviews",
    "audits",
    "cases.rectification",
    "cases.feedback",
    "cases.supervisors",
    "cases",
    "fieldwork",
    "indicators",
    "plans",
    "returns",
    "reports",
    "atlas",
    "workbench",
    "portal",
    "core",
)
machines = path("api/v1/", api.urls)
values = next(one.callback for one in machines.url_patterns if str(one.pattern) == "dataValueSets")
assert values is not None
urlpatterns: list[URLResolver | URLPattern] = [
    machines,  # first: phones knock most, and every address before theirs is compared with what they ask
    # The same where clients of DHIS2 look for it: they put /api behind a server's name by themselves.
    *(path(f"dhis2/api/dataValueSets{ending}", values) for ending in ("", ".json")),
    path("", views.home, name="home"),
    path("system/", views.system_index, name="system_index"),
    path("system/audit/", audit.audit_trail, name="audit_trail"),
    path("system/metrics", vitals.metrics, name="metrics"),
    path("healthz", vitals.healthz, name="healthz"),
    path("readyz", vitals.readyz, name="readyz"),
    *(path("", include(f"puyou.{room}.urls")) for room in ROOMS),
]

handler400 = "puyou.core.pages.bad_request"
handler403 = "puyou.core.pages.permission_denied"
handler404 = "puyou.core.pages.page_not_found"
handler500 = "puyou.core.pages.server_error"
