"""The page of threats names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.findall(r"`([\w./]+)::(\w+)`", (ROOT / "docs" / "threats.md").read_text())


def test_every_threat_is_answered_by_a_test_that_exists() -> None:
    assert len(NAMED) > 40

    def stands(path: str, name: str) -> bool:
        pattern = rf"^{name}:" if path == "Makefile" else rf"^\s*def {name}\("
        return bool(re.search(pattern, (ROOT / path).read_text(), re.MULTILINE))

    assert [f"{path}::{name}" for path, name in NAMED if not stands(path, name)] == []
