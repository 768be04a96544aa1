"""What moto looks up anew for each request, though it is always the same: looked up once."""

from __future__ import annotations

from functools import cache


def remember_what_stays() -> None:
    """Let moto keep the methods of its classes and the names of its modules.

    moto (5.2) lists every member of a class for each call, and its own folder on the disk for each request: a
    sixth of what a request takes of a processor.
    """
    from moto import backends
    from moto.core import responses

    modules = tuple(backends.list_of_moto_modules())
    responses.method_names_from_class = cache(responses.method_names_from_class)
    backends.list_of_moto_modules = lambda: modules
