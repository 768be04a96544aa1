"""From the nodes of a YAML document to plain values: text, numbers, mappings with keys that are text, tuples.

Only what a workload can mean is read: no tags but those of YAML's own kinds of values, nothing inside itself.
"""

from __future__ import annotations

from typing import Any

from groma.words import abridged

MOST_VALUES = 10_000
"""Keys and values of one file, each as often as aliases repeat it."""
MOST_DIGITS = 100
"""Of one number, with sign, point and exponent."""
_YAML = "tag:yaml.org,2002:"
_NUMBERS = ("int", "float", "bool")
_PLAIN = {"sequence": "seq", "mapping": "map"}
_NOTHING = ("", "~", "null", "Null", "NULL")
_HALVES = frozenset(map(chr, range(0xD800, 0xE000)))
_TEXTS = ("str", "timestamp", "value", "merge")
"""What is text here: dates are left to the model, `=` and `<<` as values have no meaning of their own."""


class BadNode(Exception):
    """What cannot be read: line (from 1), what is wrong, what to do, and the field where it is known."""

    def __init__(self, line: int, what: str, hint: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(what)
        self.line, self.what, self.hint, self.path = line, what, hint, path


class PlainValues:
    """Makes plain values of nodes.

    Args:
        reader: ruamel's, which knows what a number of this document looks like.
        as_text: whether numbers stay as they are written.

    Attributes:
        lines: the line, from 1, of every key and entry that was read.
    """

    def __init__(self, reader: Any, *, as_text: bool) -> None:
        self.lines: dict[tuple[str | int, ...], int] = {}
        self._reader, self._as_text = reader, as_text
        self._left, self._around = MOST_VALUES, set[int]()

    def of(self, node: Any, path: tuple[str | int, ...] = ()) -> Any:
        """The value of a node, which stands at a path. Raises BadNode."""
        self._left -= 1
        if self._left < 0:
            raise BadNode(
                _line(node), f"repeats more than {MOST_VALUES:,} values", "write fewer aliases (*)", path
            )
        if id(node) in self._around:
            raise BadNode(_line(node), "holds itself by an alias (*)", "write out what is meant", path)
        if node.id == "scalar":
            return self._scalar(node, path)
        if _kind(node) != _PLAIN[node.id]:
            raise _tagged(node, path)
        self._around.add(id(node))
        value = self._list(node, path) if node.id == "sequence" else self._mapping(node, path)
        self._around.discard(id(node))
        return value

    def _list(self, node: Any, path: tuple[str | int, ...]) -> tuple[Any, ...]:
        for number, entry in enumerate(node.value):
            self.lines[(*path, number)] = _line(entry)
        return tuple(self.of(entry, (*path, number)) for number, entry in enumerate(node.value))

    def _mapping(self, node: Any, path: tuple[str | int, ...]) -> dict[str, Any]:
        """The keys that are stated, over those that are merged into them by `<<`."""
        merged: dict[str, Any] = {}
        for key, value in node.value:
            if _kind(key) == "merge":
                merged = self._merged(value, path) | merged
        own: dict[str, Any] = {}
        for key, value in node.value:
            if _kind(key) == "merge":
                continue
            name = _key(key)
            if name in own:
                first = self.lines[(*path, name)]
                what = f"{abridged(name)} stands in line {first}, too"
                raise BadNode(_line(key), what, "leave one out", (*path, name))
            self.lines[(*path, name)] = _line(key)
            own[name] = self.of(value, (*path, name))
        return merged | own

    def _merged(self, node: Any, path: tuple[str | int, ...]) -> dict[str, Any]:
        """What `<<` brings: a mapping, or several of which the first goes before the others."""
        several = node.value if node.id == "sequence" else [node]
        found: dict[str, Any] = {}
        for one in several:
            if one.id != "mapping":
                raise BadNode(
                    _line(node), "`<<` takes in nothing but mappings", "name one by an alias (*)", path
                )
            found = self.of(one, path) | found
        return found

    def _scalar(self, node: Any, path: tuple[str | int, ...]) -> Any:
        kind, text = _kind(node), node.value
        if kind in _TEXTS or (self._as_text and kind in _NUMBERS):
            return _whole(text)
        if kind == "null" and text in _NOTHING:
            return None
        if kind not in _NUMBERS:
            raise _tagged(node, path)
        if len(text) > MOST_DIGITS:
            what = f"has {len(text):,} digits"
            raise BadNode(_line(node), what, f"write a number of {MOST_DIGITS} at most", path)
        try:
            return getattr(self._reader.constructor, f"construct_yaml_{kind}")(node)
        except (ValueError, KeyError, IndexError, OverflowError, AttributeError):
            what = f"{abridged(text)} is no {kind}"
            raise BadNode(_line(node), what, "write it without the tag (!!)", path) from None


def _kind(node: Any) -> str:
    """`int`, `map` or whatever a node is; a tag of somebody else's as it stands."""
    return str(node.tag).removeprefix(_YAML)


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


def _tagged(node: Any, path: tuple[str | int, ...]) -> BadNode:
    """What is wrong with a value that bears a tag which no workload can mean."""
    return BadNode(_line(node), f"the tag {abridged(_kind(node))} means nothing here", "leave it out", path)


def _key(node: Any) -> str:
    """A key as it is written. Raises BadNode when it is a list or a mapping."""
    if node.id != "scalar":
        what = "a list" if node.id == "sequence" else "a mapping"
        raise BadNode(_line(node), f"{what} stands as a key", "write a word before the colon")
    return _whole(str(node.value))


def _whole(text: str) -> str:
    """A text in which JSON's escapes for one letter in two halves are that letter."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _HALVES & {*text} else text
