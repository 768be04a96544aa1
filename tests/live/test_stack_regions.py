"""A stack in several regions: every provider is led to the cloud, every region is known and looked at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import hcl2
import pytest

from groma.errors import InputError
from groma.live.embedded import Emulator, Endpoints
from groma.live.leftovers import LISTINGS, leftovers, names_in
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
    target = EmbeddedTarget(tmp_path, _endpoints=Endpoints(urls))
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


# What is left --------------------------------------------------------------------------------------


class Cloud:
    """Answers by region and operation, and notes what it was asked."""

    def __init__(self, answers: dict[tuple[str, str], Any]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    def client(self, service: str, region: str | None = None) -> Any:
        return Client(self, region or "")


class Client:
    """One region's client of any service."""

    def __init__(self, cloud: Cloud, region: str) -> None:
        self.cloud, self.region = cloud, region

    def can_paginate(self, operation: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> Any:
        def answer(**arguments: Any) -> Any:
            self.cloud.asked.append((self.region, operation, arguments))
            return self.cloud.answers.get((self.region, operation), {})

        return answer


def state_with(*names: str) -> dict[str, Any]:
    resources = [{"mode": "managed", "instances": [{"attributes": {"id": name}}]} for name in names]
    return {"resources": resources}


def test_things_of_other_regions_are_found_and_said_to_be_there():
    cloud = Cloud(
        {
            ("eu-west-1", "list_tables"): {"TableNames": ["chirp-timelines", "other"]},
            ("us-west-2", "list_tables"): {"TableNames": ["chirp-timelines"]},
            ("us-west-2", "list_functions"): {"Functions": [{"FunctionName": "chirp-fan-out"}]},
            ("us-east-1", "list_hosted_zones"): {"HostedZones": [{"Id": "/hostedzone/Z1"}]},
            ("us-east-1", "list_certificates"): {"CertificateSummaryList": [{"CertificateArn": "arn:edge"}]},
        }
    )
    names = names_in(state_with("chirp-timelines", "chirp-fan-out", "Z1", "arn:edge"))
    assert leftovers("chirp", names, REGIONS, cloud) == (
        "certificate arn:edge in us-east-1",
        "function chirp-fan-out in us-west-2",
        "hosted zone Z1",
        "table chirp-timelines",
        "table chirp-timelines in us-west-2",
    )


def test_each_region_is_asked_once_and_what_has_no_region_once():
    cloud = Cloud({})
    assert leftovers("chirp", [], REGIONS, cloud) == ()
    asked = [(region, operation, tuple(arguments.items())) for region, operation, arguments in cloud.asked]
    assert len(asked) == len(set(asked))
    by_operation = {o: [region for region, other, _ in asked if other == o] for _, o, _ in asked}
    assert sorted(by_operation["describe_replication_groups"]) == sorted(REGIONS)
    assert by_operation["list_roles"] == ["us-east-1"]
    assert sorted(by_operation["list_certificates"]) == sorted([*REGIONS, "us-east-1"])
    scopes = {(region, *arguments.values()) for region, o, arguments in cloud.asked if o == "list_web_acls"}
    assert scopes == {*((region, "REGIONAL") for region in REGIONS), ("us-east-1", "CLOUDFRONT")}
    assert ("eu-west-1", "list_user_pools", {"MaxResults": 60}) in cloud.asked


def test_tags_and_ends_are_known_in_every_form_that_aws_has():
    stacks = [{"Key": "Stack", "Value": "chirp"}]
    cloud = Cloud(
        {
            ("eu-west-1", "describe_db_clusters"): {
                "DBClusters": [{"DBClusterIdentifier": "a", "TagList": stacks, "Status": "available"}]
            },
            ("eu-west-1", "describe_replication_groups"): {
                "ReplicationGroups": [{"ReplicationGroupId": "b", "Status": "deleting"}]
            },
            ("eu-west-1", "get_apis"): {"Items": [{"ApiId": "c", "Tags": {"Stack": "chirp"}}]},
            ("eu-west-1", "get_rest_apis"): {"items": [{"id": "d", "tags": {"Stack": "chirp-eu"}}]},
        }
    )
    left = leftovers("chirp", ["b"], ["eu-west-1"], cloud)
    assert left == ("API c", "database cluster a")


def test_a_name_that_every_account_has_is_nobodys():
    instances = [{"attributes": {"name": "default"}}, {"index_key": 1, "attributes": {"name": None}}]
    state = {"resources": [{"mode": "managed", "instances": instances}]}
    assert names_in(state) == frozenset()


def test_every_listing_is_of_boto3():
    import botocore.session

    session = botocore.session.get_session()
    for listing in LISTINGS:
        model = session.get_service_model(listing.service)
        known = {operation.lower() for operation in model.operation_names}
        assert listing.operation.replace("_", "") in known, listing
        operation = next(o for o in model.operation_names if o.lower() == listing.operation.replace("_", ""))
        shape = model.operation_model(operation).output_shape
        for part in listing.result.split("."):
            shape = shape.members[part]
        assert shape.type_name == "list"
        assert (listing.name in shape.member.members) if listing.name else shape.member.type_name == "string"


def test_the_zone_that_a_record_was_put_into_is_not_the_stacks_by_that():
    """It existed before, and stays."""
    record = {"mode": "managed", "values": {"id": "Z1_chirp.acme.dev_A", "zone_id": "Z1"}}
    names = names_in({"values": {"root_module": {"resources": [record]}}})
    cloud = Cloud({("us-east-1", "list_hosted_zones"): {"HostedZones": [{"Id": "/hostedzone/Z1"}]}})
    assert leftovers("chirp", names, ["us-east-1"], cloud) == ()
