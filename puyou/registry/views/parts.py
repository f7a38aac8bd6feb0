"""What the registry's pages share: the doors between its lists, and the page of one thing with its tables."""

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from puyou.accounts.views.decorators import OfficerRequest
from puyou.core.tables import Listing, list_page

TEMPLATE = "registry/list.html"
DOORS = (
    ("建制村", "registry"),
    ("投递员", "registry_couriers"),
    ("设备", "registry_devices"),
    ("投递段", "registry_rounds"),
    ("接转点", "registry_delivery_points"),
    ("准则", "rule_list"),
)


def doors(request: OfficerRequest) -> list[dict[str, Any]]:
    """The registry's lists, the present one marked."""
    addresses = [(label, reverse(name)) for label, name in DOORS]
    return [
        {"label": label, "address": address, "here": request.path == address} for label, address in addresses
    ]


def registry_list(
    request: OfficerRequest, table: Any, rows: Any, filters: Any, **context: Any
) -> HttpResponseBase:
    """A list page with the doors to its neighbours."""
    crumbs = [{"name": "名录", "url": reverse("registry")}, {"name": table.title}]
    shown = {"doors": doors(request), "crumbs": crumbs} | context
    return list_page(
        request,
        table,
        rows,
        filters=filters,
        template=TEMPLATE,
        context=shown,
        scope=str(context.get("scope_name", "")),
    )


def detail(
    request: OfficerRequest, title: str, sentence: str, tables: list[Listing], **context: Any
) -> HttpResponseBase:
    """The page of one thing: a sentence and its tables."""
    crumbs = [{"name": "名录", "url": reverse("registry")}, {"name": title}]
    shown = {"title": title, "sentence": sentence, "tables": tables, "crumbs": crumbs} | context
    return render(request, "registry/detail.html", shown)


def span_text(row: Any) -> str:
    """``2026年1月1日起`` or until when."""
    first = f"{row.valid_from:%Y年%-m月%-d日}起"
    return first if row.valid_to is None else f"{first}，{row.valid_to:%Y年%-m月%-d日}止"
