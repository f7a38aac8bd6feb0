"""Files of a case: taken in by content, kept by hash, shown bare to whom they concern, taken back with a ground."""

import hashlib
import io
import sys
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from puyou.accounts.tests.offices import signed_in
from puyou.cases.models import Attachment
from puyou.cases.papers import attaching
from puyou.cases.papers.attaching import Upload
from puyou.cases.tests.cast import NOW, open_sample
from puyou.core import clock
from puyou.core.models import Event
from puyou.core.problems import Problem
from puyou.evidence import shelf, sniffing

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.PUYOU_HOME = tmp_path
    return tmp_path / "files"


def jpeg(size=(64, 48)) -> bytes:
    picture, exif = Image.new("RGB", size, "red"), Image.Exif()
    exif[0x010F], exif[0x8825] = "CAMERA-OF-LI", {1: "N", 2: (26.0, 51.0, 0.0)}
    kept = io.BytesIO()
    picture.save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def packed(*names: str, text: bytes = b"<x/>") -> bytes:
    kept = io.BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as book:
        for name in names:
            book.writestr(name, text)
    return kept.getvalue()


def attach(case, who, data=PDF, name="证明.pdf", **more) -> Attachment:
    return attaching.attach_file(case_id=case.pk, upload=Upload(name, [data]), actor=who, now=NOW, **more)


@pytest.fixture
def case(people):
    return open_sample(people, shared=True)


class TestTakingIn:
    def test_it_is_kept_by_its_hash_and_said(self, people, case):
        made = attach(case, people.officer)
        assert made.sha256 == hashlib.sha256(PDF).hexdigest() and len(made.sm3) == 64
        assert shelf.path_of(made.sha256).read_bytes() == PDF
        assert (made.type, made.scanned, made.side) == (sniffing.PDF, "not_scanned", "office")
        assert Event.objects.filter(kind="attachment.added").get().data["sha256"] == made.sha256

    def test_the_same_bytes_twice_are_one_file(self, people, case, files):
        attach(case, people.officer)
        attach(case, people.officer, name="又一份.pdf")
        assert len([path for path in files.rglob("*") if path.is_file()]) == 1

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "没有内容"),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
            (b"\xef\xbb\xbf <!doctype html><script>", "HTML"),
            (b"MZ\x90\x00", "程序"),
            (b"\x7fELF", "程序"),
            (b"Rar!\x1a", "压缩包"),
            (b"\xd0\xcf\x11\xe0 old", "旧版"),
            (b"=cmd|' /C calc'!A0", "不能识别"),
            (b"PK\x03\x04 broken", "损坏"),
            (packed("a.txt"), "压缩包"),
            (packed("word/document.xml", "word/vbaProject.bin"), "宏"),
            (packed("word/document.xml", "../../etc/passwd"), "路径"),
            (packed("xl/workbook.xml", "x/run.exe"), "程序"),
            (packed("xl/workbook.xml", text=b"0" * (301 * sniffing.MIB)), "展开后过大"),
            (b"\xff\xd8\xff torn", "图片损坏"),
        ],
    )
    def test_what_is_unfit_is_refused_and_nothing_stays(self, people, case, files, data, reason):
        with pytest.raises(Problem, match=reason):
            attach(case, people.officer, data)
        assert not Attachment.objects.exists()
        assert [path for path in files.rglob("*") if path.is_file()] == []

    def test_a_large_one_is_told_its_limit(self, people, case):
        with pytest.raises(Problem, match="最大 20 MB，这个文件有 21 MB"):
            attach(case, people.officer, jpeg() + b"\x00" * (20 * sniffing.MIB))

    def test_a_picture_of_too_many_pixels_is_refused(self, people, case):
        kept = io.BytesIO()
        Image.new("1", (8000, 8000)).save(kept, "PNG")
        with pytest.raises(Problem, match="万像素"):
            attach(case, people.officer, kept.getvalue())

    @pytest.mark.parametrize(
        ("scanner", "said"), [("/bin/true", None), ("/bin/false", "病毒"), ("/no/such/scanner", "没有回应")]
    )
    def test_the_scanner_is_asked(self, people, case, settings, scanner, said):
        settings.SCANNER = scanner
        if said is None:
            assert attach(case, people.officer).scanned == "clean"
            return
        with pytest.raises(Problem, match=said):
            attach(case, people.officer)
        assert not Attachment.objects.exists()

    def test_it_hands_in_a_paper_of_the_checklist(self, people, case):
        with pytest.raises(Problem, match="材料清单上没有"):
            attach(case, people.company, material="nonsense")
        assert not Attachment.objects.exists()


@given(st.text(max_size=300))
def test_names_are_plain_whatever_was_sent(name):
    made = sniffing.plain_name(name, sniffing.PDF)
    assert 5 <= len(made) <= 100 and made.endswith(".pdf")
    assert not set(made) & set('/\\<>:"|?*\x00\n\r\u202e') and not made.startswith(".")


class TestWhoSeesWhat:
    def test_a_side_sees_its_own_and_what_is_shared(self, people, case):
        mine, theirs = attach(case, people.company), attach(case, people.officer)
        shared = attach(case, people.officer, shared=True)
        seen = set(attaching.visible_files(case, people.company).values_list("pk", flat=True))
        assert seen == {mine.pk, shared.pk}
        assert attaching.visible_files(case, people.officer).count() == 3
        client = signed_in(people.company.user)
        with clock.frozen(NOW):
            assert client.get(f"/cases/{case.pk}/attachments/{theirs.pk}/").status_code == 404
            assert client.get(f"/cases/{case.pk}/attachments/{mine.pk}/").status_code == 200

    def test_strangers_see_and_do_nothing(self, people, case):
        made = attach(case, people.officer, shared=True)
        client = signed_in(people.stranger.user)
        with clock.frozen(NOW):
            for path in ("new/", f"{made.pk}/", f"{made.pk}/withdraw/"):
                assert client.get(f"/cases/{case.pk}/attachments/{path}").status_code == 404
        with pytest.raises(Problem):
            attach(case, people.stranger)

    def test_a_picture_is_shown_without_what_its_camera_wrote(self, people, case):
        made = attach(case, people.company, jpeg(), name="现场.jpg", shared=True)
        client = signed_in(people.company.user)
        with clock.frozen(NOW):
            answer = client.get(f"/cases/{case.pk}/attachments/{made.pk}/")
            bare = b"".join(answer.streaming_content)
            refused = client.get(f"/cases/{case.pk}/attachments/{made.pk}/?original=1")
            whole = signed_in(people.officer.user).get(f"/cases/{case.pk}/attachments/{made.pk}/?original=1")
        assert b"CAMERA-OF-LI" not in bare and not dict(Image.open(io.BytesIO(bare)).getexif())
        assert refused.status_code == 403
        assert b"".join(whole.streaming_content) == jpeg()
        assert Event.objects.filter(kind="attachment.viewed").count() == 1

    def test_bytes_that_changed_on_disk_are_not_shown(self, people, case):
        made = attach(case, people.officer)
        shelf.path_of(made.sha256).write_bytes(b"%PDF-forged")
        with clock.frozen(NOW):
            answer = signed_in(people.officer.user).get(f"/cases/{case.pk}/attachments/{made.pk}/")
        assert answer.status_code == 410 and "哈希不符" in answer.content.decode()


class TestTakingBack:
    def test_with_a_ground_it_is_shown_no_more_and_its_row_stays(self, people, case):
        made = attach(case, people.company)
        client = signed_in(people.company.user)
        path = f"/cases/{case.pk}/attachments/{made.pk}/withdraw/"
        with clock.frozen(NOW):
            assert client.post(path, {"ground": " "}).status_code == 422
            assert client.post(path, {"ground": "传错了"}).status_code == 302
            assert client.get(f"/cases/{case.pk}/attachments/{made.pk}/").status_code == 410
            assert "传错了" in client.get(f"/cases/{case.pk}/").content.decode()
        assert Attachment.objects.get().sha256 == made.sha256

    def test_nobody_takes_back_what_another_side_brought(self, people, case):
        made = attach(case, people.officer, shared=True)
        with pytest.raises(Problem) as caught:
            attaching.withdraw_file(
                case_id=case.pk, attachment_id=made.pk, ground="不要", actor=people.company, now=NOW
            )
        assert caught.value.code == "cases.not_yours"


class TestPages:
    def test_a_file_is_sent_by_the_form_and_stands_on_the_case(self, people, case):
        client = signed_in(people.company.user)
        file = SimpleUploadedFile("../../<b>整改说明\u202e.pdf", PDF)
        with clock.frozen(NOW):
            answer = client.post(f"/cases/{case.pk}/attachments/new/", {"file": file, "material": ""})
            page = client.get(f"/cases/{case.pk}/").content.decode()
        assert answer.status_code == 302
        assert "b整改说明.pdf" in page and "未扫描" in page

    def test_the_wrong_type_is_told_on_the_form(self, people, case):
        client = signed_in(people.company.user)
        with clock.frozen(NOW):
            answer = client.post(
                f"/cases/{case.pk}/attachments/new/",
                {"file": SimpleUploadedFile("a.pdf", b"<html>"), "material": ""},
            )
        assert answer.status_code in (400, 422) and "不接收" in answer.content.decode()

    def test_hundreds_of_megabytes_are_refused_before_they_are_read(self, people, case, files):
        client = signed_in(people.company.user)
        with clock.frozen(NOW):
            answer = client.generic(
                "POST",
                f"/cases/{case.pk}/attachments/new/",
                b"",
                content_type="multipart/form-data; boundary=x",
                CONTENT_LENGTH=str(500 * sniffing.MIB),  # so large that nobody reads it
            )
        assert answer.status_code == 413 and "一次最多上传" in answer.content.decode()
        assert not files.exists() or not [path for path in files.rglob("*") if path.is_file()]

    def test_it_works_without_holding_the_file_in_memory(self, people, case):
        pieces = (b"%PDF-" if at == 0 else b"0" * sniffing.MIB for at in range(30))
        assert sys.getsizeof(pieces) < 1000
        made = attaching.attach_file(
            case_id=case.pk, upload=Upload("大.pdf", pieces), actor=people.officer, now=NOW
        )
        assert made.size == 29 * sniffing.MIB + 5
