"""Terraform that is led to a provider behind a socket is told what the provider itself would tell it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from workspace import Workspace

from attached import attached
from groma.terraform.versions import WRITE_ONLY, terraform_block
from provided import fields, of_kinds

ROOT = terraform_block(WRITE_ONLY)
UNNAMED = "aws_" + "chime_voice_connector"
"""A kind of resource that stands nowhere else in Groma and its tests, and not in one word here."""


@pytest.fixture
def root(workspace: Workspace) -> Path:
    folder = workspace.root / "attached"
    folder.mkdir(exist_ok=True)
    (folder / "main.tf").write_text(ROOT)
    workspace.run("attached", "init")
    return folder


@pytest.mark.slow
def test_the_schemas_are_the_provider_s_own(workspace: Workspace, root: Path) -> None:
    """Of all kinds that Groma has, with what they ask for and what they compute; and no kind more."""
    own = schemas(workspace)
    with attached() as environment:
        led = schemas(workspace.within(environment))
    assert led["provider"] == own["provider"]
    for each in ("resource_schemas", "data_source_schemas", "ephemeral_resource_schemas"):
        assert led[each] == {kind: own[each][kind] for kind in led[each]}, each
        assert led[each], each
    assert {"aws_wafv2_web_acl", "aws_db_instance", "aws_lambda_function"} <= set(led["resource_schemas"])
    assert UNNAMED in own["resource_schemas"]
    assert UNNAMED not in led["resource_schemas"]


@pytest.mark.slow
def test_the_provider_has_the_directory_and_the_environment_of_who_asks(
    workspace: Workspace, root: Path
) -> None:
    """Its settings are those of the command: here a file beside the root, which its environment names."""
    (root / "settings").write_text("[profile there]\nregion = eu-west-3\n")
    (root / "main.tf").write_text(f'{ROOT}\nprovider "aws" {{\n{SKIPPED}\n}}\n{REGION}')
    named = {"AWS_CONFIG_FILE": "settings", "AWS_PROFILE": "there"} | KEYS
    with attached() as environment:
        said = workspace.within({**environment, **named}).run("attached", "apply", "-auto-approve").stdout
    assert 'region = "eu-west-3"' in said


SKIPPED = """\
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true"""
REGION = 'data "aws_region" "here" {}\noutput "region" { value = data.aws_region.here.id }\n'
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDNONE", "AWS_SECRET_ACCESS_KEY": "none"}


def schemas(workspace: Workspace) -> dict[str, Any]:
    """What Terraform knows of the provider."""
    told = json.loads(workspace.run("attached", "providers", "schema", "-json").stdout)["provider_schemas"]
    (known,) = told.values()
    return dict(known)


def entry(field: int, key: str, value: bytes) -> bytes:
    """One entry of a map of Protocol Buffers, of which each part has less than 128 bytes."""
    within = bytes([10, len(key)]) + key.encode() + bytes([18, len(value)]) + value
    return bytes([field << 3 | 2, len(within)]) + within


def test_only_kinds_that_are_named_are_left_of_a_message() -> None:
    provider = bytes([10, 3]) + b"aws"
    one, other = entry(2, "aws_vpc", b"a"), entry(2, "aws_eip", b"b")
    function = entry(7, "arn_parse", b"c")
    message = provider + one + other + function
    assert of_kinds(message, frozenset({"aws_vpc"})) == provider + one + function


def test_a_long_field_is_read_by_its_length() -> None:
    content = b"x" * 300
    message = bytes([26, 0xAC, 0x02]) + content + bytes([34, 1]) + b"y"
    assert [(number, value) for number, value, _ in fields(message)] == [(3, content), (4, b"y")]
