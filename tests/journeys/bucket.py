"""A bucket for tests: just enough of S3 for whole objects, in memory, and it breaks down on demand."""

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlparse
from xml.sax.saxutils import escape, unescape

NAME = "puyou-tests"


@dataclass
class Bucket:
    """The objects by name, how often each was put, and after how many puts the line breaks for good."""

    objects: dict[str, bytes] = field(default_factory=dict)
    puts: dict[str, int] = field(default_factory=dict)
    breaks_after: int | None = None
    port: int = 0

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "tests",
            "AWS_SECRET_ACCESS_KEY": "tests-secret",
            "AWS_REGION": "cn-test-1",
        }

    def broken(self) -> bool:
        """Whether it answers no more: so many files have come, however many parts the base needed before."""
        came = sum(count for name, count in self.puts.items() if "/files/" in name)
        return self.breaks_after is not None and came >= self.breaks_after


@contextmanager
def bucket() -> Iterator[Bucket]:
    """A bucket that answers while the test runs."""
    kept = Bucket()

    class Handler(_Handler):
        bucket = kept

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bucket: Bucket

    def log_message(self, *words: object) -> None:
        """Say nothing."""

    def _name(self) -> str:
        return unquote(urlparse(self.path).path).removeprefix(f"/{NAME}").lstrip("/")

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _object(self, data: bytes) -> None:
        stamp = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        self._answer(200, data, ETag=f'"{hashlib.md5(data).hexdigest()}"', Last_Modified=stamp)

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if self.bucket.broken():
            self._answer(403, b"<Error><Code>AccessDenied</Code><Message>broken</Message></Error>")
            return
        name = self._name()
        self.bucket.objects[name] = data
        self.bucket.puts[name] = self.bucket.puts.get(name, 0) + 1
        self._answer(200, ETag=f'"{hashlib.md5(data).hexdigest()}"')

    def do_GET(self) -> None:
        if "list-type" in self.path:
            self._list()
        elif self._name() in self.bucket.objects:
            self._object(self.bucket.objects[self._name()])
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>")

    do_HEAD = do_GET

    def do_DELETE(self) -> None:
        self.bucket.objects.pop(self._name(), None)
        self._answer(204)

    def do_POST(self) -> None:
        """Delete many at once."""
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        names = [unescape(name) for name in re.findall(r"<Key>(.*?)</Key>", asked)]
        for name in names:
            self.bucket.objects.pop(name, None)
        gone = "".join(f"<Deleted><Key>{escape(name)}</Key></Deleted>" for name in names)
        self._answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode(), Content_Type="application/xml")

    def _list(self) -> None:
        prefix = parse_qs(urlparse(self.path).query).get("prefix", [""])[0]
        rows = "".join(
            f"<Contents><Key>{escape(name)}</Key><Size>{len(data)}</Size><ETag>x</ETag>"
            "<LastModified>2026-11-26T00:00:00.000Z</LastModified></Contents>"
            for name, data in sorted(self.bucket.objects.items())
            if name.startswith(prefix)
        )
        body = f"<?xml version='1.0'?><ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"
        self._answer(200, body.encode(), Content_Type="application/xml")
