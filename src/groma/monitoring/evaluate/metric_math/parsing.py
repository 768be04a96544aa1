"""The text of an expression as a tree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z]\w*)|[\"“](?P<text>[^\"”]*)[\"”]"
    r"|(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/^<>(),\[\]]))"
)
BINDING: Mapping[str, int] = {
    **dict.fromkeys(("OR", "||"), 1),
    **dict.fromkeys(("AND", "&&"), 2),
    **dict.fromkeys(("==", "!=", "<=", ">=", "<", ">"), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/"), 5),
    "^": 7,
}
"""How strongly each operator binds; a sign before a term binds between `*` and `^`."""
SIGN_BINDS = 6


class MathError(ValueError):
    """An expression that cannot be read or computed; says where, from the first character as 1."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """Characters in quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """The id of a metric, or a word such as REPEAT."""

    name: str


@dataclass(frozen=True, slots=True)
class Array:
    """Several in brackets."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator between two; a sign before a term is 0 - term."""

    operator: str
    left: Node
    right: Node


Node = Number | Text | Name | Array | Call | Operation
Token = tuple[str, str, int]
"""What it is, its text, and its place from 1."""


@cache
def parsed(expression: str) -> Node:
    """The tree of an expression. Raises MathError."""
    reader = _Reader(expression)
    node = reader.term(0)
    if reader.next[0] != "end":
        raise reader.refused("an operator or the end")
    return node


class _Reader:
    """Reads tokens from left to right, by how strongly their operators bind."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.tokens = iter(_tokens(expression))
        self.next = next(self.tokens)

    def term(self, binding: int) -> Node:
        """A term, and all that follows and binds more strongly."""
        node = self._beginning()
        while (binds := self._operator()) > binding:
            operator = self._take()
            right = self.term(binds - 1 if operator == "^" else binds)
            node = Operation({"AND": "&&", "OR": "||"}.get(operator, operator), node, right)
        return node

    def refused(self, wanted: str) -> MathError:
        """What is wrong at the next token."""
        _, text, place = self.next
        found = f"{text!r}" if text else "the end"
        return MathError(f"{self.expression!r}: at character {place} stands {found} instead of {wanted}")

    def _operator(self) -> int:
        kind, text, _ = self.next
        return BINDING.get(text, 0) if kind in ("sign", "name") else 0

    def _take(self) -> str:
        text = self.next[1]
        self.next = next(self.tokens)
        return text

    def _expect(self, sign: str) -> None:
        if self.next[:2] != ("sign", sign):
            raise self.refused(repr(sign))
        self._take()

    def _beginning(self) -> Node:
        kind, text, _ = self.next
        if kind == "number":
            return Number(float(self._take()))
        if kind == "text":
            return Text(self._take())
        if kind == "name" and text not in BINDING:
            self._take()
            return Call(text, self._several(")")) if self.next[1] == "(" else Name(text)
        if kind == "sign" and text in ("(", "[", "-"):
            return self._with_sign(text)
        raise self.refused("a number, a metric, a function or '('")

    def _with_sign(self, sign: str) -> Node:
        if sign == "[":
            return Array(self._several("]"))
        self._take()
        if sign == "-":
            return Operation("-", Number(0), self.term(SIGN_BINDS))
        node = self.term(0)
        self._expect(")")
        return node

    def _several(self, closing: str) -> tuple[Node, ...]:
        """What stands between brackets, parted by commas."""
        self._take()
        found = []
        while self.next[:2] != ("sign", closing):
            found.append(self.term(0))
            if self.next[:2] != ("sign", closing):
                self._expect(",")
        self._take()
        return tuple(found)


def _tokens(expression: str) -> list[Token]:
    found: list[Token] = []
    place, end = 0, len(expression.rstrip())
    while place < end:
        token = TOKEN.match(expression, place)
        if token is None or token.lastgroup is None:
            start = place + len(expression[place:]) - len(expression[place:].lstrip())
            raise MathError(f"{expression!r}: character {start + 1}, {expression[start]!r}, has no meaning")
        found.append((token.lastgroup, token[token.lastgroup], token.start(token.lastgroup) + 1))
        place = token.end()
    return [*found, ("end", "", end + 1), ("end", "", end + 1)]
