"""A part of a file of cases: its keys, with the line of each, so that a mistake is named by its place."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from groma.errors import InputError
from groma.monitoring.cases.notation import NotationError
from groma.words import abridged
from groma.workload.lines import Lines, Path, place

MOST_TOLD = 500
"""Characters of a sentence, whatever of the file it tells."""
GUIDE = "docs/guides/alarms.md shows every key"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """A mapping of the file, or the whole of it.

    Attributes:
        source: the name of the file.
        lines: the line of every key.
        path: which part it is: `("cases", 3)`.
        values: what it states; numbers are texts, as they are written.
    """

    source: str
    lines: Lines
    path: Path
    values: Mapping[str, Any]

    def error(self, what: str, hint: str = GUIDE, *keys: str | int) -> InputError:
        """A mistake in this part, or at one of its keys."""
        what, hint = (abridged(text, MOST_TOLD, quoted=False) for text in (what, hint))
        return InputError(what, where=place(self.source, self.lines, (*self.path, *keys)), hint=hint)

    def allow(self, *keys: str) -> None:
        """Refuse every other key. Raises InputError."""
        for key in self.values:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, n=1)
                guess = f"did you mean {near[0]!r}? " if near else ""
                raise self.error(f"there is no key {key!r}", f"{guess}allowed: {', '.join(keys)}", key)

    def has(self, key: str) -> bool:
        """Whether it states this."""
        return key in self.values

    def text(self, key: str, default: str | None = None) -> str:
        """One line of text; with a default it may be left out. Raises InputError."""
        value = self.values.get(key, default)
        if value is None:
            raise self.error(f"{key!r} is required", GUIDE, key)
        if not isinstance(value, str):
            raise self.error("must be one line of text", GUIDE, key)
        return str(value).strip()

    def read(self, key: str, reader: Callable[[str], T], default: str | None = None) -> T:
        """One line of text, as a reader understands it. Raises InputError."""
        text = self.text(key, default)
        try:
            return reader(text)
        except NotationError as error:
            raise self.error(str(error), error.hint, key) from None
        except ValueError as error:
            raise self.error(str(error), GUIDE, key) from None

    def one_of(self, key: str, allowed: tuple[T, ...], default: str | None = None) -> T:
        """A word of a few. Raises InputError."""
        word = self.text(key, default)
        for each in allowed:
            if each == word:
                return each
        raise self.error(f"{word!r} cannot be chosen", f"one of {', '.join(map(str, allowed))}", key)

    def part(self, key: str) -> Part:
        """The part below a key, which may be left out. Raises InputError."""
        values = self.values.get(key, {})
        if not isinstance(values, Mapping):
            raise self.error("must be a list of `key: value` lines", GUIDE, key)
        return Part(self.source, self.lines, (*self.path, key), values)

    def parts(self, key: str) -> Iterator[Part]:
        """The entries of a list below a key. Raises InputError."""
        entries = self.values.get(key)
        if not isinstance(entries, tuple) or not entries:
            raise self.error(f"{key!r} must be a list with `- ` before each entry", GUIDE, key)
        for number, values in enumerate(entries):
            if not isinstance(values, Mapping):
                raise self.error("must be a list of `key: value` lines", GUIDE, key, number)
            yield Part(self.source, self.lines, (*self.path, key, number), values)
