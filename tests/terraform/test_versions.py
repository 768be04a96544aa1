"""The releases that everything asks for are said once, in `groma.terraform.versions`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from groma.terraform.versions import (
    MODULES,
    OLDEST,
    PROVIDER,
    PROVIDER_OF_MODULES,
    WRITE_ONLY,
    needed_by,
    stamped,
)
from workloads import ROOT

FILES = stamped()


def test_every_module_has_its_constraints() -> None:
    assert {path.parent for path in FILES} == {path.parent for path in MODULES.glob("*/main.tf")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_the_constraints_of_a_module_are_the_ones_said(path: Path, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--regenerate"):
        path.write_text(FILES[path])
    cure = "run: pytest tests/terraform/test_versions.py --regenerate"
    assert path.read_text() == FILES[path], f"{path.relative_to(ROOT)} is another; {cure}"


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("  password_wo = var.password\n", WRITE_ONLY),
        ('ephemeral "random_password" "this" {}\n', WRITE_ONLY),
        ("  world = 1\n# a password_wo would be\n", OLDEST),
    ],
)
def test_what_is_written_only_needs_a_newer_terraform(text: str, needed: str) -> None:
    assert needed_by(["resource {}\n", text]) == needed


def test_nobody_else_asks_for_a_release_of_the_provider() -> None:
    """Roots below the modules ask for what generated roots do; no Python file but the one says it."""
    asked = re.compile(r'version\s*=\s*"([^"]*5\.[^"]*)"')
    found = {text for path in MODULES.rglob("*.tf") for text in asked.findall(path.read_text())}
    assert found == {PROVIDER, PROVIDER_OF_MODULES}
    source = ROOT / "src" / "groma"
    saying = [path for path in source.rglob("*.py") if PROVIDER in path.read_text()]
    assert saying == [source / "terraform" / "versions.py"]


GONE_IN_6 = (
    r"data\.aws_region\.\w+\.name\b",
    r"\bvpc\s*=\s*true",
    r"\belastic_(?:gpu|inference)",
    r"\bcpu_core_count\b|\bcpu_threads_per_core\b",
    r"\bmanaged_policy_arns\b",
    r"\blog_group_name\s*=",
    r"\baws_(?:opsworks|simpledb|worklink|elastictranscoder)_",
    r'=\s*""\s*# (?:bool|number)',
    r"aws_s3_bucket\.\w+\.region\b",
    r"aws_cloudfront_response_headers_policy\.\w+\.etag\b",
)
"""What release 6 of the provider deprecates or no longer has, of all that the modules could use."""


@pytest.mark.parametrize(
    "path", sorted(MODULES.glob("*/*.tf")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_modules_use_nothing_that_release_6_lacks(path: Path) -> None:
    text = path.read_text()
    assert [gone for gone in GONE_IN_6 if re.search(gone, text)] == []
