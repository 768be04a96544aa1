from __future__ import annotations

import json
import os

import pytest

from groma.live.terraform_cli import Doubt, doubt, note_settled

ROLE, GROUP = "module.a.aws_iam_role.server", 'module.a.aws_security_group.all["x"]'


def hook(kind, address, action="create"):
    return {"type": kind, "hook": {"resource": {"addr": address}, "action": action, "elapsed_seconds": 1}}


def begun(address, action="create"):
    return hook("apply_start", address, action)


def done(address, action="create"):
    return hook("apply_complete", address, action)


def error(text, address=""):
    found = {"severity": "error", "summary": text, "detail": "", "address": address}
    return {"type": "diagnostic", "diagnostic": found}


TOTALS = {
    "type": "change_summary",
    "changes": {"add": 2, "change": 0, "remove": 0, "operation": "apply"},
}


def log(directory, name, *lines):
    (directory / "logs").mkdir(exist_ok=True)
    path = directory / "logs" / name
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_a_stack_without_runs_has_nothing_in_doubt(tmp_path):
    assert not doubt(tmp_path)


def test_what_a_run_that_was_killed_had_begun_is_in_doubt_also_when_it_was_done(tmp_path):
    log(tmp_path, "0002-apply.jsonl", begun(ROLE), begun(GROUP), done(ROLE))
    assert doubt(tmp_path) == Doubt(frozenset({ROLE, GROUP}), False, "the last run did not end well")


def test_the_last_line_of_a_killed_run_may_be_cut_off(tmp_path):
    path = log(tmp_path, "0002-apply.jsonl", begun(ROLE))
    path.write_text(path.read_text() + '{"type": "apply_st')
    assert doubt(tmp_path).begun == {ROLE}


def test_a_run_with_totals_leaves_nothing_in_doubt(tmp_path):
    log(tmp_path, "0002-apply.jsonl", begun(ROLE), done(ROLE), TOTALS)
    assert not doubt(tmp_path)


@pytest.mark.parametrize(
    ("text", "is_in_doubt"),
    [
        ("creating IAM Role: api error AccessDenied: no", False),
        ("Plugin did not respond: The plugin encountered an error", True),
        (
            "creating EC2 VPC: request send failed, Post: dial tcp 127.0.0.1:1: connect: connection refused",
            True,
        ),
        (
            "creating IAM Role: https response error StatusCode: 0, RequestID: , canceled, context canceled",
            True,
        ),
    ],
)
def test_only_an_answer_of_the_cloud_says_what_became_of_a_request(tmp_path, text, is_in_doubt):
    log(tmp_path, "0002-apply.jsonl", begun(ROLE), error(text, ROLE))
    assert bool(doubt(tmp_path)) == is_in_doubt


def test_a_name_that_was_taken_before_is_not_what_the_run_has_made(tmp_path):
    taken = error("creating IAM Role: EntityAlreadyExists: Role with name application already exists", ROLE)
    log(tmp_path, "0002-apply.jsonl", begun(ROLE), begun(GROUP), taken, error("Plugin did not respond"))
    assert doubt(tmp_path).begun == {GROUP}


def test_what_was_deleted_in_the_same_run_is_not_in_doubt(tmp_path):
    log(tmp_path, "0002-apply.jsonl", begun(ROLE), done(ROLE), begun(ROLE, "delete"), done(ROLE, "delete"))
    assert not doubt(tmp_path)


def test_what_was_settled_is_not_in_doubt_again(tmp_path):
    log(tmp_path, "0002-apply.jsonl", begun(ROLE))
    note_settled(tmp_path)
    assert not doubt(tmp_path)
    log(tmp_path, "0005-apply.jsonl", begun(GROUP))
    assert doubt(tmp_path).begun == {GROUP}


def test_everything_is_in_doubt_when_the_machine_went_down_at_work(tmp_path):
    os.utime(log(tmp_path, "0002-apply.jsonl", begun(ROLE)), (1.0, 1.0))
    assert doubt(tmp_path) == Doubt(
        frozenset({ROLE}), True, "the machine went down while Terraform was at work"
    )


def test_a_run_that_ended_well_before_the_machine_went_down_leaves_nothing_in_doubt(tmp_path):
    os.utime(log(tmp_path, "0002-apply.jsonl", begun(ROLE), done(ROLE), TOTALS), (1.0, 1.0))
    assert not doubt(tmp_path)


def test_everything_is_in_doubt_when_the_cloud_has_lost_what_it_was_told(tmp_path):
    assert not doubt(tmp_path, losses=3), "nothing was told by this stack"
    note_settled(tmp_path, losses=3)
    assert not doubt(tmp_path, losses=3)
    assert doubt(tmp_path, losses=4).everything


def test_everything_is_in_doubt_when_the_state_was_rolled_back(tmp_path):
    state = {"version": 4, "serial": 9, "lineage": "one", "outputs": {}, "resources": []}
    (tmp_path / "terraform.tfstate").write_text(json.dumps(state))
    note_settled(tmp_path)
    assert not doubt(tmp_path)
    (tmp_path / "terraform.tfstate").write_text(json.dumps(state | {"serial": 8}))
    assert doubt(tmp_path) == Doubt(frozenset(), True, "the state is older than the last run left it")


def test_a_damaged_note_means_that_nothing_was_settled(tmp_path):
    log(tmp_path, "0002-apply.jsonl", begun(ROLE))
    (tmp_path / "logs" / "settled.json").write_text("[")
    assert doubt(tmp_path).begun == {ROLE}
