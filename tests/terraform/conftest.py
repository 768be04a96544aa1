"""What the tests of the Terraform modules share: a workspace, a cloud and a published repository."""

from __future__ import annotations

import datetime
import subprocess
from collections.abc import Iterator

import pytest
from workspace import Workspace

from groma.live.embedded import EmbeddedCloud, Endpoints
from groma.live.publish import Published, publish


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


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    remote = tmp_path_factory.mktemp("remote") / "terraform-aws-blocks.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(remote)], check=True)
    return publish(str(remote), "1.2.0", today=datetime.date(2026, 11, 22))
