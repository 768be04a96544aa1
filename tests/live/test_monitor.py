"""What `groma status` says of each element, from a cloud that answers as AWS does, and from an empty one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from groma.answers import MISSING
from groma.live.monitor import running
from workloads import designed_example

OUTPUTS = {"instance_id_us_east_1": "i-1"}
"""What Terraform has noted."""
Answers = dict[tuple[str, str], Any]
"""Operation and what it is asked about → the answer."""


class Cloud:
    """Stands for target, clients and paginators at once; what it has no answer for does not exist."""

    def __init__(self, answers: Answers | None = None) -> None:
        self.answers = answers or {}

    def client(self, service: str, region: str | None = None) -> Any:
        return self

    def can_paginate(self, operation: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> Any:
        def call(**arguments: object) -> Mapping[str, Any]:
            asked = next(iter(arguments.values()))
            found = self.answers.get((operation, str(asked[0]) if isinstance(asked, list) else str(asked)))
            if found is None:
                missing = {"Error": {"Code": "ResourceNotFoundException", "Message": "none"}}
                raise ClientError(missing, operation)  # type: ignore[arg-type]
            return found

        return call


def states(example: str, cloud: Cloud) -> dict[str, tuple[str, str]]:
    architecture = designed_example(example).architecture
    found = [each for part in architecture.parts for each in running(part, cloud, OUTPUTS)]
    assert len({each.element for each in found}) == len(found)
    return {each.element: (each.state, each.detail) for each in found}


@pytest.mark.parametrize("example", ["starter", "social-50k", "social-serverless", "social-worldwide"])
def test_in_an_empty_cloud_everything_is_missing(example: str) -> None:
    seen = states(example, Cloud())
    assert len(seen) > 1
    assert {state for state, _ in seen.values()} == {MISSING}


def test_functions_and_queues_are_shown_with_their_memory_and_with_what_waits() -> None:
    def function(**more: object) -> dict[str, object]:
        return {"MemorySize": 192, **more}

    def queue(name: str, waiting: int, taken: int) -> Answers:
        counts = {
            "ApproximateNumberOfMessages": str(waiting),
            "ApproximateNumberOfMessagesNotVisible": str(taken),
        }
        return {
            ("get_queue_url", name): {"QueueUrl": f"https://sqs/1/{name}"},
            ("get_queue_attributes", f"https://sqs/1/{name}"): {"Attributes": counts},
        }

    seen = states(
        "social-serverless",
        Cloud(
            {
                ("get_function_configuration", "chirp-serverless-api"): function(State="Pending"),
                ("get_function_configuration", "chirp-serverless-fan-out"): function(),
                **queue("chirp-serverless-posted-fan-out", 12, 3),
                **queue("chirp-serverless-uploaded-pictures", 0, 0),
                **queue("chirp-serverless-uploaded-pictures-dead-letter", 1, 0),
                ("describe_table", "chirp-serverless"): {"Table": {"TableStatus": "ACTIVE"}},
            }
        ),
    )
    assert seen["api function"] == ("Pending", "192 MB")
    assert seen["fan-out function"] == ("Active", "192 MB")
    assert seen["housekeeping function"] == (MISSING, "")
    assert seen["fan-out queue"] == ("12 waiting", "3 being done")
    assert seen["pictures queue"] == ("0 waiting", "")
    assert seen["pictures dead letters"] == ("1 waiting", "")
    assert seen["fan-out dead letters"] == (MISSING, "")
    assert seen["DynamoDB table"] == ("ACTIVE", "")


def test_servers_and_databases_are_shown_with_their_zones() -> None:
    def server(zone: str, state: str = "InService") -> dict[str, str]:
        return {"LifecycleState": state, "AvailabilityZone": zone}

    servers = [server("us-east-1a"), server("us-east-1b"), server("us-east-1b", "Pending")]
    master = {
        "DBInstanceClass": "db.t4g.large",
        "DBInstanceStatus": "available",
        "AvailabilityZone": "us-east-1a",
    }
    seen = states(
        "social-50k",
        Cloud(
            {
                ("describe_auto_scaling_groups", "chirp-web"): {
                    "AutoScalingGroups": [{"Instances": servers, "DesiredCapacity": 3}]
                },
                ("describe_db_instances", "chirp-database-master"): {"DBInstances": [master]},
            }
        ),
    )
    assert seen["web servers"] == ("2 of 3 in service", "1 in us-east-1a, 1 in us-east-1b")
    assert seen["app servers"] == (MISSING, "")
    assert seen["Database master"] == ("available", "db.t4g.large in us-east-1a")


def test_clusters_and_caches_are_shown_in_each_region() -> None:
    cluster = {"Status": "available", "DBClusterMembers": [{}, {}]}
    cache = {"Status": "available", "MemberClusters": ["a", "b", "c"], "CacheNodeType": "cache.r7g.large"}
    seen = states(
        "social-worldwide",
        Cloud(
            {
                ("describe_db_clusters", "chirp-world-database-us-west-2"): {"DBClusters": [cluster]},
                ("describe_replication_groups", "chirp-world-cache"): {"ReplicationGroups": [cache]},
            }
        ),
    )
    assert seen["us-west-2: Aurora cluster"] == ("available", "secondary, 2 instances")
    assert seen["us-east-1: Aurora cluster"] == (MISSING, "")
    assert seen["us-east-1: Valkey cache"] == ("available", "3 × cache.r7g.large")


def test_a_server_is_found_by_its_id_whatever_its_tag_says() -> None:
    server = {
        "State": {"Name": "running"},
        "InstanceType": "t4g.micro",
        "Placement": {"AvailabilityZone": "us-east-1a"},
        "Tags": [{"Key": "Name", "Value": "somebody's"}],
    }
    answer = {"Reservations": [{"Instances": [server]}]}
    seen = states("starter", Cloud({("describe_instances", "i-1"): answer}))
    assert seen["us-east-1: EC2 instance"] == ("running", "t4g.micro in us-east-1a")
