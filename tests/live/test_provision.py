"""Provisioning without a cloud: directories, guards, and what is done on AWS before a destroy."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest

from groma.components import may_be_protected
from groma.errors import InputError, OutsideError
from groma.live.provision import down, inspect, standing
from groma.live.stack import Stack, stacks, write_at_once
from groma.live.target import AwsTarget, EmbeddedTarget
from groma.report.documents import build
from groma.terraform import render


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack("chirp", "embedded", tmp_path)


def test_a_stack_is_known_once_it_is_remembered(stack, tmp_path):
    assert not stack.exists
    stack.remember(["us-east-1"], "three-tier", "1")
    assert stack.exists
    assert stacks(tmp_path) == (stack,)
    stack.forget()
    assert stacks(tmp_path) == ()
    assert list(tmp_path.iterdir()) == []


def test_a_stack_cannot_move_to_another_region_in_silence(stack):
    stack.remember(["us-east-1"], "three-tier", "1")
    stack.remember(["us-east-1"], "three-tier", "1")
    with pytest.raises(InputError, match="stands as three-tier in us-east-1"):
        stack.remember(["eu-west-1"], "three-tier", "1")


def test_targets_have_directories_of_their_own(tmp_path):
    assert Stack("chirp", "aws", tmp_path).directory != Stack("chirp", "embedded", tmp_path).directory


def _hold(home: Path, ready, release) -> None:
    with Stack("chirp", "embedded", home).held():
        ready.set()
        release.wait(30)


def test_two_gromas_do_not_work_on_one_stack(stack, tmp_path):
    ready, release = multiprocessing.Event(), multiprocessing.Event()
    other = multiprocessing.Process(target=_hold, args=(tmp_path, ready, release))
    other.start()
    try:
        assert ready.wait(30)
        with pytest.raises(OutsideError, match="another groma"), stack.held():
            pass
    finally:
        release.set()
        other.join()
    with stack.held():
        pass


def test_writing_takes_away_modules_that_are_no_longer_called(stack, designed):
    documents = build(designed)
    old = stack.terraform / "modules" / "cache"
    old.mkdir(parents=True)
    stack.write(documents, {"groma_override.tf": "override"})
    assert not old.exists()
    assert (stack.terraform / "groma_override.tf").read_text() == "override"
    stack.write(documents, {"groma_override.tf": ""})
    assert not (stack.terraform / "groma_override.tf").exists()


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "a" / "b.txt"
    write_at_once(path, b"one")
    before = path.stat().st_mtime_ns
    write_at_once(path, b"one")
    assert path.stat().st_mtime_ns == before
    write_at_once(path, b"two")
    assert path.read_bytes() == b"two"
    assert [p.name for p in path.parent.iterdir()] == ["b.txt"]
    with pytest.raises(OutsideError):
        write_at_once(tmp_path / "a" / "b.txt" / "c", b"x")


def test_what_does_not_stand_cannot_be_looked_at_and_is_down_already(stack, designed, tmp_path):
    target = EmbeddedTarget(tmp_path / "cloud")
    with pytest.raises(InputError, match="nothing of chirp"):
        inspect(designed.architecture, stack, target)
    assert down(stack, target).removed == 0
    assert not (tmp_path / "cloud").exists()


def test_everything_that_the_modules_protect_is_lifted_before_a_destroy(designed):
    """Each resource type that a module ties to `deletion_protection` is among those that are lifted."""
    blocks = [
        block
        for path, text in render(designed.architecture).items()
        if path.startswith("modules/") and path.endswith(".tf")
        for block in text.split("\nresource ")[1:]
    ]
    tied = {b.split('"')[1] for b in blocks if "var.deletion_protection" in b or "var.force_destroy" in b}
    assert tied
    for kind in tied:
        assert may_be_protected(f"module.x.{kind}.this"), kind
    assert not may_be_protected("module.web.aws_lb_target_group.this")


def test_aws_needs_credentials_and_says_so(monkeypatch, tmp_path):
    from groma.errors import CloudError

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(CloudError, match="credentials"):
        AwsTarget("us-east-1").open()


def test_a_record_is_json_that_a_person_can_read(stack):
    stack.remember(["us-east-1"], "three-tier", "1")
    record = json.loads((stack.directory / "stack.json").read_text())
    assert record == {"account": "1", "region": "us-east-1", "blueprint": "three-tier"}


def test_a_stack_is_not_looked_for_in_another_account(stack):
    stack.remember(["us-east-1"], "three-tier", "111122223333")
    stack.must_be_in("111122223333")
    with pytest.raises(
        InputError, match="account 111122223333, and the credentials are those of 444455556666"
    ):
        stack.must_be_in("444455556666")
    with pytest.raises(InputError, match="account 444455556666"):
        stack.remember(["us-east-1"], "three-tier", "444455556666")


def test_a_stack_whose_terraform_is_gone_is_to_be_adopted(stack, monkeypatch, tmp_path):
    monkeypatch.setattr(EmbeddedTarget, "open", lambda self: None)
    monkeypatch.setattr(EmbeddedTarget, "account", lambda self: "1")
    stack.remember(["us-east-1"], "three-tier", "1")
    with pytest.raises(InputError, match="its Terraform is gone") as caught:
        standing(stack, EmbeddedTarget(tmp_path / "cloud"))
    assert "groma adopt" in caught.value.hint
