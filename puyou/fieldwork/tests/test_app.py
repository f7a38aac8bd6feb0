"""The field app as the product serves it: always afresh, packed, and allowed no more than it needs."""

import gzip

import pytest
from django.test import Client

from puyou.fieldwork.views import app


@pytest.fixture
def built(tmp_path, monkeypatch):
    (tmp_path / "index.html").write_text("<!DOCTYPE html><title>通邮</title>")
    (tmp_path / "sw.js").write_text("self.x = 1")
    (tmp_path / "sw.js.gz").write_bytes(gzip.compress(b"self.x = 1"))
    (tmp_path / "manifest.webmanifest").write_text('{"name": "通邮"}')
    monkeypatch.setattr(app, "BUILD", tmp_path)
    return tmp_path


def test_the_page_may_do_what_the_app_needs_and_nothing_else(built):
    answer = Client().get("/field/")
    assert answer.status_code == 200 and "通邮" in answer.content.decode()
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert "img-src 'self' data: blob:" in policy and "worker-src 'self'" in policy
    assert answer.headers["Permissions-Policy"] == "geolocation=(self), camera=(self), microphone=(self)"


def test_an_unchanged_file_is_not_sent_again_and_a_changed_one_is(built):
    first = Client().get("/field/sw.js")
    assert first.headers["Cache-Control"] == "no-cache"
    again = Client().get("/field/sw.js", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert again.status_code == 304 and again.content == b""
    (built / "sw.js").write_text("self.x = 2")
    later = Client().get("/field/sw.js", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert later.status_code == 200


def test_the_worker_governs_the_app_and_comes_packed_to_whoever_can_unpack(built):
    plain, packed = (
        Client().get("/field/sw.js"),
        Client().get("/field/sw.js", HTTP_ACCEPT_ENCODING="br, gzip"),
    )
    assert plain.headers["Service-Worker-Allowed"] == "/field/"
    assert plain.content == gzip.decompress(packed.content)
    assert packed.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed.headers["Vary"]


def test_the_manifest_has_its_own_type(built):
    answer = Client().get("/field/manifest.webmanifest")
    assert answer.headers["Content-Type"].startswith("application/manifest+json")


def test_without_a_build_the_page_says_so(tmp_path, monkeypatch, db):
    monkeypatch.setattr(app, "BUILD", tmp_path)
    answer = Client().get("/field/")
    assert answer.status_code == 404 and "尚未构建" in answer.content.decode()


def test_the_app_is_only_read(built, db):
    assert Client().post("/field/").status_code == 405
