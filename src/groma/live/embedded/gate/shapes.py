"""What the model of a service says of each parameter: needed, one of, how long, how large, in which form.

botocore's own validation looks for what is missing and for types alone; its models hold the rest, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from groma.live.embedded.gate.asked import Asked
from groma.live.embedded.gate.refusal import Refusal

REFUSED_AS = {
    "ec2": "InvalidParameterValue",
    "query": "ValidationError",
    "json": "ValidationException",
    "rest-json": "ValidationException",
    "rest-xml": "InvalidInput",
}
_LONGEST_SHOWN = 60
_SURROGATES, _BEYOND = r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF"
"""How Java's patterns write the characters beyond the first plane, and how Python's do."""


def misshapen(asked: Asked) -> Refusal | None:
    """The refusal of a request whose parameters are not as the service's model says; None when they are."""
    shape = asked.model.input_shape
    faults = list(_faults(asked.parameters, shape, "")) if shape is not None else []
    if not faults:
        return None
    number = f"{len(faults)} validation error{'s' if len(faults) > 1 else ''} detected: "
    return Refusal(
        REFUSED_AS[asked.protocol],
        number + "; ".join(faults),
        f"the public model of {asked.service} does not allow this in {asked.operation}",
    )


def _faults(value: Any, shape: Any, place: str) -> Iterator[str]:
    match shape.type_name:
        case "structure":
            yield from _of_structure(value, shape, place)
        case "list":
            yield from _of_size(len(value), shape, place, "length")
            for number, each in enumerate(value, 1):
                yield from _faults(each, shape.member, f"{place}.{number}.member")
        case "map":
            yield from _of_size(len(value), shape, place, "length")
            for key, each in value.items():
                yield from _faults(key, shape.key, f"{place}.key")
                yield from _faults(each, shape.value, f"{place}.{key}.member")
        case "string":
            yield from _of_string(value, shape, place)
        case "integer" | "long" | "float" | "double":
            yield from _of_size(value, shape, place, "value")


def _of_structure(value: Mapping[str, Any], shape: Any, place: str) -> Iterator[str]:
    prefix = f"{place}." if place else ""
    for name in shape.required_members:
        if value.get(name) is None:
            yield _fault("null", f"{prefix}{_lower(name)}", "Member must not be null").replace(
                "'null'", "null"
            )
    for name, each in value.items():
        member = shape.members.get(name)
        if member is not None and each is not None:
            yield from _faults(each, member, f"{prefix}{_lower(name)}")


def _of_string(value: Any, shape: Any, place: str) -> Iterator[str]:
    text = str(value)
    if shape.enum and text not in shape.enum:
        yield _fault(text, place, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]")
    yield from _of_size(len(text), shape, place, "length", text)
    pattern = _compiled(shape.metadata.get("pattern", ""))
    if pattern is not None and not pattern.fullmatch(text):
        yield _fault(text, place, f"Member must satisfy regular expression pattern: {pattern.pattern}")


def _of_size(size: float, shape: Any, place: str, what: str, shown: object = None) -> Iterator[str]:
    """What the model says of the least and the largest: of a number, or of the length of the rest."""
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    value = size if shown is None else shown
    ending = "" if what == "value" else " length"
    if least is not None and size < least:
        yield _fault(value, place, f"Member must have{ending or ' value'} greater than or equal to {least}")
    if most is not None and size > most:
        yield _fault(value, place, f"Member must have{ending or ' value'} less than or equal to {most}")


def _fault(value: object, place: str, constraint: str) -> str:
    text = str(value)
    shown = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
    return f"Value '{shown}' at '{place}' failed to satisfy constraint: {constraint}"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


@cache
def _compiled(pattern: str) -> Any:
    """The pattern of a model, which is written for Java; None for none."""
    import regex

    return regex.compile(pattern.replace(_SURROGATES, _BEYOND), regex.DOTALL) if pattern else None
