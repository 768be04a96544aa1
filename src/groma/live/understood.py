"""What a cloud answers, taken for what it is: a field that lacks, or is something else, is no crash."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from groma.errors import CloudError
from groma.words import abridged

MISUNDERSTOOD = (LookupError, TypeError, ValueError, AttributeError)
"""What Python raises where an answer lacks a field, or has another in it than the service documents."""


@contextmanager
def understood(about: str) -> Iterator[None]:
    """Read an answer about something.

    Raises:
        CloudError: it is not as the service documents it, such as half of one.
    """
    try:
        yield
    except MISUNDERSTOOD as error:
        raise CloudError(
            f"the cloud's answer is not understood: {in_words(error)}",
            where=about,
            hint="try again; if it stays so, this Groma does not know what the service answers now",
        ) from error


def in_words(error: Exception) -> str:
    """What is wrong with an answer: `it lacks 'Threshold'`, or what Python says."""
    if isinstance(error, KeyError):
        return f"it lacks {abridged(error.args[0])}"
    return abridged(str(error), 120, quoted=False)
