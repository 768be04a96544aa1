"""A worldwide stack in the embedded cloud: up, as designed in every region, settled, changed, taken down."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from attached import attached_on_path
from chirp.functions.posts import message
from chirp.social.ids import Ids
from chirp.social.model import Post
from groma.live.provision import drift, up
from groma.live.stack import Stack
from groma.live.target import EmbeddedTarget
from standing import STANDING

pytestmark = pytest.mark.slow


class Stands:
    """One stack in two regions, and who looks at it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "groma.yaml").write_text(STANDING["worldwide"].first, encoding="utf-8")
        self.stack = Stack("chirp", "embedded", folder / ".groma")
        self.target = EmbeddedTarget(folder / ".groma" / "cloud")

    def groma(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command of Groma."""
        command = [sys.executable, "-m", "groma.cli", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=1500)

    def plan(self) -> subprocess.CompletedProcess[str]:
        """Terraform by hand: exit code 0 when nothing is to be changed, 2 when something is."""
        command = ["terraform", "plan", "-input=false", "-no-color", "-detailed-exitcode"]
        return subprocess.run(command, cwd=self.stack.terraform, capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="module")
def stands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stands]:
    """The stack; taken down whatever happened, so that no process stays behind."""
    found = Stands(tmp_path_factory.mktemp("worldwide"))
    with attached_on_path():
        yield found
        found.groma("down")


def test_up_makes_all_regions_as_designed(stands):
    done = stands.groma("up", "--json")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    findings = json.loads(done.stdout)["findings"]
    assert [each for each in findings if each["ok"] is False] == []
    seen = [each["what"] for each in findings]
    for region in ("us-east-1", "eu-west-1"):
        for element in ("Aurora cluster", "Valkey cache", "S3 bucket", "web load balancer", "fan-out queue"):
            assert any(what.startswith(f"{region}: {element}") for what in seen), element
        assert any(what.startswith(f"{region}: S3 bucket: the first page") for what in seen)
        assert any(what.startswith(f"{region}: web load balancer knows the") for what in seen)
    assert any("leads to eu-west-1" in what for what in seen)
    assert any("regions with a copy" in what for what in seen)


def test_a_second_plan_is_empty(stands):
    planned = stands.plan()
    assert planned.returncode == 0, planned.stdout[-4000:] + planned.stderr[-2000:]


def test_a_post_of_one_region_comes_into_the_timelines_of_both(stands):
    """Through the topic there, the queue and the fan-out of each region, which knows who follows."""
    stands.target.open()
    aws = stands.target.as_root()
    sns, post = aws.client("sns", "us-east-1"), Post(Ids()(), "ada", "hello")
    follower = {"pk": {"S": "followers#ada"}, "sk": {"S": "grace"}}
    aws.client("dynamodb", "us-east-1").put_item(TableName="chirp", Item=follower)
    topics = (each["TopicArn"] for each in sns.list_topics()["Topics"])
    (topic,) = (arn for arn in topics if arn.endswith(":chirp-use1-posted"))
    sns.publish(TopicArn=topic, Message=message(post, own=True))
    for region, code in (("us-east-1", "use1"), ("eu-west-1", "euw1")):
        dynamodb = aws.client("dynamodb", region)
        for reader in ("grace", "ada"):
            key = {"pk": {"S": f"timeline#{reader}"}, "sk": {"S": post.id}}
            deadline = time.monotonic() + 60
            while "Item" not in (found := dynamodb.get_item(TableName=f"chirp-{code}-timelines", Key=key)):
                assert time.monotonic() < deadline, f"{reader} does not see it in {region}"
                time.sleep(0.2)
            assert found["Item"]["text"] == {"S": "hello"}


def test_a_later_up_changes_all_that_a_standing_stack_can_be_changed_in(stands):
    standing = STANDING["worldwide"]
    stands.target.open()
    with standing.as_fixed(), standing.overridden():
        done = up(standing.after(), stands.stack, stands.target)
    assert [finding for finding in done.findings if not finding.ok] == []
    assert done.changed > 50
    assert drift(stands.stack, stands.target).changes == ()


def test_down_leaves_nothing_in_any_region(stands):
    done = stands.groma("down")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert "the cloud lists none" in done.stdout
    assert "the state bucket chirp-state went with the embedded cloud" in done.stdout
