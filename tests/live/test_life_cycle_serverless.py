"""The serverless example's whole life in the embedded cloud: provisioned, used by its users, taken down.

One stack serves all tests of this file, which run in their order.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from groma.live.leftovers import leftovers, names_in
from groma.live.provision import drift, up
from groma.live.stack import Stack
from groma.live.target import EmbeddedTarget
from groma.live.toolchain import ensure_engine
from groma.live.verify.visitor import Visitor
from standing import OVERRIDE_FILE, STANDING
from workloads import ROOT

pytestmark = pytest.mark.slow

EXAMPLE = ROOT / "examples" / "social-serverless.yaml"
STEPS = {
    "sign-up", "log-in", "no-token", "forged-token", "timeline", "picture", "api-throttling",
    "fan-out-dead-letters", "fan-out-dead-letters-alarm",
    "pictures-dead-letters", "pictures-dead-letters-alarm",
}  # fmt: skip
FLOOD = "journey.api-throttling"
"""Not tried when this machine is too busy to send so many requests a second."""


class Stands:
    """The example's stack, and who looks at it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.target = EmbeddedTarget(folder / ".groma" / "cloud")
        self.stack = Stack("chirp-serverless", "embedded", folder / ".groma")

    def groma(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command of Groma on the example."""
        command = [sys.executable, "-m", "groma.cli", arguments[0], str(EXAMPLE), *arguments[1:]]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=900)

    def terraform(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Terraform by hand in the root, with nothing in the environment."""
        bare = {name: os.environ[name] for name in ("PATH", "HOME", "GOGC")}
        command = [str(ensure_engine().path), *arguments]
        return subprocess.run(command, cwd=self.stack.terraform, capture_output=True, text=True, env=bare)

    def outputs(self) -> dict[str, Any]:
        """Terraform's outputs, by its state."""
        return {name: output["value"] for name, output in self.state()["outputs"].items()}

    def state(self) -> Any:
        """What Terraform has noted."""
        return json.loads((self.stack.terraform / "terraform.tfstate").read_text())

    def client(self, service: str) -> Any:
        """A boto3 client of somebody who goes behind Terraform's back."""
        self.target.open()
        return self.target.client(service)


@pytest.fixture(scope="module")
def stands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stands]:
    made = Stands(tmp_path_factory.mktemp("serverless"))
    try:
        yield made
    finally:
        made.target.cloud.stop(discard=True)


def test_up_ends_with_every_line_and_the_journey_ok(stands: Stands) -> None:
    done = stands.groma("up", "--json")
    assert done.returncode == 0, done.stderr
    findings = json.loads(done.stdout)
    assert [finding for finding in findings if finding["ok"] is False] == []
    assert {finding["id"] for finding in findings if finding["ok"] is None} <= {FLOOD}
    went = {
        finding["id"].removeprefix("journey.") for finding in findings if finding["id"].startswith("journey.")
    }
    assert went == STEPS


def test_a_second_plan_is_empty(stands: Stands) -> None:
    done = stands.terraform("plan", "-detailed-exitcode", "-no-color")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def test_the_journey_leaves_nobody_and_nothing_behind(stands: Stands) -> None:
    outputs = stands.outputs()
    assert stands.client("cognito-idp").list_users(UserPoolId=outputs["user_pool_id"])["Users"] == []
    assert stands.client("dynamodb").scan(TableName=outputs["table_name"])["Items"] == []
    listed = stands.client("s3").list_object_versions(Bucket=outputs["media_bucket_name"])
    assert "Versions" not in listed
    for name in ("fan_out", "pictures"):
        asked = {"QueueUrl": outputs[f"{name}_dead_letter_url"], "AttributeNames": ["All"]}
        attributes = stands.client("sqs").get_queue_attributes(**asked)["Attributes"]
        assert attributes["ApproximateNumberOfMessages"] == "0"


def test_a_browser_is_served_the_site_by_a_name_that_it_finds_by_itself(stands: Stands) -> None:
    host = stands.outputs()["distribution_domain_name"].replace(".cloudfront.net", ".cloudfront.localhost")
    stands.target.open()
    visitor = Visitor(stands.target.web(host))
    page, script, api = (visitor.ask("GET", path) for path in ("/", "/app.js", "/api/healthz"))
    assert (page.status, script.status, api.status) == (200, 200, 200)
    assert b"<!doctype html>" in page.body
    assert api.content == {"ok": True}


def test_a_function_that_was_changed_or_lent_is_found(stands: Stands) -> None:
    functions, name = stands.client("lambda"), "chirp-serverless-fan-out"
    functions.update_function_configuration(FunctionName=name, Timeout=3)
    lent = {"StatementId": "Lent", "Action": "lambda:InvokeFunction", "Principal": "444455556666"}
    functions.add_permission(FunctionName=name, **lent)
    found = json.loads(stands.groma("verify", "--json").stdout)
    wrong = [finding["id"] for finding in found if finding["ok"] is False]
    assert wrong == ["fan-out-function.runs", "beside"]


def test_up_heals_it_and_changes_all_that_a_standing_stack_can_be_changed_in(stands: Stands) -> None:
    standing = STANDING["serverless"]
    (stands.stack.terraform / OVERRIDE_FILE).write_text(standing.override(), encoding="utf-8")
    stands.target.open()
    with standing.as_fixed():
        done = up(standing.after(), stands.stack, stands.target)
    assert [finding for finding in done.findings if finding.ok is False] == []
    assert done.changed > 20
    assert drift(stands.stack, stands.target).changes == ()


def test_down_leaves_nothing(stands: Stands) -> None:
    names = names_in(stands.state())
    assert leftovers("chirp-serverless", names, ["us-east-1"], stands.target) != ()
    done = stands.groma("down", "--keep-cloud")
    assert done.returncode == 0, done.stderr
    assert leftovers("chirp-serverless", names, ["us-east-1"], stands.target) == ()
    assert stands.client("lambda").list_functions()["Functions"] == []
    assert stands.client("sqs").list_queues().get("QueueUrls", []) == []
