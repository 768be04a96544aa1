"""What the tests of the Terraform modules share: a workspace and a cloud."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from workspace import Workspace

from groma.live.embedded import EmbeddedCloud, Endpoints


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.make(tmp_path_factory.mktemp("terraform"))


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    directory = tmp_path_factory.mktemp("embedded")
    cloud = EmbeddedCloud(directory / "cloud", key_file=directory / "key")
    try:
        yield cloud.start()
    finally:
        cloud.stop(discard=True)
