"""A cloud in this process, with people in it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from functions_cloud import Cloud
from functions_emulated import empty, emulated

sys.path.append(str(Path(__file__).parent.parent / "behaviour"))

from behaviour import App, Reply


@pytest.fixture(scope="module")
def everything() -> Iterator[tuple[Mapping[str, Any], Mapping[str, str]]]:
    """What the functions of one file's tests stand on."""
    with emulated() as made:
        yield made


@pytest.fixture
def cloud(everything: tuple[Mapping[str, Any], Mapping[str, str]]) -> Cloud:
    """The functions over an empty table, empty queues and an empty bucket."""
    clients, resources = everything
    empty(clients, resources)
    return Cloud(dict(clients), dict(resources))


@pytest.fixture
def app(cloud: Cloud) -> App:
    """The application of that cloud, asked over its gateway."""

    def ask(method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        return Reply(*cloud.call(method, path, headers, body))

    return App(ask, lambda handle: str(cloud.clients["cognito-idp"].codes[handle]), 0.0, False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these answer through an AWS in this process, which takes seconds to import and to ask."""
    here = f"{Path(__file__).parent}/"
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.slow)
