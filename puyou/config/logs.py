"""What web and worker write to standard error: one JSON object a line, without personal data.

Values never go in by our own hand: statements are told without their parameters, pages by their route. What an error
says by itself is cleared of the lines in which a database quotes rows, and of what looks like a number of a person, a
phone, a mail address or a token.
"""

import logging
import re
import sys
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import structlog
from django.conf import settings
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse

from puyou.core.security import Handler

STATEMENT_LIMIT = 600  # characters of a slow statement
HIDDEN = "＊"
_QUOTING = re.compile(r"\n\s*(DETAIL|CONTEXT|Failing row)\b.*(?:\n(?!\s*(?:File |\w+Error)).*)*")
_NUMBERS = re.compile(
    r"(?<![\w.])(?:\d{17}[\dXx]|1[3-9]\d{9}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|puyou_[\w-]{8,})(?![\w])"
)
_page: ContextVar[HttpRequest | None] = ContextVar("page", default=None)
log = structlog.get_logger("puyou.slow")
Values = dict[str, Any]


def cleared(text: str) -> str:
    """A text without what could name a person."""
    return _NUMBERS.sub(HIDDEN, _QUOTING.sub("", text))


def _clear(logger: Any, name: str, values: Values) -> Values:
    return {key: cleared(value) if isinstance(value, str) else value for key, value in values.items()}


def _page_of(logger: Any, name: str, values: Values) -> Values:
    """Which page it was, by its route: an address itself may hold a tracking number."""
    route = page()
    return values | {"page": route} if route else values


def page() -> str:
    """The method and route of the page that is being made in this thread; empty where none is."""
    request = _page.get()
    if request is None:
        return ""
    found = request.resolver_match
    return f"{request.method} /{found.route}" if found else f"{request.method} ?"


def _no_address(record: logging.LogRecord) -> bool:
    """Django names the address in its own messages on 4xx and 5xx: the status is enough, the route stands beside."""
    if record.name == "django.request" and record.args:
        status = getattr(record, "status_code", "")
        record.msg, record.args = f"answered {status}", ()
    return True


SHARED: list[Callable[..., Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _page_of,
]
FINAL: list[Callable[..., Any]] = [
    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
    structlog.processors.format_exc_info,
    _clear,
]


def configure(as_json: bool) -> dict[str, Any]:
    """The logging of the site, for settings; lines of JSON, or for a person at a terminal."""
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED,
        "processors": [*FINAL, last],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"no_address": {"()": lambda: _no_address}},
        "formatters": {"lines": formatter},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["no_address"]}
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
    }


def is_terminal() -> bool:
    """Whether a person looks at standard error."""
    return sys.stderr.isatty()


def slow_pages(get_response: Handler) -> Handler:
    """Say which page takes longer than ``PUYOU_SLOW_PAGE_MS``; name the page for what is said while it is made."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token, began = _page.set(request), time.perf_counter()
        try:
            response = get_response(request)
            spent = (time.perf_counter() - began) * 1000
            if spent >= settings.SLOW_PAGE_MS:
                log.warning("slow_page", ms=round(spent), status=response.status_code)
            return response
        finally:
            _page.reset(token)

    return middleware


def watch_statements() -> None:
    """Say which statements take longer than ``PUYOU_SLOW_QUERY_MS``, on every connection from now on."""
    connection_created.connect(_watch, dispatch_uid="slow statements")


def _watch(sender: Any, connection: Any, **rest: Any) -> None:
    if _timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(_timed)


def _timed(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Values) -> Any:
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        spent = (time.perf_counter() - began) * 1000
        if spent >= settings.SLOW_QUERY_MS:
            log.warning("slow_statement", ms=round(spent), sql=_shape(str(sql)))


def _shape(sql: str) -> str:
    """A statement on one line without literals, cut."""
    return re.sub(r"'[^']*'", "'?'", " ".join(sql.split()))[:STATEMENT_LIMIT]
