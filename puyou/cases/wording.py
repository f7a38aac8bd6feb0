"""Words of a case: what searching looks through, and spans of years."""

import unicodedata
from datetime import date

from puyou.cases.models import Case


def words_of(case: Case) -> str:
    """What the search of cases looks through, as bigrams: number, title, and what people wrote into it."""
    texts = [case.number, case.title, *(value for value in case.fields.values() if isinstance(value, str))]
    return bigrams(" ".join(texts)[:4000])


def bigrams(text: str) -> str:
    """Every two neighbouring letters once, in order of first use: Chinese has no spaces to search by."""
    plain = unicodedata.normalize("NFKC", text).lower()
    found = dict.fromkeys(plain[at : at + 2] for at in range(len(plain) - 1) if plain[at : at + 2].isalnum())
    return " ".join(found)


def snippet(case: Case, text: str, around: int = 24) -> tuple[str, str, str] | None:
    """What people wrote into a case around some words: before, the words, after; None when only its title or number
    has them."""
    wanted = text.strip().lower()
    for written in case.fields.values():
        at = written.lower().find(wanted) if isinstance(written, str) and wanted else -1
        if at >= 0:
            end = at + len(wanted)
            return written[max(0, at - around) : at], written[at:end], written[end : end + around]
    return None


def years_later(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
