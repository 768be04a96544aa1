"""The serverless example's whole life in the embedded cloud: provisioned, used by its users, taken down.

All of it is done under the least policy for it, and each function under its own role.
One stack serves all tests of this file, which run in their order.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from attached import attached_on_path
from deploying import derived, held_to, kept, prove, refused, regenerating, unjudged
from groma.cli.app import app
from groma.design import design
from groma.live.leftovers import leftovers, names_in
from groma.live.patience import again_and_again
from groma.live.preflight import preflight
from groma.live.provision import up
from groma.live.rehearsal import with_a_domain
from groma.live.stack import Stack
from groma.live.target import EmbeddedTarget
from groma.live.toolchain import ensure_engine
from groma.live.verify.visitor import Visitor
from groma.workload import load
from passing_time import confirm, publish, quiet_values, states, turns
from standing import STANDING
from sweeping import secrets_of, strays
from tutorial import must_show
from workloads import ROOT

pytestmark = pytest.mark.slow

EXAMPLE = ROOT / "examples" / "social-serverless.yaml"
STEPS = {
    "sign-up", "log-in", "no-token", "forged-token", "timeline", "picture", "api-throttling",
    "fan-out-dead-letters", "fan-out-dead-letters-alarm",
    "pictures-dead-letters", "pictures-dead-letters-alarm",
}  # fmt: skip
POLICY = "permissions-serverless.json"
DAY_S = 86_400
FAULTS, MAILED_S = ("pictures-function-errors", "fan-out-dead-letters-messages"), 600.0
"""Alarms that are set off in earnest, and how long their mails are waited for."""
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
        return self.target.as_root().client(service)


@pytest.fixture(scope="module")
def stands(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Stands]:
    made = Stands(tmp_path_factory.mktemp("serverless"))
    held_to(made.target.cloud, None if regenerating(request) else kept(POLICY))
    try:
        with attached_on_path():
            yield made
    finally:
        made.target.cloud.stop(discard=True)


def test_up_ends_with_every_line_and_the_journey_ok(stands: Stands) -> None:
    done = stands.groma("up", "--json")
    assert done.returncode == 0, done.stderr
    findings = json.loads(done.stdout)["findings"]
    assert [finding for finding in findings if finding["ok"] is False] == []
    waits = {"mail.subscription", "mail.tickets-subscription"}
    assert {finding["id"] for finding in findings if finding["ok"] is None} - {FLOOD} == waits
    went = {
        finding["id"].removeprefix("journey.") for finding in findings if finding["id"].startswith("journey.")
    }
    assert went == STEPS
    made = sum(len(each["instances"]) for each in stands.state()["resources"] if each["mode"] == "managed")
    for page in ("README.md", "docs/tutorial.md"):
        must_show(page, [finding["what"] for finding in findings], made)


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


def test_no_secret_lies_about(stands: Stands) -> None:
    stands.target.open()
    secrets = secrets_of(stands.target.directory, stands.target.endpoints, "us-east-1")
    assert strays(stands.folder, secrets) == []


def test_a_browser_is_served_the_site_by_a_name_that_it_finds_by_itself(stands: Stands) -> None:
    host = stands.outputs()["distribution_domain_name"].replace(".cloudfront.net", ".cloudfront.localhost")
    stands.target.open()
    visitor = Visitor(stands.target.web(host))
    page, script, api = (visitor.ask("GET", path) for path in ("/", "/app.js", "/api/healthz"))
    assert (page.status, script.status, api.status) == (200, 200, 200)
    assert b"<!doctype html>" in page.body
    assert api.content == {"ok": True}


def test_what_runs_there_is_told_measured_logged_and_reached(
    stands: Stands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it of the file's own commands; the journey has just called the functions."""
    monkeypatch.chdir(stands.folder)
    file = ["-f", str(EXAMPLE)]
    with unjudged(stands.target.cloud):
        status = told("status", str(EXAMPLE))
        measured = told("metrics", "api-function", *file)
        logged = told("logs", "api-function", *file)
        led = told("env", str(EXAMPLE))
        site = told("open", "site", *file)["site"]
        watched = watching("status", str(EXAMPLE), "--watch")
    assert watched.count("chirp-serverless in the embedded cloud") == 2
    figures = {each["about"]: each["now"] for each in status["figures"]}
    assert float(figures["load"].split()[0]) > 0
    assert figures["p99"].endswith(" ms")
    assert status["drift"] is None
    (errors,) = (each for each in measured["curves"] if each["alarm"] == "api-function-errors")
    assert any(point is not None for point in errors["points"])
    assert any(entry["text"].startswith("START RequestId") for entry in logged["entries"])
    ask = "import boto3; print(boto3.client('lambda').list_functions()['Functions'][0]['FunctionName'])"
    bare = {name: value for name, value in os.environ.items() if name not in led["unset"]}
    done = subprocess.run(
        [sys.executable, "-c", ask], env={**bare, **led["variables"]}, capture_output=True, text=True
    )
    assert done.stdout.startswith("chirp-serverless-"), done.stderr
    host = stands.outputs()["distribution_domain_name"].removesuffix(".net")
    assert site.startswith(f"http://{host}.localhost:")


def watching(*command: str) -> str:
    """What a command tells that looks again and again, until it is stopped after the second look."""
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            raise KeyboardInterrupt

    with patch.object(again_and_again, "__defaults__", (pause,)):
        return CliRunner().invoke(app, command).stdout


def told(*command: str) -> Any:
    """What a command answers in JSON."""
    done = CliRunner().invoke(app, [*command, "--json"])
    assert done.exit_code in (0, 1), done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return json.loads(done.stdout)


def test_a_function_is_made_to_fail_and_a_message_is_poisoned(
    stands: Stands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the alarms make of both is looked at when what comes next has taken its minutes."""
    monkeypatch.chdir(stands.folder)
    assert confirm(told("mail", str(EXAMPLE))) == 2, "pages and tickets"
    functions, sqs = stands.client("lambda"), stands.client("sqs")
    until_s, cloudwatch = time.monotonic() + MAILED_S, stands.client("cloudwatch")
    while any(turns(cloudwatch, f"chirp-serverless-{fault}")[-1:] == ["ALARM"] for fault in FAULTS):
        assert time.monotonic() < until_s, "what the journey set off, before anybody was mailed, is not over"
        time.sleep(5)
    for _ in range(5):
        failed = functions.invoke(FunctionName="chirp-serverless-pictures", Payload=b"{}")
        assert failed["FunctionError"] == "Unhandled"
    dead = stands.outputs()["fan_out_dead_letter_url"]
    sqs.send_message(QueueUrl=dead, MessageBody="a message that nobody can do")


def test_a_file_that_says_something_else_is_compared_with_what_stands(
    stands: Stands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(stands.folder)
    more = stands.folder / "more.yaml"
    more.write_text(EXAMPLE.read_text(encoding="utf-8").replace("50_000", "60_000", 1), encoding="utf-8")
    found = told("diff", "-f", str(more))
    assert found["before"] == "what stands in the embedded cloud"
    assert [fact["about"] for fact in found["stated"]] == ["users.total"]
    assert told("diff", "-f", str(EXAMPLE))["changes"] is False


def test_what_was_changed_is_found_and_a_missing_permission_fails_as_on_aws(stands: Stands) -> None:
    functions, name = stands.client("lambda"), "chirp-serverless-fan-out"
    functions.update_function_configuration(FunctionName=name, Timeout=3)
    lent = {"StatementId": "Lent", "Action": "lambda:InvokeFunction", "Principal": "444455556666"}
    functions.add_permission(FunctionName=name, **lent)
    before = {each["text"] for each in stands.target.cloud.refused()}
    with without_permission(stands, "chirp-serverless-api-us-east-1", "dynamodb:GetItem"):
        found = json.loads(stands.groma("verify", "--json").stdout)
    wrong = {finding["id"] for finding in found if finding["ok"] is False}
    assert wrong == {"fan-out-function.runs", "api-function.rights", "journey.log-in", "beside"}
    (told,) = {each["text"] for each in stands.target.cloud.refused()} - before
    role, refused_text = "chirp-serverless-api-us-east-1", "is not authorized to perform: dynamodb:GetItem"
    assert f"assumed-role/{role}/chirp-serverless-api {refused_text}" in told
    assert f"[Groma: role {role}: no statement of an identity-based policy allows" in told


@contextmanager
def without_permission(stands: Stands, role: str, action: str) -> Iterator[None]:
    """Within it a function's role may not take an action that it otherwise may."""
    iam, name = stands.client("iam"), {"RoleName": role, "PolicyName": "function"}
    had = iam.get_role_policy(**name)["PolicyDocument"]
    kept_rows = [
        {**row, "Action": [each for each in row["Action"] if each != action]} for row in had["Statement"]
    ]
    assert kept_rows != had["Statement"]
    less = {**had, "Statement": [row for row in kept_rows if row["Action"]]}
    iam.put_role_policy(**name, PolicyDocument=json.dumps(less))
    try:
        yield
    finally:
        iam.put_role_policy(**name, PolicyDocument=json.dumps(had))


def test_the_preflight_may_look_at_everything(stands: Stands) -> None:
    stands.target.open()
    looks = preflight(design(with_a_domain(load(EXAMPLE))), stands.target).looks
    assert [look for look in looks if "AWS does not say" in look.found] == []


def test_each_fault_has_been_mailed(stands: Stands, monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed some minutes ago; told before the address is changed, which is told nothing at first."""
    monkeypatch.chdir(stands.folder)
    stands.target.open()
    wanted = {f'ALARM: "chirp-serverless-{fault}" in US East (N. Virginia)' for fault in FAULTS}
    until_s = time.monotonic() + MAILED_S
    while not wanted <= (seen := {each["subject"] for each in told("mail", str(EXAMPLE))}):
        assert time.monotonic() < until_s, seen
        time.sleep(5)
    for fault in FAULTS:
        assert "ALARM" in turns(stands.client("cloudwatch"), f"chirp-serverless-{fault}")


def test_up_heals_it_and_changes_all_that_a_standing_stack_can_be_changed_in(stands: Stands) -> None:
    standing = STANDING["serverless"]
    stands.target.open()
    with standing.as_fixed(), standing.overridden(), unjudged(stands.target.cloud):
        done = up(standing.after(), stands.stack, stands.target)
        assert [finding for finding in done.findings if finding.ok is False] == []
        assert done.changed > 20
        planned = stands.terraform("plan", "-detailed-exitcode", "-no-color")
    assert planned.returncode == 0, planned.stdout[-3000:] + planned.stderr


def test_a_quiet_day_mails_nothing_and_a_queue_that_grows_a_page(
    stands: Stands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both in seconds."""
    monkeypatch.chdir(stands.folder)
    cloudwatch, mail = stands.client("cloudwatch"), ["mail", str(EXAMPLE)]
    assert confirm(told(*mail)[2:]) == 2, "the address was changed"

    now_s, values = time.time(), quiet_values(cloudwatch, "chirp-serverless")
    quiet = {metric: partial(constant, value) for metric, value in values.items()}
    publish(cloudwatch, quiet, now_s, now_s + DAY_S, 600)
    before = len(told(*mail, "--after", "10m"))
    assert told(*mail, "--after", "23h")[before:] == []
    assert set(states(cloudwatch, "chirp-serverless")) <= {"OK", "INSUFFICIENT_DATA"}

    (grows,) = (each for each in values if "Age" in each[1] and "fan-out" in dict(each[2])["QueueName"])
    publish(cloudwatch, {grows: lambda since_s: since_s}, now_s + DAY_S, now_s + DAY_S + 900, 60)
    (page,) = told(*mail, "--after", "1h10m")[before:]
    assert page["subject"] == 'ALARM: "chirp-serverless-fan-out-queue-age" in US East (N. Virginia)'
    assert "PAGE: messages wait too long in the fan-out queue." in page["text"]
    assert turns(cloudwatch, "chirp-serverless-fan-out-queue-age")[-3:] == ["OK", "ALARM", "OK"]


def constant(value: float, _: float) -> float:
    """The same at all times."""
    return value


def test_down_leaves_nothing(stands: Stands) -> None:
    names = names_in(stands.state())
    assert leftovers("chirp-serverless", names, ["us-east-1"], stands.target) != ()
    done = stands.groma("down", "--keep-cloud")
    assert done.returncode == 0, done.stderr
    assert leftovers("chirp-serverless", names, ["us-east-1"], stands.target) == ()
    assert stands.client("lambda").list_functions()["Functions"] == []
    assert stands.client("sqs").list_queues().get("QueueUrls", []) == []


def test_all_of_it_was_done_under_the_least_policy(stands: Stands, request: pytest.FixtureRequest) -> None:
    cloud = stands.target.cloud
    assert [text for text in refused(cloud) if "dynamodb:GetItem" not in text] == []
    assert cloud.unread() == ()
    prove(derived(cloud, "chirp-serverless"), POLICY, request)
