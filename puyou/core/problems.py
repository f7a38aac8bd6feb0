"""What may go wrong, as a catalogue with stable codes."""

from dataclasses import dataclass
from typing import Any

_catalogue: dict[str, "ProblemKind"] = {}


@dataclass(frozen=True)
class ProblemKind:
    """One thing that may go wrong: ``code`` is ``room.reason``; ``sentence`` is Chinese with {placeholders}."""

    code: str
    sentence: str
    status: int = 422

    def __call__(self, **details: Any) -> "Problem":
        """An exception to raise, its sentence filled with ``details``."""
        return Problem(self, details)


class Problem(Exception):
    """Something a person must hear of: a code, a Chinese sentence, details and an HTTP status."""

    def __init__(self, kind: ProblemKind, details: dict[str, Any]) -> None:
        self.kind = kind
        self.details = details
        super().__init__(self.message)

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def status(self) -> int:
        return self.kind.status

    @property
    def message(self) -> str:
        return self.kind.sentence.format(**self.details)


def declare(code: str, sentence: str, status: int = 422) -> ProblemKind:
    """Enter a problem in the catalogue; a code may be declared once only."""
    if code in _catalogue:
        raise ValueError(f"problem {code} is declared twice")
    kind = ProblemKind(code, sentence, status)
    _catalogue[code] = kind
    return kind


def catalogue() -> dict[str, ProblemKind]:
    """Every declared problem by its code."""
    return dict(_catalogue)
