"""The fixture `app`: every behaviour test runs against each host that has a file `<name>_host.py` here."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from behaviour import App

HOSTS = sorted(file.stem for file in Path(__file__).parent.glob("*_host.py"))


def _params() -> list[object]:
    return [
        pytest.param(host, id=host.removesuffix("_host"), marks=import_module(host).MARKS) for host in HOSTS
    ]


@pytest.fixture(scope="module", params=_params())
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A host that runs as long as one file's tests do: two at once would share the AWS in this process."""
    host = import_module(request.param)
    with host.opened(tmp_path_factory.mktemp(request.param)) as (ask, code):
        yield App(ask, code, host.SETTLE_S, host.THUMBNAILS)
