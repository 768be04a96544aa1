"""YAML with the line of every key, so that a mistake can be named by its place.

What a person writes is small. So a file is read up to limits of its size, depth and number of values, each
counted as often as aliases repeat it, and is refused with the line at which it goes beyond one of them.
"""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from groma.errors import WorkloadError
from groma.words import abridged
from groma.workload.plain_values import MOST_VALUES, BadNode, PlainValues

Path = tuple[str | int, ...]
"""A field of the file: `("users", "total")`, `("regions", 1)`."""
Lines = Mapping[Path, int]
"""The line, from 1, of every field that the file states."""

MOST_BYTES = 1_000_000
"""Of a file that people write. An example has 500; one of fifty classes of requests has 10,000."""
MOST_LEVELS = 16
"""Keys below keys; a workload has three."""


def yaml_reader() -> Any:
    """A YAML 1.2 reader of nodes, which stops where a file is too deep or has too many values."""
    from ruamel.yaml import YAML
    from ruamel.yaml.composer import Composer

    class Bounded(Composer):  # type: ignore[misc, unused-ignore]
        def __init__(self, loader: Any = None) -> None:
            super().__init__(loader=loader)
            self.warn_double_anchors = False
            self.levels = self.values = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            self.levels, self.values = self.levels + 1, self.values + 1
            line = self.parser.peek_event().start_mark.line + 1
            if self.levels > MOST_LEVELS:
                raise BadNode(line, f"is more than {MOST_LEVELS} levels deep", "write fewer keys below keys")
            if self.values > MOST_VALUES:
                raise BadNode(line, f"has more than {MOST_VALUES:,} keys and values", "leave some out")
            node = super().compose_node(parent, index)
            self.levels -= 1
            return node

    reader = YAML(typ="safe", pure=True)
    reader.Composer = Bounded
    return reader


def parse_yaml(
    text: str, source: str, *, as_text: bool = False, hint: str = "see: groma init"
) -> tuple[dict[str, Any], Lines]:
    """What a file states, in plain values, and where.

    Args:
        text: of the file.
        source: its name in error messages.
        as_text: whether numbers stay as they are written: `0x10` is no 16 there.
        hint: where one sees how such a file looks.

    Raises:
        WorkloadError: it is not YAML, no mapping, or larger than what people write.
    """
    if len(text) > MOST_BYTES:
        raise WorkloadError(too_large(), where=source, hint=hint)
    reader = yaml_reader()
    root = _sound(lambda: reader.compose(text), text, source)
    values = PlainValues(reader, as_text=as_text)
    tree = _sound(lambda: values.of(root), text, source) if root is not None else None
    if not isinstance(tree, dict):
        raise WorkloadError("must be a list of `key: value` lines", where=f"{source}:1", hint=hint)
    return tree, values.lines


def too_large() -> str:
    """What is wrong with a file that is not read at all."""
    return f"has more than {MOST_BYTES:,} bytes, and is not read"


def _sound(step: Callable[[], Any], text: str, source: str) -> Any:
    """A step of reading, its errors as sentences with the line. Raises WorkloadError."""
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    try:
        return step()
    except BadNode as error:
        where = (
            place(source, {error.path: error.line}, error.path) if error.path else f"{source}:{error.line}"
        )
        raise WorkloadError(error.what, where=where, hint=error.hint) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{source}:{mark.line + 1}" if mark else source
        what = abridged(error.problem or error.context, 200, quoted=False)
        raise WorkloadError(f"is not valid YAML: {what}", where=where, hint="check the indentation") from None
    except ReaderError as error:
        line = text[: error.position].count("\n") + 1
        character = error.character if isinstance(error.character, int) else ord(error.character)
        what = f"U+{character:04X} may not stand in a file of text"
        raise WorkloadError(
            f"is not valid YAML: {what}", where=f"{source}:{line}", hint="remove it"
        ) from None
    except (YAMLError, ValueError, IndexError, KeyError) as error:
        what = abridged(str(error), 200, quoted=False)
        raise WorkloadError(f"is not valid YAML: {what}", where=f"{source}:1") from None


@lru_cache(maxsize=64)
def folder_of(source: str) -> pathlib.Path:
    """The folder in which a file lies."""
    return pathlib.Path(source).parent


def place(source: str, lines: Lines, path: Path) -> str:
    """`file:line: field`, with the line of the nearest enclosing key that the file has."""
    known = next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), None)
    name = ".".join(abridged(str(part), quoted=False) for part in path)
    return f"{source}{f':{known}' if known else ''}{f': {name}' if name else ''}"
