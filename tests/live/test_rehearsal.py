"""A rehearsal plays a stack's whole life in an account, says what AWS would refuse, and leaves nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from groma.cli.app import app
from groma.errors import InputError
from groma.live.embedded import Account
from groma.live.preflight import Look, Preflight
from groma.live.rehearsal import Rehearsed, with_a_domain
from groma.workload import load
from workloads import ROOT

STARTER = "name: first\nblueprint: starter\nregions: [us-east-1]\nalerts: ops@example.com\n"
SERVERLESS = ROOT / "examples" / "social-serverless.yaml"


@pytest.mark.slow
def test_a_new_account_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(app, ["up", str(SERVERLESS), "--rehearse", "new", "--json"])
    assert run.exit_code == 1
    told = json.loads(run.stdout)
    failing = {look["about"] for look in told["preflight"] if look["outcome"] == "will fail"}
    assert {"the account's age", "us-east-1: calls at once", "us-east-1: distributions"} <= failing
    assert (told["passed"], told["findings"], told["refused"]) == (False, [], [])
    assert not (tmp_path / ".groma" / "rehearsal" / "new").exists()


@pytest.mark.slow
def test_what_the_cloud_refuses_ends_it_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of a type that the free plan lacks passes the preflight, and is refused when it is made."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("groma.blueprints.starter.INSTANCE_TYPE", "t4g.medium")
    monkeypatch.setattr("groma.live.rehearsal.preflight", lambda *_: Preflight(()))
    (tmp_path / "groma.yaml").write_text(STARTER)
    run = CliRunner().invoke(app, ["up", "--rehearse", "free"])
    assert run.exit_code == 1
    said = " ".join(run.stdout.split())
    assert "not eligible for Free Tier" in said
    assert "[Groma: t4g.medium needs the paid plan]" in said
    assert not (tmp_path / ".groma" / "rehearsal" / "free").exists()


def test_a_placeholder_is_rehearsed_as_a_domain_that_can_be_owned() -> None:
    workload = load(SERVERLESS)
    assert workload.domain is not None
    assert workload.domain.endswith("example.com")
    assert with_a_domain(workload).domain == "chirp-serverless.groma-rehearsal.net"
    own = workload.model_copy(update={"domain": "chirp.acme.dev"})
    assert with_a_domain(own) is own


def test_no_rehearsal_is_played_on_aws() -> None:
    run = CliRunner().invoke(app, ["up", str(SERVERLESS), "--rehearse", "new", "--target", "aws"])
    assert isinstance(run.exception, InputError)


def test_a_failure_that_nobody_refused_is_told_as_it_is() -> None:
    went = Rehearsed(
        Account.GROWN, Preflight((Look("Terraform", "ok", "1.11"),)), failure="Terraform was killed"
    )
    assert went.words().lines == ("Terraform was killed",)
    assert not went.passed
