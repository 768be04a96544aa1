"""Every component states the names of the buckets that its Terraform module makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources

import pytest

from groma.architecture import Architecture, Component
from workloads import ROOT, designed_example, marked

EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.yaml"))
MODULES = resources.files("groma.terraform") / "modules"
BUCKET = re.compile(r'resource "aws_s3_bucket" "\w+" \{.*?\n  bucket += "([^"]+)"', re.DOTALL)
TWO_IN_ONE = "${var.name}-${data.aws_region.current.id}"
"""What `local.site` is in the module `starter`."""


def named_by_module(component: Component, architecture: Architecture) -> Iterator[str]:
    """What the module that a component asks for calls its buckets."""
    call = component.module(architecture)
    if call is None or "name" not in call.arguments:
        return
    words = {
        "${local.site}": TWO_IN_ONE,
        "${data.aws_caller_identity.current.account_id}": "{account}",
        "${data.aws_region.current.id}": architecture.region,
        "${var.name}": str(call.arguments["name"]),
    }
    files = [file for file in (MODULES / call.module).iterdir() if file.name.endswith(".tf")]
    for name in BUCKET.findall("".join(file.read_text("utf-8") for file in files)):
        for expression, word in words.items():
            name = name.replace(expression, word)
        yield name


@pytest.mark.parametrize("name", [marked(name) for name in EXAMPLES])
def test_buckets_are_named_as_their_modules_name_them(name: str):
    pairs = [
        (component, part.architecture)
        for part in designed_example(name).architecture.parts
        for component in part.architecture.components
    ]
    stated = {bucket for component, architecture in pairs for bucket in component.buckets(architecture)}
    assert stated == {bucket for pair in pairs for bucket in named_by_module(*pair)}
    assert all(bucket.count("{account}") == 1 for bucket in stated)
    assert stated
