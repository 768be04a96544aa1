"""The Lambda host, in this process over moto."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from behaviour import Ask, Reply
from functions_cloud import in_process

MARKS = [pytest.mark.slow]
SETTLE_S = 0.0
THUMBNAILS = False
"""A thumbnail is there when the upload has been looked at; these tests upload nothing."""


@contextmanager
def opened(directory: Path) -> Iterator[tuple[Ask, Callable[[str], str]]]:
    """The functions behind a gateway."""
    with in_process() as cloud:

        def ask(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
            return Reply(*cloud.call(method, path, headers, body))

        yield ask, lambda handle: str(cloud.clients["cognito-idp"].codes[handle])
