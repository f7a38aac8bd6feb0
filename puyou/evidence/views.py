"""Looking at a file: only by a link made for this person, and every look is on record."""

import os
from typing import cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from puyou.accounts.models import User
from puyou.accounts.scopes import Scope
from puyou.accounts.views.decorators import officer_required
from puyou.core import clock
from puyou.core import events as log
from puyou.evidence import events, fingerprints, links, problems, queries, rules, showing, storage
from puyou.evidence.queries import File


@require_safe
@officer_required("see")
def file_page(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """A file large, with its facts; the look is recorded when the bytes are fetched."""
    file, purpose = _allowed(request, sha256)
    by, now = cast(User, request.user), clock.now()
    (match,) = queries.matches_of([sha256])
    context = {
        "title": "语音" if file.type.startswith("audio/") else "照片",
        "file": file,
        "state": showing.state_of(file),
        "remarks": showing.remarks_of(match, purpose),
        "bytes": ""
        if file.expired_at
        else links.sign(sha256, by, now, purpose=purpose, view="evidence_bytes"),
        "is_voice": file.type.startswith("audio/"),
    }
    response = render(request, "evidence/file.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
@officer_required("see")
def file_bytes(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """The bytes as they came."""
    file, purpose = _allowed(request, sha256)
    data = _bytes(file)
    _record(request, file, purpose, "whole")
    return _answer(data, file.type, sha256[:12] + rules.SUFFIXES[file.type])


@require_safe
@officer_required("see")
def file_small(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """A small JPEG of a picture, made on the first look and kept."""
    file, purpose = _allowed(request, sha256)
    data = _small(file)
    _record(request, file, purpose, "small")
    return _answer(data, "image/jpeg", f"{sha256[:12]}-small.jpg")


def _allowed(request: HttpRequest, sha256: str) -> tuple[File, str]:
    rules.refuse_bad_hash(sha256)
    purpose = links.purpose_of(request.GET.get("key", ""), sha256, cast(User, request.user), clock.now())
    file = queries.files_of([sha256]).get(sha256)
    if file is None:
        raise problems.NOT_HERE()
    return file, purpose


def _bytes(file: File) -> bytes:
    data = None if file.expired_at else storage.read(file.sha256)
    if data is None:
        raise problems.GONE(reason="已到保存期限" if file.expired_at else rules.TROUBLES["missing"])
    return data


def _small(file: File) -> bytes:
    path = storage.small_of(file.sha256)
    if file.expired_at is None and path.exists():
        return path.read_bytes()
    made = fingerprints.shrink(_bytes(file)) if file.type == "image/jpeg" else None
    if made is None:
        raise problems.GONE(reason=rules.TROUBLES["broken"])
    with storage.telling_of_full_disk():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(made)
        os.replace(fresh, path)
    return made


@transaction.atomic
def _record(request: HttpRequest, file: File, purpose: str, view: str) -> None:
    scope = cast(Scope, request.scope)  # type: ignore[attr-defined]
    data = {"purpose": purpose, "view": view}
    log.append(
        events.FILE_VIEWED, subject=f"file:{file.sha256}", actor=scope.name, now=clock.now(), data=data
    )


def _answer(data: bytes, type: str, name: str) -> HttpResponse:
    """Bytes that no browser guesses about, no proxy keeps and no other site embeds."""
    return HttpResponse(
        data,
        content_type=type,
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
