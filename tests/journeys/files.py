"""Writing the files that people hand in, and running commands on them as an office would."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from django.core.management import call_command

VISITS = "visit_id,village_code,courier_no,device_id,happened_at,lon,lat,accuracy_m"
DUTIES = "village_code,area_class,times,period,from,to"
EXCUSES = "place_code,from,until,ground,document_no"
COUNTS = ("read", "accepted", "duplicate", "rejected")


def visit(name: str, village: str, at: str = "2026-11-10T10:00:00+08:00", **cells: str) -> str:
    """One row of VISITS."""
    row = {"courier": "K1", "device": "D1", "lon": "106.7", "lat": "26.6", "accuracy": "10"} | cells
    return ",".join(
        [name, village, row["courier"], row["device"], at, row["lon"], row["lat"], row["accuracy"]]
    )


def table(head: str, *rows: str) -> bytes:
    """A CSV file of a head and rows."""
    return "".join(f"{row}\n" for row in (head, *rows)).encode()


def told(*words: str) -> dict[str, Any]:
    """What a command prints with --json."""
    out = io.StringIO()
    call_command(*words, "--json", stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())  # type: ignore[no-any-return]


def refused(*words: str) -> tuple[int, str]:
    """Exit code and sentence of a command that must not work; nothing may be on standard output."""
    out, error = io.StringIO(), io.StringIO()
    try:
        call_command(*words, "--json", stdout=out, stderr=error)
    except SystemExit as ended:
        assert out.getvalue() == ""
        return int(ended.code or 0), error.getvalue()
    raise AssertionError(f"{words} worked: {out.getvalue()[:200]}")


def handed_in(command: str, file: Path) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """What an import prints, which must add up, and the rows of its reject file."""
    said = told(command, str(file))
    assert said["read"] == said["accepted"] + said["duplicate"] + said["rejected"]
    if not said["rejected"]:
        assert said["reject_file"] is None
        return said, []
    text = Path(said["reject_file"]).read_bytes().decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert text.splitlines()[0] == "row,column,code,message"
    assert len({row["row"] for row in rows}) == said["rejected"]
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in row["message"]) for row in rows)
    return said, rows
