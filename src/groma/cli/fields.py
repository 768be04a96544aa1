"""Values of an answer for scripts: those that are named, a line each."""

from __future__ import annotations

import difflib
import json

from groma.errors import InputError
from groma.words import abridged


def picked(document: object, fields: str) -> list[str]:
    """Values of a document for scripts, a line each: a text or number as it is, all else as JSON in a line.

    >>> picked({"sizes": {"web": {"min": 2}}, "regions": ["us-east-1"]}, "sizes.web.min,regions.0")
    ['2', 'us-east-1']

    Args:
        document: plain values.
        fields: their places, keys and numbers of entries with dots between them; several with commas.

    Raises:
        InputError: there is no such place.
    """
    return [_line(_at(document, field.strip())) for field in fields.split(",")]


def _at(document: object, field: str) -> object:
    """The value at a place."""
    found, gone = document, ""
    for key in field.split("."):
        known = {str(place): value for place, value in _entries(found)}
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            shown = ", ".join(list(known)[:MOST_NAMED])
            hint += f"there are: {shown}" if known else f"{gone} holds one value"
            raise InputError(f"there is no {abridged(field, quoted=False)}", where="--fields", hint=hint)
        found, gone = known[key], f"{gone}.{key}".lstrip(".")
    return found


MOST_NAMED = 40


def _entries(value: object) -> list[tuple[object, object]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list | tuple) else []


def _line(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
