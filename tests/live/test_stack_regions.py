"""A stack in several regions: every provider is led to the cloud, every region is known and looked at."""

from __future__ import annotations

import json
from pathlib import Path

import hcl2
import pytest

from groma.errors import InputError
from groma.live.embedded import Emulator, Endpoints
from groma.live.embedded.access.credentials import new_credentials
from groma.live.stack import Stack
from groma.live.target import OVERRIDE_FILE, PROFILE_FILE, AwsTarget, EmbeddedTarget, provider_aliases

REGIONS = ["eu-west-1", "us-west-2"]
VERSIONS = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = var.region
}

provider "aws" {
  alias  = "us_west_2"
  region = "us-west-2"

  default_tags {
    tags = local.tags
  }
}

provider "aws" {
  region = "us-east-1"
  alias = "us_east_1"
}

module "web" {
  alias = "no_provider"
}
"""


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack("chirp", "embedded", tmp_path)


# The override file ---------------------------------------------------------------------------------


def test_the_aliases_of_a_root_are_found():
    assert provider_aliases(["", VERSIONS]) == ("us_west_2", "us_east_1")
    assert provider_aliases(['provider "aws" {\n  region = "us-east-1"\n}\n']) == ()


def test_every_provider_is_led_to_the_emulators(tmp_path):
    urls = {Emulator.MOTO: "http://127.0.0.1:1", Emulator.MINISTACK: "http://127.0.0.1:2"}
    target = EmbeddedTarget(tmp_path, _endpoints=Endpoints(urls, new_credentials()))
    override, endpoints = target.overrides(provider_aliases([VERSIONS])).values()
    parsed = hcl2.loads(override)
    providers = [next(iter(block.values())) for block in parsed["provider"]]
    aliases = [provider.pop("alias", None) for provider in providers]
    assert [alias and alias.strip('"') for alias in aliases] == [None, "us_west_2", "us_east_1"]
    assert providers[1] == providers[0]
    assert providers[2] == providers[0]
    assert "\nec2 =\n  endpoint_url = http://127.0.0.1:1\n" in endpoints
    nothing = AwsTarget("eu-west-1").overrides(["us_west_2"])
    assert nothing == dict.fromkeys((OVERRIDE_FILE, PROFILE_FILE), "")


# What is remembered --------------------------------------------------------------------------------


def test_all_regions_are_remembered_the_home_region_first(stack):
    stack.remember(REGIONS, "worldwide", "1")
    assert stack.regions() == ("eu-west-1", "us-west-2")
    record = json.loads((stack.directory / "stack.json").read_text())
    assert record == {"account": "1", "region": "eu-west-1", "regions": REGIONS, "blueprint": "worldwide"}


def test_a_record_without_regions_is_of_its_home_region(stack):
    stack.remember(["eu-west-1"], "three-tier", "1")
    assert stack.regions() == ("eu-west-1",)


def test_a_region_can_be_added_but_none_is_left_behind_or_made_home(stack):
    stack.remember(["eu-west-1"], "worldwide", "1")
    stack.remember(REGIONS, "worldwide", "1")
    assert stack.regions() == tuple(REGIONS)
    with pytest.raises(InputError, match="stands as worldwide in eu-west-1, us-west-2"):
        stack.remember(["eu-west-1"], "worldwide", "1")
    with pytest.raises(InputError, match="not as worldwide in us-west-2, eu-west-1"):
        stack.remember(REGIONS[::-1], "worldwide", "1")
    assert stack.regions() == tuple(REGIONS)


# A standby ------------------------------------------------------------------------------------------


def test_a_standby_comes_and_goes_and_is_looked_through_for_good(stack: Stack):
    home = ["us-east-1"]
    stack.remember(home, "three-tier", "1")
    stack.remember([*home, "us-west-2"], "three-tier", "1", standby="us-west-2")
    stack.remember(home, "three-tier", "1")
    assert stack.regions() == ("us-east-1", "us-west-2"), "what was not destroyed there is still found"
    stack.remember([*home, "us-east-2"], "three-tier", "1", standby="us-east-2")
    assert stack.regions() == ("us-east-1", "us-east-2", "us-west-2")


def test_a_region_that_does_not_stand_by_cannot_go(stack: Stack):
    stack.remember(REGIONS, "worldwide", "1")
    with pytest.raises(InputError, match="stands as worldwide"):
        stack.remember(REGIONS[:1], "worldwide", "1")
