"""Archives of closed cases: whole, the same each time, verifiable by anybody, given to the office alone."""

import json
from datetime import timedelta
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from puyou.accounts.tests.offices import signed_in
from puyou.cases.archive import archiving, packing, standing, verifying
from puyou.cases.beside import notes
from puyou.cases.models import CaseArchive
from puyou.cases.papers import attaching
from puyou.cases.papers.attaching import Upload
from puyou.cases.tests.cast import NOW, do, open_sample
from puyou.core import clock
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.evidence import shelf

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n"
HOSTILE = "../../etc/<script>alert(1)</script>{{ case.pk }}.pdf"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.PUYOU_HOME = tmp_path


@pytest.fixture
def case(people):
    made = open_sample(people, title="<b>样例</b>案件", shared=True)
    for name in ("证明.pdf", HOSTILE):
        data = PDF + name.encode()
        attaching.attach_file(case_id=made.pk, upload=Upload(name, [data]), actor=people.officer, now=NOW)
    taken = made.attachments.latest("pk")
    notes.add_note(case_id=made.pk, text="备注", shared=False, actor=people.officer, now=NOW)
    do(made, "accept", people.officer)
    do(made, "reply", people.company, kind="fixed", text="已整改")
    attaching.attach_file(case_id=made.pk, upload=Upload("误传.pdf", [PDF]), actor=people.officer, now=NOW)
    wrong = made.attachments.latest("pk")
    attaching.withdraw_file(
        case_id=made.pk, attachment_id=wrong.pk, ground="误传", actor=people.officer, now=NOW
    )
    assert taken.pk != wrong.pk
    return made


@pytest.fixture
def closed(people, case):
    return do(case, "verify", people.officer)


def archive(case, who) -> CaseArchive:
    return archiving.archive_case(case_id=case.pk, actor=who, now=NOW)


def bytes_of(made: CaseArchive) -> bytes:
    with packing.pack(made) as file:
        return file.read()


def rewritten(data: bytes, change) -> bytes:
    """The same ZIP with its files changed: ``change`` works on a dict of name → bytes."""
    with ZipFile(BytesIO(data)) as held:
        parts = {name: held.read(name) for name in held.namelist()}
    change(parts)
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return kept.getvalue()


@pytest.fixture
def found(tmp_path):
    def verified(data: bytes, digest: str = "") -> verifying.Verdict:
        (tmp_path / "case.zip").write_bytes(data)
        return verifying.verify(tmp_path / "case.zip", digest)

    return verified


class TestArchiving:
    def test_it_holds_everything_and_verifies(self, people, closed, found):
        made = archive(closed, people.officer)
        data = bytes_of(made)
        verdict = found(data, made.sm3)
        assert verdict.sound and verdict.number == closed.number and verdict.files == made.files == 6
        with ZipFile(BytesIO(data)) as held:
            names = set(held.namelist())
            case, timeline = json.loads(held.read("case.json")), json.loads(held.read("timeline.json"))
            page = held.read("index.html").decode()
        written = {"index.json", "index.html", "index.css", "case.json", "timeline.json"}
        assert names == written | {"attachments/001.pdf", "attachments/002.pdf"}
        assert [deed["name"] for deed in timeline] == ["立案", "受理", "答复", "核实"]
        assert case["retention_years"] == 10 and case["retain_until"] == "2036-09-24"
        assert [note["text"] for note in case["notes"]] == ["备注"]
        assert [file["withdrawn_ground"] for file in case["attachments"]] == ["", "", "误传"]
        assert "&lt;b&gt;样例&lt;/b&gt;案件" in page and "<script>" not in page and "误传.pdf" in page
        assert Event.objects.get(kind="case.archived").data["sha256"] == made.sha256

    def test_twice_is_one_row_and_the_same_bytes(self, people, closed):
        first = archive(closed, people.officer)
        assert archive(closed, people.officer) == first and CaseArchive.objects.count() == 1
        assert bytes_of(first) == bytes_of(CaseArchive.objects.get())

    def test_a_paper_that_comes_later_makes_another(self, people, closed):
        first = archive(closed, people.officer)
        attaching.attach_file(
            case_id=closed.pk, upload=Upload("后补.pdf", [PDF + b"%"]), actor=people.officer, now=NOW
        )
        assert archive(closed, people.officer).files == first.files + 1
        assert found_files(first) == 6

    def test_an_open_case_is_not_archived(self, people, case):
        with pytest.raises(Problem) as caught:
            archive(case, people.officer)
        assert caught.value.code == "cases.not_closed"

    @pytest.mark.parametrize(("who", "code"), [("company", "not_yours"), ("stranger", "unknown_case")])
    def test_only_the_office(self, people, closed, who, code):
        with pytest.raises(Problem) as caught:
            archive(closed, getattr(people, who))
        assert caught.value.code == f"cases.{code}" and not CaseArchive.objects.exists()

    def test_a_lost_file_is_found_before_anything_is_put_away(self, people, closed):
        shelf.path_of(closed.attachments.earliest("pk").sha256).write_bytes(b"%PDF-other")
        with pytest.raises(Problem) as caught:
            archive(closed, people.officer)
        assert caught.value.code == "cases.archive_broken" and not CaseArchive.objects.exists()

    @pytest.mark.parametrize("change", [lambda held: held.update(files=0), lambda held: held.delete()])
    def test_what_was_put_away_stays(self, people, closed, change):
        archive(closed, people.officer)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change(CaseArchive.objects.all())


def found_files(made: CaseArchive) -> int:
    with ZipFile(BytesIO(bytes_of(made))) as held:
        return len(held.namelist()) - 1


def _outcome(parts):
    parts["case.json"] = parts["case.json"].replace(b"verified", b"refused!")


def _deed(parts):
    deeds = json.loads(parts["timeline.json"])
    del deeds[1]
    parts["timeline.json"] = json.dumps(deeds).encode()


def _slip(parts):
    parts["../../../tmp/evil.sh"] = b"#!/bin/sh"


CHANGES = [
    (_outcome, {"changed"}),
    (_deed, {"changed", "chain"}),
    (_slip, {"unsafe"}),
    (lambda parts: parts.pop("attachments/001.pdf"), {"missing"}),
    (lambda parts: parts.update({"attachments/001.pdf": PDF}), {"changed"}),
    (lambda parts: parts.update({"attachments/009.pdf": PDF}), {"added"}),
    (lambda parts: parts.update({"timeline.json": b"[" * 100_000}), {"changed", "chain"}),
]


class TestStale:
    def test_what_comes_after_makes_it_stale_and_archiving_again_mends_it(self, people, closed):
        assert not standing.is_stale(closed)  # there is none yet
        archive(closed, people.officer)
        assert not standing.is_stale(closed)
        later = NOW + timedelta(hours=1)
        notes.add_note(case_id=closed.pk, text="补记", shared=False, actor=people.officer, now=later)
        assert standing.is_stale(closed)
        with clock.frozen(later):
            client = signed_in(people.officer.user)
            assert "归档后又有办理，需再次归档" in client.get(f"/cases/{closed.pk}/").content.decode()
            told = client.get("/cases/archive/?standing=stale").content.decode()
            assert closed.number in told and "需再次归档" in told
        archiving.archive_case(case_id=closed.pk, actor=people.officer, now=later)
        assert not standing.is_stale(closed)
        assert closed.archives.count() == 2

    def test_a_paper_taken_back_counts(self, people, closed):
        archive(closed, people.officer)
        paper = closed.attachments.filter(withdrawn_at=None).first()
        attaching.withdraw_file(
            case_id=closed.pk,
            attachment_id=paper.pk,
            ground="重复",
            actor=people.officer,
            now=NOW + timedelta(days=1),
        )
        assert standing.is_stale(closed)


class TestVerifying:
    @pytest.mark.parametrize(("change", "kinds"), CHANGES)
    def test_every_change_is_found(self, people, closed, found, change, kinds):
        verdict = found(rewritten(bytes_of(archive(closed, people.officer)), change))
        assert {fault.kind for fault in verdict.faults} == kinds and not verdict.sound

    def test_one_written_anew_with_its_index_does_not_escape_the_digest_on_record(
        self, people, closed, found
    ):
        made = archive(closed, people.officer)

        def anew(parts):
            index = json.loads(parts["index.json"])
            index["files"] = [entry for entry in index["files"] if entry["path"] != "attachments/001.pdf"]
            parts["index.json"] = json.dumps(index).encode()
            del parts["attachments/001.pdf"]

        forged = rewritten(bytes_of(made), anew)
        assert found(forged).sound
        assert {fault.kind for fault in found(forged, made.sha256).faults} == {"index"}

    @pytest.mark.parametrize(
        "index",
        [
            b"", b"[]", b"{}", b"[" * 100_000, b'{"format": "puyou-case-archive-1", "number": 1, "files": []}',
            b'{"format": "puyou-case-archive-1", "number": "x", "files": [7]}',
            b'{"format": "puyou-case-archive-1", "number": "x", "files": [{"path": "../x", "name": "", "size": 1,'
            b' "sha256": "", "sm3": ""}]}',
        ],
    )  # fmt: skip
    def test_what_is_no_archive_is_told_so(self, found, index):
        kept = BytesIO()
        with ZipFile(kept, "w") as book:
            book.writestr("index.json", index)
        for data in (kept.getvalue(), kept.getvalue()[:-10], b"PK\x03\x04", b""):
            with pytest.raises(verifying.Unreadable):
                found(data)

    def test_the_command_answers_in_json_with_its_exit_code(self, people, closed, tmp_path):
        data, file = bytes_of(archive(closed, people.officer)), tmp_path / "case.zip"
        file.write_bytes(data)
        said = StringIO()
        call_command("verify_archive", str(file), "--json", stdout=said)
        assert json.loads(said.getvalue())["sound"] is True
        file.write_bytes(rewritten(data, _outcome))
        said = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("verify_archive", str(file), "--json", stdout=said)
        assert ended.value.code == 1 and json.loads(said.getvalue())["faults"][0]["path"] == "case.json"
        with pytest.raises(SystemExit) as ended:
            call_command("verify_archive", str(tmp_path / "none.zip"), stderr=StringIO())
        assert ended.value.code == 2


class TestPages:
    def test_an_office_archives_and_takes_it_away_on_record(self, people, closed):
        with clock.frozen(NOW):
            officer, company = signed_in(people.officer.user), signed_in(people.company.user)
            address = f"/cases/{closed.pk}/"
            assert "尚未归档" in officer.get(address).content.decode()
            assert 'id="archive"' not in company.get(address).content.decode()
            assert officer.get(f"{address}archive/new/").status_code == 200
            assert officer.post(f"{address}archive/new/").status_code == 302
            made = CaseArchive.objects.get()
            assert made.sm3 in officer.get(address).content.decode()
            answer = officer.get(f"{address}archive/{made.pk}/")
            assert b"".join(answer.streaming_content) == bytes_of(made)
            assert Event.objects.filter(kind="archive.taken").count() == 1
            assert company.get(f"{address}archive/{made.pk}/").status_code == 403
            assert signed_in(people.stranger.user).get(f"{address}archive/{made.pk}/").status_code == 404
            other = open_sample(people)
            assert officer.get(f"/cases/{other.pk}/archive/{made.pk}/").status_code == 404
            assert officer.get(f"/cases/{other.pk}/archive/new/").status_code == 409

    def test_the_list_filters_by_the_end_of_keeping_and_stays_within_sight(self, people, closed):
        with clock.frozen(NOW):
            archive(closed, people.officer)
            officer, stranger = signed_in(people.officer.user), signed_in(people.stranger.user)
            address = "/cases/archive/"
            for query, shown in (
                ("", True), ("?kept_to=2036-09-24", True), ("?kept_to=2036-09-23", False), ("?standing=waiting", False),
                ("?standing=archived&q=样例", True), ("?kept_from=2036-09-25", False),
                ("?closed_from=2026-09-24", True),
                ("?kept_from=2027-01-01&kept_to=2026-01-01", False), ("?kept_to=x", False), ("?standing=x", False),
            ):  # fmt: skip
                assert (closed.number in officer.get(address + query).content.decode()) == shown, query
            assert closed.number not in stranger.get(address).content.decode()
            sheet = b"".join(officer.get(f"{address}?format=csv").streaming_content).decode()
            assert closed.number in sheet and "2036" in sheet
            assert signed_in(people.company.user).get(address).status_code == 403
