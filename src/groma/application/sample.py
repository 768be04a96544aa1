"""The application that comes with Groma. No other file of Groma knows which it is."""

from __future__ import annotations

from groma.application.description import PortableApplication


def built_in() -> PortableApplication:
    """The sample application, which a stack runs; imported at the first call."""
    from chirp.shipping.description import APPLICATION

    return APPLICATION
