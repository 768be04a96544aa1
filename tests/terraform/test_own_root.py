"""The root of an application of one's own: Terraform takes it, and it ships nothing of the sample."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import hcl2
import pytest

from groma.architecture import Architecture
from groma.design import design
from groma.report.documents import shipped
from groma.terraform import module_calls, render
from groma.workload import parse
from workloads import ROOT

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
BOTH = f"""\
name: shop
blueprint: three-tier
users: {{total: 50_000}}
tags: {{team: shop, "cost centre": "17"}}
log_days: 90
application:
  web: {{image: {ECR}/front:7, port: 3000, health: /alive}}
  app:
    image: acme/shop:1.4
    port: 8000
    health: /up
    env: {{GREETING: 'a "quoted" ${{text}} %{{for}}'}}
    secrets: {{STRIPE_KEY: shop/stripe#live, LICENCE: ssm:/shop/licence}}
"""
ONE = (ROOT / "examples" / "shop.yaml").read_text()


@pytest.fixture(scope="module")
def both() -> Architecture:
    return design(parse(BOTH), reasons=False).architecture


def policies(architecture: Architecture, tier: str) -> dict[str, list[tuple[object, object]]]:
    """Name → what it allows on what, of the servers of a tier."""
    given = module_calls(architecture)[tier].arguments.get("instance_policies", {})
    assert isinstance(given, dict)
    return {
        name: [(each["Action"], each["Resource"]) for each in json.loads(str(text))["Statement"]]
        for name, text in given.items()
    }


def test_each_tier_may_pull_its_image_and_read_its_secrets_and_nothing_else(both: Architecture) -> None:
    assert policies(both, "web") == {
        "image-token": [(["ecr:GetAuthorizationToken"], ["*"])],
        "image": [
            (
                ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                ["arn:aws:ecr:eu-west-1:123456789012:repository/front"],
            )
        ],
    }
    secret, parameter = "secret:shop/stripe-??????", "parameter/shop/licence"
    assert policies(both, "app") == {
        "own-secrets": [
            (["secretsmanager:GetSecretValue"], [f"arn:aws:secretsmanager:us-east-1:*:{secret}"])
        ],
        "own-parameters": [(["ssm:GetParameter"], [f"arn:aws:ssm:us-east-1:*:{parameter}"])],
    }


def test_nothing_of_the_sample_is_shipped(both: Architecture) -> None:
    for text in (BOTH, ONE):
        made = design(parse(text), reasons=False)
        root = render(made.architecture)
        documents = {f"terraform/{path}": content.encode() for path, content in root.items()}
        assert shipped(made, documents) == {}
        assert not [path for path in root if path.startswith("modules/artifact/")]
        assert "artifact" not in root["main.tf"]
        servers = "".join(content for path, content in root.items() if path.startswith("servers/"))
        assert not re.search("chirp|/api/", servers, re.IGNORECASE)


def test_target_groups_ask_the_paths_that_are_stated(both: Architecture) -> None:
    servers = {tier: module_calls(both)[tier].arguments["servers"] for tier in ("web", "app")}
    asked = {tier: (each["port"], each["health_check_path"]) for tier, each in servers.items()}
    assert asked == {"web": (3000, "/alive"), "app": (8000, "/up")}


def test_everything_is_tagged(both: Architecture) -> None:
    (found,) = hcl2.loads(render(both)["versions.tf"])["locals"]
    tags = {name.strip('"'): str(value).strip('"') for name, value in found["tags"].items()}
    assert tags == {"Stack": "shop", "ManagedBy": "groma", "team": "shop", "cost centre": "17"}


@pytest.mark.slow
def test_terraform_accepts_it(both: Architecture, tmp_path: Path) -> None:
    for path, text in render(both).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    for arguments in (
        ["fmt", "-check", "-recursive"],
        ["init", "-backend=false", "-input=false"],
        ["validate", "-no-color"],
    ):
        done = subprocess.run(["terraform", *arguments], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
