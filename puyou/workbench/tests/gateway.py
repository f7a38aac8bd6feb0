"""A machine outside, for tests: it takes messages, fails, hesitates, drips, answers rubbish, or sends one elsewhere."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

OK = b'{"errcode": 0, "code": 0}'


class Gateway:
    """``mood`` says how it answers; ``asked`` holds what it was asked: path, headers, body."""

    def __init__(self, port: int) -> None:
        self.origin, self.mood, self.asked = f"http://127.0.0.1:{port}", "takes", []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.gateway.asked.append((self.path, dict(self.headers), json.loads(body)))
        getattr(self, self.server.gateway.mood)()

    def takes(self):
        self.say(200, OK)

    def breaks(self):
        self.say(503, b"busy")

    def forbids(self):
        self.say(403, b"no")

    def refuses(self):
        self.say(200, '{"errcode": 45009, "code": 9, "errmsg": "频率超限"}'.encode())

    def rubbish(self):
        self.say(200, b"<html>\xff\xfe")

    def deep(self):
        self.say(200, b"[" * 40_000)

    def list(self):
        self.say(200, b"[0]")

    def huge(self):
        self.say(200, b'{"code": 0, "pad": "' + b"x" * 300_000 + b'"}')

    def elsewhere(self):
        self.send_response(302)
        self.send_header("Location", self.server.gateway.origin + "/other")
        self.end_headers()

    def hangs_up(self):
        self.connection.close()

    def hesitates(self):
        time.sleep(1.5)
        self.say(200, OK)

    def drips(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(30):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.1)

    def say(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self):
        try:
            super().handle()
        except (OSError, ValueError):
            pass  # the other side has gone

    def log_message(self, *_):
        pass


@contextmanager
def running():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    gateway = server.gateway = Gateway(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
