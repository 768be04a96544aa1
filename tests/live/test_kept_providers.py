"""What the state holds in other regions can be destroyed, whatever the root still designs there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from groma.live.kept_providers import keep_providers, kinds_by_region
from groma.live.stack import BARE, KEPT, Stack
from groma.live.target import provider_aliases

SOURCE = 'provider["registry.terraform.io/hashicorp/aws"]'
COPIES = "aws_db_instance_automated_backups_replication"
ROOT = 'provider "aws" {\n  region = var.region\n}\n'
AWAY = '\nprovider "aws" {\n  alias  = "us_west_2"\n  region = "us-west-2"\n}\n'


def resource(kind: str, provider: str, **changed: Any) -> dict[str, Any]:
    return {"mode": "managed", "type": kind, "provider": provider, "instances": [{}], **changed}


HELD: Mapping[str, Any] = {
    "resources": [
        resource("aws_db_instance", f"module.database.{SOURCE}"),
        resource(COPIES, f"{SOURCE}.us_west_2"),
        resource("aws_kms_key", f"{SOURCE}.us_west_2", mode="data"),
        resource("aws_kms_key", f"module.copies.{SOURCE}.eu_west_1", instances=[]),
        resource("terraform_data", 'provider["terraform.io/builtin/terraform"]'),
    ]
}


@pytest.fixture
def stack(tmp_path) -> Stack:
    made = Stack("shop", "embedded", tmp_path)
    made.terraform.mkdir(parents=True)
    (made.terraform / "versions.tf").write_text(ROOT)
    return made


def test_what_a_provider_with_an_alias_holds_is_told_by_region() -> None:
    assert kinds_by_region(HELD) == {"us-west-2": frozenset({COPIES})}
    assert kinds_by_region({}) == {}


def test_a_provider_that_the_state_needs_is_kept(stack: Stack) -> None:
    assert keep_providers(stack, HELD)
    assert provider_aliases([(stack.terraform / KEPT).read_text()]) == ("us_west_2",)
    assert KEPT in BARE


def test_one_that_the_root_has_is_not_configured_twice(stack: Stack) -> None:
    keep_providers(stack, HELD)
    (stack.terraform / "versions.tf").write_text(ROOT + AWAY)
    assert not keep_providers(stack, HELD)
    assert not (stack.terraform / KEPT).exists()


def test_it_goes_once_nothing_needs_it(stack: Stack) -> None:
    keep_providers(stack, HELD)
    assert not keep_providers(stack, {"resources": HELD["resources"][:1]})
    assert not (stack.terraform / KEPT).exists()


def test_a_root_that_is_written_anew_begins_without_it(stack: Stack) -> None:
    keep_providers(stack, HELD)
    (stack.terraform / "versions.tf").unlink()
    (stack.terraform / "modules").mkdir()
    stack.write({"terraform/versions.tf": (ROOT + AWAY).encode()}, {})
    assert not (stack.terraform / KEPT).exists()
