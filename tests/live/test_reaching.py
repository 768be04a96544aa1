"""How tools and browsers are led to a cloud, and what elements have logged."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from groma.errors import InputError
from groma.live.logs import Group, groups, logs
from groma.live.reaching import Environment, addresses, environment
from groma.live.target import AwsTarget, EmbeddedTarget
from workloads import designed_example

OUTPUTS = {"distribution_domain_name": "d1.cloudfront.net", "api_domain_name": "a.execute-api"}


class Reached(AwsTarget):
    """A cloud with variables of its own."""

    def environment(self) -> Mapping[str, str]:
        return {"AWS_ACCESS_KEY_ID": "1", "AWS_SECRET_ACCESS_KEY": "it's; $(secret)"}


def test_a_shell_has_the_variables_and_nothing_that_leads_elsewhere() -> None:
    found = environment(Reached("us-east-1"), "eu-west-1")
    script = f"{found.shell()}env"
    other = {"AWS_PROFILE": "mine", "AWS_SESSION_TOKEN": "old", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(["sh", "-c", script], env=other, capture_output=True, text=True, check=True)
    seen = dict(line.split("=", 1) for line in done.stdout.splitlines() if line.startswith("AWS_"))
    assert seen == {
        "AWS_ACCESS_KEY_ID": "1",
        "AWS_SECRET_ACCESS_KEY": "it's; $(secret)",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    assert found.document()["variables"] == seen


def test_ones_own_credentials_of_aws_are_left_as_they_are() -> None:
    found = environment(AwsTarget("us-east-1"), "us-east-1")
    assert found.unset == ()
    assert set(found.variables) == {"AWS_REGION", "AWS_DEFAULT_REGION"}
    assert Environment("aws", {}).shell() == "\n"


def test_site_and_dashboard_are_where_they_are(tmp_path: Path) -> None:
    there = addresses("chirp", "eu-west-1", None, OUTPUTS, AwsTarget("eu-west-1"))
    assert there.site == "https://d1.cloudfront.net/"
    assert there.dashboard.startswith(
        "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1"
    )
    assert there.dashboard.endswith("/chirp")
    assert there.words().lines[0] == "site       https://d1.cloudfront.net/"
    here = addresses("chirp", "us-east-1", None, {}, EmbeddedTarget(tmp_path))
    assert (here.site, here.dashboard) == ("", "")
    assert "the embedded cloud runs no servers" in here.words().lines[0]


def state(*names: tuple[str, str]) -> dict[str, Any]:
    """Terraform's state with these log groups, each by its module."""
    return {
        "resources": [
            {
                "mode": "managed",
                "module": f"module.{module}",
                "type": "aws_cloudwatch_log_group",
                "name": "this",
                "instances": [
                    {"attributes": {"name": name, "arn": f"arn:aws:logs:us-east-1:1:log-group:{name}"}}
                ],
            }
            for module, name in names
        ]
    }


STATE = state(("api_function", "/aws/lambda/chirp-api"), ("api", "/aws/apigateway/chirp"))


def test_a_component_is_known_by_its_log_groups() -> None:
    home = designed_example("social-serverless").architecture
    (only,) = groups(home, STATE, "api-function")
    assert only == Group(("api function",), "/aws/lambda/chirp-api", "us-east-1")
    assert [each.name for each in groups(home, STATE)] == ["/aws/lambda/chirp-api", "/aws/apigateway/chirp"]
    with pytest.raises(InputError, match="table has no log group") as wrong:
        groups(home, STATE, "table")
    assert "api-function, api" in wrong.value.hint


class Logged(AwsTarget):
    """CloudWatch Logs with two groups, of which one was never written to."""

    def client(self, service: str, region: str | None = None) -> Any:
        return self

    def can_paginate(self, operation: str) -> bool:
        return False

    def filter_log_events(self, logGroupName: str, startTime: int, filterPattern: str = "") -> Any:
        assert startTime > 1_700_000_000_000
        if logGroupName == "none":
            error = {"Error": {"Code": "ResourceNotFoundException", "Message": "none"}}
            raise ClientError(error, "FilterLogEvents")  # type: ignore[arg-type]
        said = [f"{filterPattern}second\x1b[2J\tthird\n", "first"]
        rows = [{"timestamp": 2000 - n, "message": text, "logStreamName": "s"} for n, text in enumerate(said)]
        return {"events": rows}


def test_lines_are_told_in_their_order_and_obeyed_by_nobody() -> None:
    some = (Group((), "/aws/lambda/one", "us-east-1"), Group((), "none", "us-east-1"))
    found = logs("chirp", some, Logged("us-east-1"), 3600, "ERROR ")
    assert [entry.text for entry in found.entries] == ["first", "ERROR second\x1b[2J\tthird"]
    assert found.words().lines == ("00:00:01 one  first", "00:00:02 one  ERROR second\x1b[2J  third")
    assert found.document()["entries"][0]["at"] == "1970-01-01T00:00:01.999+00:00"
    silent = logs("chirp", some[1:], Logged("us-east-1"), 60)
    assert silent.words().lines == ("nothing was logged in none",)
