"""Wildcards and policy variables.

Sources, read 2026-11-28: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
and …/reference_policies_variables.html.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

Context = Mapping[str, tuple[str, ...]]
"""Condition key, in lower case → its values in a request."""
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_CHARACTERS = frozenset("*?$")
"""`${*}`, `${?}` and `${$}` are these characters themselves."""
_ARN_PARTS = 6


def filled(
    text: str, context: Context, plain: Callable[[str], str], value: Callable[[str], str]
) -> str | None:
    """A text with its variables filled in; None when one of them has no value.

    Args:
        plain: what becomes of the text between variables.
        value: what becomes of what is filled in.
    """
    parts, end = [], 0
    for found in _VARIABLE.finditer(text):
        meant = _value(found[1], context)
        if meant is None:
            return None
        parts += [plain(text[end : found.start()]), value(meant)]
        end = found.end()
    return "".join((*parts, plain(text[end:])))


def _value(variable: str, context: Context) -> str | None:
    if variable in _CHARACTERS:
        return variable
    key, comma, default = variable.partition(",")
    values = context.get(key.strip().lower())
    if values is not None and len(values) == 1:
        return values[0]
    return default.strip().strip("'") if comma else None


@lru_cache(8192)
def _wild(text: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in text)


@lru_cache(8192)
def _compiled(expression: str, ignore_case: bool) -> re.Pattern[str]:
    return re.compile(expression, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


@lru_cache(8192)
def matches_action(action: str, pattern: str) -> bool:
    """Whether an action such as `s3:GetObject` is meant; upper and lower case are the same."""
    return bool(_compiled(_wild(pattern), True).fullmatch(action))


def matches_text(text: str, pattern: str, context: Context) -> bool:
    """Whether a text is like a pattern with wildcards and variables; what is filled in has no wildcards."""
    expression = filled(pattern, context, _wild, re.escape)
    return expression is not None and bool(_compiled(expression, False).fullmatch(text))


def matches_resource(resource: str, pattern: str, context: Context) -> bool:
    """Whether a resource is meant.

    A wildcard within one of the first five parts of an ARN stays within it, unless it ends the part.
    """
    if pattern == "*":
        return True
    if "$" not in pattern:
        return bool(_of_arns(pattern).fullmatch(resource))
    parts = _parts(pattern)
    wilds: list[Callable[[str], str]] = [*map(_part, parts[:-1]), _wild]
    expressions = [filled(part, context, wild, re.escape) for part, wild in zip(parts, wilds, strict=True)]
    if any(expression is None for expression in expressions):
        return False
    return bool(_compiled(":".join(map(str, expressions)), False).fullmatch(resource))


@lru_cache(8192)
def _of_arns(pattern: str) -> re.Pattern[str]:
    """A pattern without variables, as a regular expression."""
    *first, last = _parts(pattern)
    return re.compile(":".join((*(_part(part)(part) for part in first), _wild(last))), re.DOTALL)


def _part(part: str) -> Callable[[str], str]:
    """How the text of one of the first parts of an ARN becomes a regular expression."""

    def wild(text: str) -> str:
        inner = "".join({"*": "[^:]*", "?": "[^:]"}.get(each, re.escape(each)) for each in text)
        reaches_on = text.endswith("*") and part.endswith("*")
        return inner.removesuffix("[^:]*") + ".*" if reaches_on else inner

    return wild


def matches_arn(arn: str, pattern: str, context: Context) -> bool:
    """Whether an ARN is like a pattern in a condition: each of the six parts is compared by itself."""
    given, wanted = arn.split(":", _ARN_PARTS - 1), _parts(pattern)
    if len(given) != _ARN_PARTS or len(wanted) != _ARN_PARTS:
        return matches_text(arn, pattern, context) if pattern == "*" else False
    return all(matches_text(one, other, context) for one, other in zip(given, wanted, strict=True))


def _parts(pattern: str) -> list[str]:
    """The parts of an ARN's pattern: a colon within a variable parts nothing."""
    held: list[str] = []

    def keep(found: re.Match[str]) -> str:
        held.append(found[0])
        return f"\0{len(held) - 1}\0"

    parts = _VARIABLE.sub(keep, pattern).split(":", _ARN_PARTS - 1)
    return [re.sub("\0(\\d+)\0", lambda found: held[int(found[1])], part) for part in parts]
