"""Taking over, with a Terraform and a cloud that are played."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from groma.live.settling import take_over
from groma.live.settling.taking_over import IMPORTS
from groma.live.terraform_cli import Diagnostic, Doubt, TerraformFailed

PROVIDER = "registry.terraform.io/hashicorp/aws"
NETWORK, SUBNET, ROLE = (
    "module.a.aws_vpc.this",
    'module.a.aws_subnet.public["x"]',
    "module.a.aws_iam_role.all",
)
EVERYTHING = Doubt(everything=True, why="all")
OWN = {"Stack": "first", "Name": "first"}


def _change(address: str, after: dict[str, Any], index: str | None = None) -> dict[str, Any]:
    kind, name = address.removeprefix("module.a.").partition("[")[0].split(".")
    change = {
        "address": address,
        "module_address": "module.a",
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider_name": PROVIDER,
        "change": {"actions": ["create"], "after": after},
    }
    return change if index is None else change | {"index": index}


class Terraform:
    """Plans a network, a subnet of it and a role; reads what is imported from `cloud`, by id."""

    def __init__(self, directory: Path, cloud: dict[str, dict[str, Any]]) -> None:
        self.directory = directory
        self.cloud = cloud
        self.pushed: list[dict[str, Any]] = []
        self.kept: dict[str, Any] = {}

    def foresee(self, *, refresh: bool = False) -> dict[str, Any]:
        imports = self.imports()
        for address, id_ in imports.items():
            if id_ not in self.cloud:
                detail = (
                    f'While attempting to import an existing object to\n"{address}", the provider detected'
                )
                error = Diagnostic(0.0, "error", "Cannot import non-existent remote object", detail)
                raise TerraformFailed(detail, where="", hint="", diagnostics=[error])
        subnet: dict[str, Any] = {"cidr_block": "10.0.0.0/20", "tags_all": OWN}
        if NETWORK in imports:
            subnet["vpc_id"] = imports[NETWORK]
        changes = [
            _change(NETWORK, {"tags_all": OWN, "only_planned": True}),
            _change(SUBNET, subnet, "x"),
            _change(ROLE, {"name": "application", "tags_all": OWN}),
        ]
        names = ["aws_vpc.this", "aws_subnet.public", "aws_iam_role.all"]
        resources = [
            {"type": each.split(".")[0], "name": each.split(".")[1], "provider_config_key": "a:aws.west"}
            for each in names
        ]
        for change in changes:
            if change["address"] in imports:
                change["change"]["importing"] = {"id": imports[change["address"]]}
        found = [
            {"address": address, "mode": "managed", "schema_version": 1, "values": self.cloud[id_]}
            for address, id_ in imports.items()
        ]
        return {
            "terraform_version": "1.11.4",
            "resource_changes": changes,
            "prior_state": {"values": {"root_module": {"child_modules": [{"resources": found}]}}},
            "configuration": {
                "provider_config": {"aws.west": {"expressions": {"region": {"constant_value": "us-west-2"}}}},
                "root_module": {"module_calls": {"a": {"module": {"resources": resources}}}},
            },
        }

    def imports(self) -> dict[str, str]:
        path = self.directory / IMPORTS
        text = path.read_text() if path.exists() else ""
        blocks = [block.splitlines() for block in text.split("import {")[1:]]
        return {lines[1].partition("= ")[2]: json.loads(lines[2].partition("= ")[2]) for lines in blocks}

    def state(self) -> dict[str, Any]:
        return self.kept

    def push(self, state: dict[str, Any]) -> None:
        self.pushed.append(state)


class Cloud:
    """Lists what it is given, in one region."""

    def __init__(self, **listed: list[dict[str, Any]]) -> None:
        self.listed = listed
        self.asked: list[tuple[str, str | None]] = []
        self.refuses: frozenset[str] = frozenset()

    def account(self) -> str:
        return "123456789012"

    def client(self, service: str, region: str | None = None) -> Cloud:
        self.asked.append((service, region))
        return self

    def can_paginate(self, operation: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> Any:
        if operation in self.refuses:
            told = {"Error": {"Code": "UnauthorizedOperation"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
            raise ClientError(told, operation)  # type: ignore[arg-type]
        key = {"describe_vpcs": "Vpcs", "describe_subnets": "Subnets", "list_roles": "Roles"}[operation]
        return lambda **_: {key: self.listed.get(key, [])}


TAGS = [{"Key": key, "Value": value} for key, value in OWN.items()]
VPC = {"VpcId": "vpc-1", "Tags": TAGS}
IN_IT = {"SubnetId": "subnet-1", "CidrBlock": "10.0.0.0/20", "VpcId": "vpc-1", "Tags": TAGS}


@pytest.fixture
def terraform(tmp_path: Path) -> Terraform:
    read = {"vpc-1": {"id": "vpc-1", "tags_all": OWN, "only_planned": None}}
    return Terraform(tmp_path, read | {"subnet-1": {"id": "subnet-1", "tags_all": OWN}})


def settled(terraform: Terraform, cloud: Cloud, doubt: Doubt = EVERYTHING) -> Any:
    said: list[str] = []
    return take_over(terraform, cloud, doubt, said.append)  # type: ignore[arg-type]


def test_what_belongs_to_a_thing_is_found_once_the_thing_is(terraform: Terraform) -> None:
    cloud = Cloud(Vpcs=[VPC], Subnets=[IN_IT])
    assert settled(terraform, cloud).taken == (SUBNET, NETWORK)
    assert {region for _, region in cloud.asked} == {"us-west-2"}
    (state,) = terraform.pushed
    provider = f'provider["{PROVIDER}"].west'
    head = {"module": "module.a", "mode": "managed", "provider": provider}
    subnet, network = state["resources"]
    assert subnet == head | {
        "type": "aws_subnet",
        "name": "public",
        "instances": [
            {
                "index_key": "x",
                "schema_version": 1,
                "attributes": {"id": "subnet-1", "tags_all": OWN},
                "sensitive_attributes": [],
            }
        ],
    }
    assert network["instances"][0]["attributes"]["only_planned"] is True, "no cloud can say that"


def test_the_state_goes_on_from_the_one_that_is_there(terraform: Terraform) -> None:
    other = {
        "mode": "managed",
        "type": "aws_subnet",
        "name": "public",
        "module": "module.a",
        "instances": [{}],
    }
    terraform.kept = {"serial": 4, "lineage": "one", "resources": [other], "outputs": {"a": {}}}
    settled(terraform, Cloud(Vpcs=[VPC], Subnets=[IN_IT]))
    (state,) = terraform.pushed
    assert (state["serial"], state["lineage"], state["outputs"]) == (5, "one", {"a": {}})
    assert [len(each["instances"]) for each in state["resources"]] == [2, 1]
    assert other["instances"] == [{}], "the earlier state is not changed"


def test_only_what_was_begun_is_looked_for_when_only_that_is_in_doubt(terraform: Terraform) -> None:
    cloud = Cloud(Vpcs=[VPC], Subnets=[IN_IT])
    assert settled(terraform, cloud, Doubt(frozenset({NETWORK}))).taken == (NETWORK,)
    assert settled(terraform, cloud, Doubt(frozenset({ROLE}))).taken == ()


def test_what_has_the_name_and_is_not_the_stacks_is_left_alone(terraform: Terraform) -> None:
    terraform.cloud["application"] = {"name": "application", "tags_all": {"Stack": "another"}}
    cloud = Cloud(Roles=[{"RoleName": "application"}])
    for doubt in (EVERYTHING, Doubt(frozenset({ROLE}))):
        found = settled(terraform, cloud, doubt)
        assert (found.taken, found.foreign) == ((), (ROLE,))
    assert terraform.pushed == []


def test_what_has_no_tag_yet_is_the_stacks_only_if_it_had_begun_to_make_it(terraform: Terraform) -> None:
    terraform.cloud["application"] = {"name": "application", "tags_all": {}}
    cloud = Cloud(Roles=[{"RoleName": "application"}])
    assert settled(terraform, cloud).taken == ()
    assert settled(terraform, cloud, Doubt(frozenset({ROLE}))).taken == (ROLE,)


def test_what_is_listed_and_gone_already_is_dropped(terraform: Terraform) -> None:
    assert settled(terraform, Cloud(Vpcs=[VPC | {"VpcId": "vpc-0"}])).taken == ()
    assert settled(terraform, Cloud(Vpcs=[VPC | {"VpcId": "vpc-0"}, VPC])).taken == (NETWORK,)


def test_nothing_is_left_beside_the_root(terraform: Terraform) -> None:
    settled(terraform, Cloud(Vpcs=[VPC]))
    assert list(terraform.directory.iterdir()) == []


def test_what_may_not_be_looked_at_is_said_and_the_rest_is_found(terraform: Terraform) -> None:
    cloud, said = Cloud(Vpcs=[VPC]), list[str]()
    cloud.refuses = frozenset({"list_roles"})
    found = take_over(terraform, cloud, EVERYTHING, said.append)  # type: ignore[arg-type]
    assert found.taken == (NETWORK,)
    assert said[-1] == "these credentials may not look by iam:list_roles"
