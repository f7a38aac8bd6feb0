"""The site as an operator runs it: PostgreSQL and nginx of Debian's packages, units and examples as they are kept."""

import os
import shlex
import shutil
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.browser.conftest import free_port
from tests.journeys.homes import SETUP

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PASSWORD = "only-for-this-test"
TRUST = ssl.create_default_context()


def servers() -> Path:
    """Where Debian keeps PostgreSQL's programs; FileNotFoundError says what to install."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not found or not shutil.which("nginx"):
        raise FileNotFoundError("apt-get install --no-install-recommends postgresql nginx-light openssl")
    return found[-1].parent


def unit(name: str) -> dict[str, str]:
    """The lines of a unit's [Service] part by name; the last of each."""
    lines = (DEPLOY / "systemd" / f"{name}.service").read_text().split("[Service]")[1].split("[Install]")[0]
    return dict(line.split("=", 1) for line in lines.splitlines() if "=" in line and not line.startswith("#"))


class Deployment:
    """Addresses, processes and surroundings of one deployment in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database, self.door, self.plain = (free_port() for _ in range(3))
        self.web: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"https://localhost:{self.door}"

    def surroundings(self) -> dict[str, str]:
        """The example's variables, filled in for here."""
        said = dict(
            line.split("=", 1)
            for line in (DEPLOY / "puyou.env.example").read_text().splitlines()
            if "=" in line and not line.startswith("#")
        )
        said |= {
            "PUYOU_HOME": str(self.folder / "home"),
            "DATABASE_URL": f"postgresql://puyou:{PASSWORD}@127.0.0.1:{self.database}/puyou",
            "PUYOU_SECRET": "Z6k3-a-secret-that-is-long-enough-for-a-test-of-deploying",
            "PUYOU_METRICS_TOKEN": "a-token-of-letters-enough",
            "PUYOU_HOSTS": "localhost",
            "PUYOU_ORIGINS": self.address,
            "PYTHONPATH": str(ROOT),
        }
        return os.environ | said

    def words(self, command: str) -> list[str]:
        """A command of a unit, with the programs and folders of here."""
        bin_folder = Path(sys.executable).parent
        text = command.replace("/opt/puyou/.venv/bin/puyou", f"{sys.executable} -m puyou.config.cli")
        text = text.replace("/opt/puyou/.venv/bin", str(bin_folder)).replace("/run/puyou", str(self.folder))
        # nginx's group is none of ours here
        return shlex.split(text.replace("--uds-permissions 660", "--uds-permissions 666"))

    def run(self, *words: str, said: str = "") -> str:
        """A command or program with these surroundings; AssertionError tells what it said when it fails."""
        done = subprocess.run(
            words, env=self.surroundings(), cwd=ROOT, input=said, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{words}\n{done.stdout[-1500:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def ask(self, path: str, **headers: str) -> Any:
        """An answer through nginx, whose certificate is believed here."""
        TRUST.load_verify_locations(self.folder / "tls" / "fullchain.pem")
        request = urllib.request.Request(self.address + path, headers=headers)
        return urllib.request.urlopen(request, context=TRUST, timeout=20)

    def reload(self) -> None:
        """What `systemctl reload puyou-web` does."""
        assert self.web is not None and unit("puyou-web")["ExecReload"] == "/bin/kill -HUP $MAINPID"
        self.web.send_signal(signal.SIGHUP)


@contextmanager
def _postgresql(made: Deployment) -> Iterator[None]:
    programs, cluster = servers(), made.folder / "cluster"
    who: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    cluster.mkdir()
    (made.folder / "password").write_text(PASSWORD)
    if who:
        shutil.chown(cluster, "postgres", "postgres")
        shutil.chown(made.folder / "password", "postgres")
    initdb = [programs / "initdb", "-D", cluster, "-U", "puyou", "-A", "scram-sha-256"]
    initdb += ["--pwfile", made.folder / "password", "-E", "UTF8", "--no-sync"]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd="/", **who)
    options = f"-p {made.database} -k {cluster} -c listen_addresses=127.0.0.1"
    start = [programs / "pg_ctl", "-D", cluster, "-w", "-l", cluster / "log", "-o", options, "start"]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL, cwd="/", **who)
    try:
        yield
    finally:
        stop = [programs / "pg_ctl", "-D", cluster, "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, stdout=subprocess.DEVNULL, cwd="/", **who)


@contextmanager
def _running(made: Deployment, name: str) -> Iterator["subprocess.Popen[bytes]"]:
    with (made.folder / f"{name}.log").open("wb") as log:
        words = made.words(unit(name)["ExecStart"])
        process = subprocess.Popen(words, env=made.surroundings(), cwd=ROOT, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def _nginx(made: Deployment) -> Iterator[None]:
    tls, site = made.folder / "tls", made.folder / "site.conf"
    tls.mkdir()
    certificate = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    certificate += ["-addext", "subjectAltName=DNS:localhost", "-keyout", tls / "privkey.pem"]
    subprocess.run([*certificate, "-out", tls / "fullchain.pem"], check=True, stderr=subprocess.DEVNULL)
    text = (DEPLOY / "nginx" / "puyou.conf").read_text()
    for kept, here in {
        "/etc/puyou/tls": str(tls),
        "puyou.example.org": "localhost",
        "/run/puyou": str(made.folder),
        "listen 80": f"listen {made.plain}",
        "listen [::]:80": f"listen [::]:{made.plain}",
        "listen 443": f"listen {made.door}",
        "listen [::]:443": f"listen [::]:{made.door}",
    }.items():
        assert kept in text
        text = text.replace(kept, here)
    site.write_text(text)
    folder = made.folder / "nginx"
    folder.mkdir()
    main = made.folder / "nginx.conf"
    paths = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main.write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {paths} include {site}; }}\n"
    )
    subprocess.run(["nginx", "-t", "-q", "-c", main], check=True)
    process = subprocess.Popen(["nginx", "-c", main, "-g", "daemon off;"])
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def _answers(made: Deployment) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if made.ask("/readyz").status == 200:
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError((made.folder / "puyou-web.log").read_text()[-3000:])


@contextmanager
def deployed(folder: Path) -> Iterator[Deployment]:
    """Everything running, with one province loaded; all of it ended afterwards."""
    made = Deployment(folder)
    folder.chmod(0o755)
    (folder / "home").mkdir()
    puyou = [sys.executable, "-m", "puyou.config.cli"]
    with ExitStack() as running:
        running.enter_context(_postgresql(made))
        made.run(str(servers() / "createdb"), "--maintenance-db", _admin(made), "puyou")
        made.run(*puyou, "migrate", "-v0")
        made.run(sys.executable, "-c", f"import django; django.setup()\n{SETUP}")
        made.run(*made.words(unit("puyou-web")["ExecStartPre"]))
        made.web = running.enter_context(_running(made, "puyou-web"))
        running.enter_context(_running(made, "puyou-worker"))
        running.enter_context(_nginx(made))
        _answers(made)
        yield made


def _admin(made: Deployment) -> str:
    return f"postgresql://puyou:{PASSWORD}@127.0.0.1:{made.database}/postgres"
