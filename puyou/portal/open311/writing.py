"""One answer in the two shapes of GeoReport v2: JSON, and XML with the standard's element names."""

import json
import re
from typing import Any
from xml.etree import ElementTree as Tree

from django.http import HttpResponse

JSON, XML = "json", "xml"
TYPES = {JSON: "application/json; charset=utf-8", XML: "text/xml; charset=utf-8"}
# What the elements of a list are called, by the name of the list.
ONE = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answer(root: str, said: Any, form: str, status: int = 200) -> HttpResponse:
    """``said`` (plain values) under the standard's root name; any page elsewhere may read it."""
    body = _xml(root, said) if form == XML else json.dumps(said, ensure_ascii=False)
    response = HttpResponse(body, status=status, content_type=TYPES[form])
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-store"
    return response


def _xml(root: str, said: Any) -> bytes:
    return bytes(Tree.tostring(_element(root, said), encoding="utf-8", xml_declaration=True))


def _element(name: str, said: Any) -> Tree.Element:
    made = Tree.Element(name)
    if isinstance(said, dict):
        made.extend(_element(key, value) for key, value in said.items())
    elif isinstance(said, list | tuple):
        made.extend(_element(ONE.get(name, "item"), value) for value in said)
    elif said is not None:
        made.text = _NOT_XML.sub("", _text(said))
    return made


def _text(said: Any) -> str:
    return str(said).lower() if isinstance(said, bool) else str(said)
