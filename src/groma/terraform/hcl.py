"""Values as HCL text, laid out as `terraform fmt` would."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from groma.answers import Ref, Template, Value

_ESCAPE = re.compile(r"\\.")
_LACKING = {r"\b": r"\u0008", r"\f": r"\u000c"}
_IDENTIFIER = re.compile(r"^[A-Za-z_][A-Za-z0-9_-]*$")


def expression(value: Value, indent: int = 0) -> str:
    """A value as an HCL expression; lines after the first are indented for `indent` levels of blocks."""
    if isinstance(value, Ref):
        return value.expression
    if isinstance(value, Template):
        path = f'"${{path.module}}/{value.file}"'
        return f"templatefile({path}, {expression(value.variables, indent)})"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int | float):
        return f"{value:.15g}"
    if isinstance(value, Mapping):
        return _mapping(value, indent)
    items = [expression(item, indent + 1) for item in value]
    if not any("\n" in item for item in items):
        return f"[{', '.join(items)}]"
    pad = "  " * (indent + 1)
    return "\n".join(["[", *(f"{pad}{item}," for item in items), "  " * indent + "]"])


def quoted(text: str) -> str:
    r"""A string literal in which nothing is interpolated; of JSON's escapes HCL lacks `\b` and `\f`."""
    literal = _ESCAPE.sub(
        lambda found: _LACKING.get(found[0], found[0]), json.dumps(text, ensure_ascii=False)
    )
    return literal.replace("${", "$${").replace("%{", "%%{")


def attributes(arguments: Mapping[str, Value], indent: int) -> list[str]:
    """Assignments, one a line; the equals signs of neighbouring one-line values stand under each other.

    Values that take several lines are set apart by blank lines, as a person would.
    """
    pad = "  " * indent
    lines: list[str] = []
    group: list[tuple[str, str]] = []

    def flush() -> None:
        width = max((len(name) for name, _ in group), default=0)
        lines.extend(f"{pad}{name.ljust(width)} = {text}" for name, text in group)
        group.clear()

    for name, value in arguments.items():
        text = expression(value, indent)
        if "\n" not in text:
            group.append((_key(name), text))
            continue
        flush()
        if lines and lines[-1]:
            lines.append("")
        lines += [f"{pad}{_key(name)} = {text}", ""]
    flush()
    while lines and not lines[-1]:
        lines.pop()
    return lines


def block(header: str, *groups: Mapping[str, Value]) -> str:
    """A block with its arguments, in groups set apart by a blank line: `module "web" { … }`."""
    body: list[str] = []
    for group in groups:
        body += ["", *attributes(group, 1)] if body else attributes(group, 1)
    return "\n".join([f"{header} {{", *body, "}"]) + "\n"


def _mapping(value: Mapping[str, Value], indent: int) -> str:
    if not value:
        return "{}"
    if len(value) == 1:
        ((name, only),) = value.items()
        text = expression(only, indent)
        if "\n" not in text:
            return f"{{ {_key(name)} = {text} }}"
    return "\n".join(["{", *attributes(value, indent + 1), "  " * indent + "}"])


def _key(name: str) -> str:
    return name if _IDENTIFIER.match(name) else quoted(name)
