"""What stands in the archive of a case: its written parts, and the files that the index names with their hashes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from puyou.cases.archive import record
from puyou.cases.archive.verifying import FORMAT, INDEX
from puyou.cases.models import Attachment, Case, CaseDocument
from puyou.core import chaining
from puyou.evidence import sniffing

CASE, TIMELINE, PAGE, STYLE = "case.json", "timeline.json", "index.html", "index.css"
PDF = b"%PDF"


@dataclass(frozen=True)
class Entry:
    """A file of the archive as its index names it."""

    path: str
    kind: str  # text, document, attachment
    name: str
    size: int
    sha256: str
    sm3: str


def texts_of(case: Case) -> dict[str, str]:
    """The written parts by path; the index names all others. The same case gives the same texts."""
    written = {
        CASE: record.spelled(record.facts_of(case) | record.beside(case)),
        TIMELINE: record.spelled(record.timeline_of(case.events.select_related("by").order_by("revision"))),
        STYLE: render_to_string("cases/archive/index.css"),
    }
    kept = files_of(case)
    context = {"case": case, "facts": record.facts_of(case), "entries": kept} | _read(case)
    written[PAGE] = render_to_string("cases/archive/index.html", context)
    listed = [*_text_entries(written), *kept]
    return written | {INDEX: _index(case, listed)}


def _read(case: Case) -> dict[str, Any]:
    return {
        "events": case.events.select_related("by").order_by("revision"),
        "withdrawn": case.attachments.exclude(withdrawn_at=None).order_by("pk"),
        "parties": record.beside(case)["parties"],
    }


def _index(case: Case, listed: Iterable[Entry]) -> str:
    head = {
        "format": FORMAT,
        "number": case.number,
        "title": case.title,
        "revision": case.revision,
        "closed_at": case.closed_at,
        "retain_until": case.retain_until,
    }
    return record.spelled(head | {"files": [vars(entry) for entry in listed]})


def _text_entries(written: Mapping[str, str]) -> list[Entry]:
    return [_entry(path, "text", path, text.encode()) for path, text in sorted(written.items())]


def _entry(path: str, kind: str, name: str, data: bytes) -> Entry:
    return Entry(path, kind, name, len(data), chaining.sha256(data).hex(), chaining.sm3(data).hex())


def files_of(case: Case) -> list[Entry]:
    """Every document and every file that was not taken back, under names of our own: nobody's words become a path."""
    documents = [_document(at, one) for at, one in enumerate(case.documents.order_by("pk"), 1)]
    held = case.attachments.filter(withdrawn_at=None).order_by("pk")
    return documents + [_attachment(at, one) for at, one in enumerate(held, 1)]


def _document(at: int, document: CaseDocument) -> Entry:
    data = bytes(document.data)
    path = f"documents/{at:03}{'.pdf' if data.startswith(PDF) else '.docx'}"
    return Entry(path, "document", document.number, len(data), document.sha256, document.sm3)


def _attachment(at: int, file: Attachment) -> Entry:
    path = f"attachments/{at:03}{sniffing.TYPES[file.type].suffix}"
    return Entry(path, "attachment", file.name, file.size, file.sha256, file.sm3)
