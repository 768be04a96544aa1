"""YAML with the line of every key, so that a mistake can be named by its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from groma.errors import WorkloadError

Path = tuple[str | int, ...]
"""A field of the file: `("users", "total")`, `("regions", 1)`."""
Lines = Mapping[Path, int]
"""The line, from 1, of every field that the file states."""


TEXTS = ("int", "float", "bool")
"""What a file that is all text leaves as it is written."""


def yaml_reader(*, as_text: bool = False) -> Any:
    """A YAML 1.2 reader that keeps the line of every key and leaves dates to the model.

    With `as_text` numbers stay as they are written too: `0x10` is no 16 there.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import RoundTripConstructor

    class Constructor(RoundTripConstructor):  # type: ignore[misc, unused-ignore]
        pass

    for kind in ("timestamp", *(TEXTS if as_text else ())):
        Constructor.add_constructor(
            f"tag:yaml.org,2002:{kind}", lambda constructor, node: constructor.construct_scalar(node)
        )
    reader = YAML(typ="rt")
    reader.Constructor = Constructor
    return reader


def parse_yaml(
    text: str, source: str, *, as_text: bool = False, hint: str = "see: groma init"
) -> tuple[dict[str, Any], Lines]:
    """What a file states, in plain values, and where.

    Args:
        text: of the file.
        source: its name in error messages.
        as_text: whether numbers stay as they are written.
        hint: where one sees how such a file looks.

    Raises:
        WorkloadError: it is not YAML, or no mapping.
    """
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        tree = yaml_reader(as_text=as_text).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{source}:{mark.line + 1}" if mark else source
        raise WorkloadError(
            f"is not valid YAML: {error.problem or error.context}", where=where, hint="check the indentation"
        ) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise WorkloadError(f"is not valid YAML: {error}", where=source) from None
    if not isinstance(tree, dict):
        raise WorkloadError("must be a list of `key: value` lines", where=source, hint=hint)
    lines = dict(_walk(tree, ()))
    return plain(tree), lines


def _walk(node: Any, path: Path) -> Iterator[tuple[Path, int]]:
    """The line (from 1) of every key and list entry below a node of ruamel's tree."""
    keys = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        position = (node.lc.data or {}).get(key)
        if position is not None:
            yield (*path, key), position[0] + 1
        yield from _walk(node[key], (*path, key))


def plain(node: Any) -> Any:
    """A node of ruamel's tree in plain values; a list becomes a tuple."""
    if isinstance(node, dict):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return tuple(plain(value) for value in node)
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, int):
        return int(node)
    return float(node) if isinstance(node, float) else node


def place(source: str, lines: Lines, path: Path) -> str:
    """`file:line: field`, with the line of the nearest enclosing key that the file has."""
    known = next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), None)
    name = ".".join(str(part) for part in path)
    return f"{source}{f':{known}' if known else ''}{f': {name}' if name else ''}"
