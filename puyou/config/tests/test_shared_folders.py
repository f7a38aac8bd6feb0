"""Folders below /tmp and /var/tmp are used only when nobody else made them."""

from pathlib import Path

import pytest

from puyou.config import embedded


def test_a_folder_that_is_not_there_yet_may_be_made(tmp_path: Path) -> None:
    assert embedded._trusted(tmp_path / "new") == tmp_path / "new"


def test_a_folder_of_ours_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir(mode=0o700)
    assert embedded._trusted(tmp_path / "ours") == tmp_path / "ours"


@pytest.mark.parametrize("kind", ["link", "open", "file"])
def test_what_somebody_else_may_have_put_there_is_refused(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "theirs"
    if kind == "link":
        folder.symlink_to(tmp_path)
    elif kind == "file":
        folder.write_text("")
    else:
        folder.mkdir()
        folder.chmod(0o777)
    with pytest.raises(RuntimeError, match="somebody else"):
        embedded._trusted(folder)


def test_a_folder_of_another_owner_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "theirs").mkdir(mode=0o700)
    monkeypatch.setattr("os.geteuid", lambda: 54321)
    with pytest.raises(RuntimeError, match="somebody else"):
        embedded._trusted(tmp_path / "theirs")
