"""The domain before anything is made: placeholders, zones that exist, and zones that would be second ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groma.cli.provisioning import make_state_bucket
from groma.design import design
from groma.errors import WorkloadError
from groma.live.provision import up
from groma.live.stack import Stack
from groma.live.target import AwsTarget
from groma.workload import parse

TEXT = "name: chirp\nblueprint: three-tier\nusers: {total: 50_000}\n"


class Untouched(AwsTarget):
    """AWS, which nobody may so much as look at."""

    def open(self) -> None:
        raise AssertionError("AWS was asked before the file was refused")

    def client(self, service: str, region: str | None = None) -> Any:
        raise AssertionError(f"{service} was asked before the file was refused")


def test_a_placeholder_is_refused_on_aws_with_its_line_before_anything_is_made(tmp_path: Path):
    made = design(parse(TEXT + "domain: chirp.example.com\n", source="groma.yaml"), reasons=False)
    stack = Stack("chirp", "aws", tmp_path / ".groma")
    with pytest.raises(WorkloadError) as caught:
        up(made, stack, Untouched("us-east-1"))
    assert str(caught.value).startswith("groma.yaml:4: domain: chirp.example.com is reserved for examples")
    assert list(tmp_path.iterdir()) == []


def test_nor_is_a_bucket_made_for_its_state(tmp_path: Path):
    file = tmp_path / "groma.yaml"
    file.write_text(TEXT + "domain: chirp.test\nstate: {bucket: acme-state}\n")
    with pytest.raises(WorkloadError, match="reserved for examples"):
        make_state_bucket(file, "aws", yes=True)
