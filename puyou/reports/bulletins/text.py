"""Sentences that hold their figures as placeholders, so that no number is ever typed. Pure.

``{code}`` is an indicator of the paper's place and period. Behind it ``#520522`` names another place, ``@previous`` and
``@last_year`` another period, ``@change`` and ``@change_year`` the difference in words. ``{place}``,
``{place#520522}``, ``{period}`` and ``{company}`` are names.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_SECTIONS, MOST_SENTENCES, TITLE, SENTENCE = 20, 60, 40, 500
LABELS = ("place", "period", "company")
WHENS = ("", "previous", "last_year", "change", "change_year")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
GRAMMAR = re.compile(r"([a-z][a-z0-9_]*)(?:#(\d{2,12}))?(?:@([a-z_]+))?", re.ASCII)
NAMED = re.compile(
    r"\d{4}年|\d{1,2}月|\d{1,2}日|\d{1,2}[:：]\d{2}|第\d+(?:条|款|项)|〔\d{4}〕\d+号", re.ASCII
)


class TextError(ValueError):
    """``where`` and ``reason`` in Chinese."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}：{reason}")
        self.where, self.reason = where, reason


@dataclass(frozen=True)
class Link:
    """A placeholder: which figure or name, of which other place and period."""

    code: str
    place: str = ""
    when: str = ""

    @property
    def text(self) -> str:
        """As it stands in a sentence."""
        return (
            "{"
            + self.code
            + (f"#{self.place}" if self.place else "")
            + (f"@{self.when}" if self.when else "")
            + "}"
        )

    @property
    def is_label(self) -> bool:
        """Whether it is a name and no figure."""
        return self.code in LABELS


@dataclass(frozen=True)
class Section:
    """A heading and its sentences, one paragraph each."""

    title: str
    sentences: tuple[str, ...] = ()


def read(said: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    """Sections from what was kept."""
    return tuple(Section(each["title"], tuple(each["sentences"])) for each in said)


def kept(sections: Sequence[Section]) -> list[dict[str, Any]]:
    """Sections as they are kept."""
    return [{"title": each.title, "sentences": list(each.sentences)} for each in sections]


def posted(said: Mapping[str, str]) -> tuple[Section, ...]:
    """Sections from an editor's fields: a heading and a text of one sentence a line."""
    found = []
    for at in range(MOST_SECTIONS + 1):
        if f"s{at}-title" not in said:
            break
        lines = (line.strip() for line in said.get(f"s{at}-text", "").splitlines())
        found.append(Section(said[f"s{at}-title"].strip(), tuple(line for line in lines if line)))
    return tuple(found)


def pieces(sentence: str) -> Iterator[str | Link | None]:
    """Words and links in turn; None for a placeholder that says nothing."""
    at = 0
    for found in PLACEHOLDER.finditer(sentence):
        if found.start() > at:
            yield sentence[at : found.start()]
        yield _link(found[1])
        at = found.end()
    if at < len(sentence):
        yield sentence[at:]


def _link(text: str) -> Link | None:
    found = GRAMMAR.fullmatch(text.strip())
    if found is None or (found[3] or "") not in WHENS:
        return None
    return Link(found[1], found[2] or "", found[3] or "")


def links(sections: Sequence[Section]) -> Iterator[Link]:
    """Every link, in the order of the text."""
    for section in sections:
        for sentence in section.sentences:
            yield from (each for each in pieces(sentence) if isinstance(each, Link))


def typed_number(words: str) -> str:
    """The first number that a person typed; dates, times, articles and document numbers are none."""
    rest = NAMED.sub("", words)
    found = re.search(r"[\d.,，．%％]*\d[\d.,．]*[%％]?", rest) or next(
        (re.match(".", each) for each in rest if each.isdigit()), None
    )
    return found[0] if found else ""


def examine(sections: Sequence[Section], codes: Collection[str]) -> None:
    """TextError at the first thing that is not right; ``codes``: the figures that there are."""
    if len(sections) > MOST_SECTIONS:
        raise TextError("全文", f"最多 {MOST_SECTIONS} 节")
    for number, section in enumerate(sections, 1):
        where = f"第 {number} 节"
        if not section.title:
            raise TextError(where, "请写标题")
        if len(section.title) > TITLE:
            raise TextError(where, f"标题最多 {TITLE} 字")
        _refuse_numbers(where, section.title)
        if len(section.sentences) > MOST_SENTENCES:
            raise TextError(where, f"一节最多 {MOST_SENTENCES} 段")
        for at, sentence in enumerate(section.sentences, 1):
            _examine_sentence(f"{where}第 {at} 段", sentence, codes)


def _examine_sentence(where: str, sentence: str, codes: Collection[str]) -> None:
    if len(sentence) > SENTENCE:
        raise TextError(where, f"一段最多 {SENTENCE} 字")
    for piece in pieces(sentence):
        if piece is None:
            raise TextError(where, "花括号里应是指标代码，如 {village_delivery_rate} 或 {visits@previous}")
        if isinstance(piece, str):
            _refuse_numbers(where, piece)
        elif not piece.is_label and piece.code not in codes:
            raise TextError(where, f"没有指标“{piece.code[:40]}”")


def _refuse_numbers(where: str, words: str) -> None:
    if "{" in words or "}" in words:
        raise TextError(where, "花括号没有成对")
    if number := typed_number(words):
        raise TextError(where, f"“{number[:20]}”是手写的数字；数字只能引用指标，请写成花括号里的指标代码")
