"""Which application a stack runs."""

from __future__ import annotations

from groma.application.container import of_own
from groma.application.description import Application
from groma.application.own import Own
from groma.application.sample import built_in


def application_of(own: Own | None) -> Application:
    """One's own, where one is stated, or else the sample."""
    return built_in() if own is None else of_own(own)


def extras_of(own: Own | None) -> tuple[str, ...]:
    """The extras of Groma's that shipping it takes: an image is pulled by the servers themselves."""
    return (built_in().extra,) if own is None else ()
