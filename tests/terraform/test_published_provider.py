"""The hash by which a copy of the provider is known is the one that Terraform itself writes down."""

from __future__ import annotations

import re

import pytest
from workspace import Workspace

from groma.live.toolchain import platform_name
from groma.live.toolchain.published import HASHES, hash_of

pytestmark = pytest.mark.slow

ROOT = """\
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "5.100.0" }
  }
}
"""


def test_the_hash_of_a_package_stands_in_the_lock_file(workspace: Workspace) -> None:
    root = workspace.root / "locked"
    root.mkdir()
    (root / "main.tf").write_text(ROOT)
    workspace.run("locked", "init")
    (package,) = root.glob(".terraform/providers/*/hashicorp/aws/5.100.0/*")
    written = re.findall(r'"h1:(.+)"', (root / ".terraform.lock.hcl").read_text())
    assert hash_of(package.resolve()) in written
    assert HASHES.get(("5.100.0", platform_name()), written[0]) in written
