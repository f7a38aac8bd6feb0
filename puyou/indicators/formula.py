"""Formulas of indicators: a small language of measures and arithmetic, read into plain nodes; nothing is executed.

``share(villages_met, villages_met + villages_missed)`` · ``@mail_items ÷ population`` · ``growth(outlets)`` ·
``ytd(cases_opened)`` · ``area ÷ 100[平方公里]``. A bare name is a measure (with
dots: one of a ledger), ``@`` before it another indicator.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from puyou.indicators.units import Unit

LONGEST, DEEPEST = 600, 20
FUNCTIONS = {"share": 2, "growth": 1, "change": 1, "ytd": 1}
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)(?:\[(?P<unit>[^\]]*)\])?|(?P<name>@?[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)"
    r"|(?P<sign>[-+*/×÷−(),（），]))"
)
_SAME = {"*": "×", "/": "÷", "−": "-", "（": "(", "）": ")", "，": ","}


class FormulaError(ValueError):
    """A formula that cannot be read, with the place where it breaks off; the words are for people."""

    def __init__(self, words: str, at: int = 0) -> None:
        super().__init__(words)
        self.words, self.at = words, at


@dataclass(frozen=True)
class Number:
    """A constant with its unit."""

    value: Decimal
    unit: Unit


@dataclass(frozen=True)
class Name:
    """A measure, or with ``indicator`` another indicator."""

    code: str
    indicator: bool = False


@dataclass(frozen=True)
class Operation:
    """Two sides and a sign: + - × ÷."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Call:
    """``share``, ``growth`` and ``change`` against the same period of the year before, ``ytd`` since 1 January."""

    function: str
    arguments: tuple["Node", ...]


Node = Number | Name | Operation | Call


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    unit: str
    at: int


def parse(text: str) -> Node:
    """The nodes of a formula; FormulaError in Chinese when it is none."""
    if len(text) > LONGEST:
        raise FormulaError(f"算式过长，最多 {LONGEST} 个字符")
    reader = _Reader(list(_tokens(text)), len(text))
    node = reader.sum(0)
    if reader.here is not None:
        raise FormulaError(f"第 {reader.here.at + 1} 个字符起无法识别：“{reader.here.text}”", reader.here.at)
    return node


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormulaError(f"第 {at + 1} 个字符起无法识别：“{text[at : at + 10].strip()}”", at)
        kind = match.lastgroup if match.lastgroup != "unit" else "number"
        said = match[kind or "sign"]
        yield _Token(kind or "sign", _SAME.get(said, said), match["unit"] or "", match.start(kind or "sign"))
        at = match.end()


class _Reader:
    """Reads tokens from left to right; × and ÷ bind before + and −."""

    def __init__(self, tokens: list[_Token], length: int) -> None:
        self.tokens, self.at, self.length = tokens, 0, length

    @property
    def here(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def sum(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise FormulaError("算式嵌套过深")
        node = self.product(depth)
        while sign := self._sign("+", "-"):
            node = Operation(sign, node, self.product(depth))
        return node

    def product(self, depth: int) -> Node:
        node = self.factor(depth)
        while sign := self._sign("×", "÷"):
            node = Operation(sign, node, self.factor(depth))
        return node

    def factor(self, depth: int) -> Node:
        token = self.here
        if token is None:
            raise FormulaError("算式没有写完", self.length)
        self.at += 1
        if token.kind == "number":
            return Number(Decimal(token.text), _unit(token))
        if token.kind == "name":
            return self._named(token, depth)
        if token.text == "(":
            inner = self.sum(depth + 1)
            self._expect(")")
            return inner
        raise FormulaError(f"第 {token.at + 1} 个字符处不应出现“{token.text}”", token.at)

    def _named(self, token: _Token, depth: int) -> Node:
        if token.text in FUNCTIONS:
            return self._call(token, depth)
        return Name(token.text.removeprefix("@"), token.text.startswith("@"))

    def _call(self, token: _Token, depth: int) -> Node:
        self._expect("(")
        arguments = [self.sum(depth + 1)]
        while self._sign(","):
            arguments.append(self.sum(depth + 1))
        self._expect(")")
        wanted = FUNCTIONS[token.text]
        if len(arguments) != wanted:
            raise FormulaError(f"{token.text} 需要 {wanted} 项，写了 {len(arguments)} 项", token.at)
        return Call(token.text, tuple(arguments))

    def _sign(self, *signs: str) -> str:
        token = self.here
        if token is None or token.kind != "sign" or token.text not in signs:
            return ""
        self.at += 1
        return token.text

    def _expect(self, sign: str) -> None:
        if not self._sign(sign):
            at = self.here.at if self.here else self.length
            raise FormulaError(f"第 {at + 1} 个字符处应为“{sign}”", at)


def _unit(token: _Token) -> Unit:
    try:
        return Unit.parse(token.unit)
    except ValueError as error:
        raise FormulaError(str(error), token.at) from None


def names(node: Node) -> Iterator[Name]:
    """Every name in a formula, in the order of reading, with repeats."""
    if isinstance(node, Name):
        yield node
    elif isinstance(node, Operation):
        yield from names(node.left)
        yield from names(node.right)
    elif isinstance(node, Call):
        for argument in node.arguments:
            yield from names(argument)


def written(node: Node, called: dict[str, str] | None = None) -> str:
    """A formula for people, names replaced by what they are ``called``; brackets only where they matter."""
    if isinstance(node, Number):
        return f"{node.value}{node.unit.text}"
    if isinstance(node, Name):
        return (called or {}).get(node.code, node.code)
    if isinstance(node, Operation):
        sign = "−" if node.sign == "-" else node.sign
        return f"{_side(node, node.left, called)} {sign} {_side(node, node.right, called)}"
    said = [written(argument, called) for argument in node.arguments]
    if node.function == "share":
        part, whole = (
            f"（{words}）" if isinstance(each, Operation) else words
            for words, each in zip(said, node.arguments, strict=True)
        )
        return f"{part} ÷ {whole} × 100%"
    return {
        "growth": f"{said[0]} 比上年同期增长（%）",
        "change": f"{said[0]} 比上年同期增减",
        "ytd": f"年初至期末 {said[0]}",
    }[node.function]


def _side(parent: Operation, node: Node, called: dict[str, str] | None) -> str:
    text = written(node, called)
    loose = isinstance(node, Operation) and (
        (parent.sign in "×÷" and node.sign in "+-") or (parent.sign in "-÷" and node is parent.right)
    )
    return f"（{text}）" if loose or (isinstance(node, Call) and node.function == "share") else text
