import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from puyou.config import secret

SCRIPT = """
from puyou.config import embedded
first, second = embedded.ensure(), embedded.ensure()
short = len(str(embedded.socket_folder())) < 90
print(first, second, embedded.running(), short, embedded.stop(), embedded.running())
print(embedded.cluster())
"""


def _run(home: Path) -> list[str]:
    environment = os.environ | {"PUYOU_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


def test_the_server_is_made_started_once_and_stopped(folder):
    assert _run(folder / "home")[0] == "True False True True True False"


def test_a_very_long_home_still_gets_a_short_socket(folder):
    assert _run(folder / ("long" * 30))[0] == "True False True True True False"


def test_a_home_that_only_its_owner_can_reach_works(folder):
    home = folder / "private"
    home.mkdir(mode=0o700)
    lines = _run(home)
    assert lines[0] == "True False True True True False"
    if os.geteuid() == 0:
        assert not lines[1].startswith(str(home))


def test_the_secret_is_made_once_and_kept_private(folder):
    made = secret.read_or_make(folder / "home")
    assert secret.read_or_make(folder / "home") == made
    assert len(made) > 50
    assert (folder / "home" / "secret").stat().st_mode & 0o777 == 0o600
