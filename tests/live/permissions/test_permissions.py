"""The command and what it writes; the rehearsal that it rests on is played by the life cycles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploying import GOLDEN, kept
from groma.cli.app import app
from groma.errors import InputError
from groma.iam import Policies, Request, evaluate, parse
from groma.live.embedded.authority import Need
from groma.live.embedded.authority.judging import OF_BOUNDED
from groma.live.permissions import Names, Recording, boundary, boundary_arn, github_trust, permissions
from groma.live.permissions.recording import _as_text, _from_text

A = "123456789012"
R = f"us-east-1:{A}"
NAMES = Names("first", (), A)
GRANTED = (
    {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [f"arn:aws:s3:::first-{A}/media/*"]},
    {
        "Effect": "Allow",
        "Action": "cloudwatch:PutMetricData",
        "Resource": "*",
        "Condition": {"StringEquals": {"cloudwatch:namespace": "CWAgent"}},
    },
)
RECORDING = Recording(
    (
        Need("iam:CreateRole", f"arn:aws:iam::{A}:role/first-server", {"aws:TagKeys": ("Stack",)}),
        Need("iam:GetRole", f"arn:aws:iam::{A}:role/first-server"),
        Need("iam:GetUser", f"arn:aws:iam::{A}:user/*"),
    ),
    GRANTED,
)


def test_a_recording_is_read_as_it_was_written() -> None:
    assert _from_text(_as_text(RECORDING)) == RECORDING


def test_what_only_the_embedded_cloud_is_asked_is_not_allowed() -> None:
    found = permissions(RECORDING, NAMES)
    assert [each.actions for each in found.statements] == [("iam:GetRole",), ("iam:CreateRole",)]


def test_with_a_boundary_roles_are_made_only_with_it() -> None:
    found = permissions(RECORDING, NAMES, bounded=True)
    policies = Policies(tuple(map(parse, found.policies)))

    deployer = f"arn:aws:sts::{A}:assumed-role/deployer/groma"

    def allowed(action: str, *boundaries: str) -> bool:
        context = dict.fromkeys(("iam:PermissionsBoundary",) if boundaries else (), *boundaries)
        asked = Request(action, f"arn:aws:iam::{A}:role/first-server", deployer, context)
        return evaluate(asked, policies).allowed

    own = boundary_arn(NAMES)
    for action in ("iam:GetPolicy", "iam:GetPolicyVersion"):
        assert evaluate(Request(action, own, deployer), policies).allowed, "groma doctor reads it"
    assert allowed("iam:CreateRole", own)
    assert allowed("iam:PutRolePermissionsBoundary", own)
    assert not allowed("iam:CreateRole")
    assert not allowed("iam:CreateRole", f"arn:aws:iam::{A}:policy/other")
    assert not allowed("iam:DeleteRolePermissionsBoundary")


@pytest.mark.parametrize("name", sorted(path.name for path in GOLDEN.glob("permissions-*.json")))
def test_reviewed_policies_ask_for_a_boundary_where_iam_knows_it(name: str) -> None:
    asking = {
        action
        for policy in kept(name)
        for each in policy["Statement"]
        if "iam:PermissionsBoundary" in json.dumps(each.get("Condition", {}))
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    }
    assert asking <= OF_BOUNDED


def test_a_boundary_allows_what_roles_were_given() -> None:
    document = boundary(GRANTED, NAMES)
    role = f"arn:aws:sts::{A}:assumed-role/first-server/i-1"
    everything = parse(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    )

    def allowed(action: str, resource: str) -> bool:
        policies = Policies((everything,), parse(document))
        return evaluate(Request(action, resource, role), policies).allowed

    assert allowed("s3:GetObject", f"arn:aws:s3:::first-{A}/media/a.png")
    assert allowed("cloudwatch:PutMetricData", "*")
    assert not allowed("s3:GetObject", "arn:aws:s3:::others/a.png")
    assert not allowed("iam:CreateUser", "*")


@pytest.mark.parametrize(
    ("stated", "subject"),
    [
        ("acme/chirp", "repo:acme/chirp:ref:refs/heads/main"),
        ("acme/chirp@release", "repo:acme/chirp:ref:refs/heads/release"),
        ("acme/chirp@refs/tags/v1", "repo:acme/chirp:ref:refs/tags/v1"),
        ("acme/chirp@environment:production", "repo:acme/chirp:environment:production"),
    ],
)
def test_only_one_ref_of_one_repository_may_deploy(stated: str, subject: str) -> None:
    (row,) = github_trust(stated, A)["Statement"]
    assert row["Principal"] == {
        "Federated": f"arn:aws:iam::{A}:oidc-provider/token.actions.githubusercontent.com"
    }
    assert row["Condition"] == {
        "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": subject,
        }
    }


def test_a_pattern_of_refs_is_compared_as_one() -> None:
    (row,) = github_trust("acme/chirp@release/*", A)["Statement"]
    assert row["Condition"]["StringLike"] == {
        "token.actions.githubusercontent.com:sub": "repo:acme/chirp:ref:refs/heads/release/*"
    }


def test_what_is_no_repository_is_refused() -> None:
    with pytest.raises(InputError, match="names no repository"):
        github_trust("acme", A)


def test_the_command_writes_policies_and_what_each_statement_is_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("groma.live.permissions.recorded", lambda *_: RECORDING)
    (tmp_path / "groma.yaml").write_text(
        "name: first\nblueprint: starter\nregions: [us-east-1]\nalerts: ops@example.com\n"
    )
    options = ["--account", A, "--boundary", "--github", "acme/first@main"]
    run = CliRunner().invoke(app, ["permissions", *options])
    assert run.exit_code == 0, run.output
    written = tmp_path / "permissions"
    assert {path.name for path in written.iterdir()} == {
        "README.md",
        "first-deploy-1.json",
        "first-boundary.json",
        "first-trust.json",
    }
    document = json.loads((written / "first-deploy-1.json").read_text())
    assert {row["Sid"] for row in document["Statement"]} == {"ReadRoles", "ManageRoles"}
    for sid in ("ReadRoles", "ManageRoles"):
        assert sid in run.stdout
        assert f"| `{sid}` |" in (written / "README.md").read_text()
    told = json.loads(CliRunner().invoke(app, ["permissions", *options, "--json"]).stdout)
    assert told["policies"] == [document]


def test_what_is_of_one_account_needs_its_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(app, ["permissions", "--boundary"])
    assert isinstance(run.exception, InputError)
    assert "--account" in str(run.exception)
