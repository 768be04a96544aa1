"""What a long run of Terraform says, and how its end is told; a stand-in runs in its place."""

from __future__ import annotations

import pytest
from fake_terraform import make_terraform, said

from groma.errors import ToolMissing
from groma.live.terraform_cli import ApplyStart, Message, RawLine, Terraform, TerraformFailed, Tick, live_run
from groma.live.toolchain import Engine


def test_apply_hands_on_events_and_returns_the_totals(tmp_path):
    terraform = make_terraform(
        tmp_path, 'resource("apply_start", "a"); summary("apply", add=3, change=2, remove=1)'
    )
    events = []
    summary = terraform.apply(events.append)
    assert (summary.added, summary.changed, summary.removed) == (3, 2, 1)
    assert [event.address for event in events if isinstance(event, ApplyStart)] == ["a"]
    assert said(terraform, "apply_start")
    assert summary.log == terraform.directory / "logs/0001-apply.jsonl"


def test_the_log_is_for_the_owner_alone_and_each_run_has_its_own(tmp_path):
    terraform = make_terraform(tmp_path, 'summary("apply")')
    first, second = terraform.apply().log, terraform.apply().log
    assert [first.name, second.name] == ["0001-apply.jsonl", "0002-apply.jsonl"]
    assert first.stat().st_mode & 0o777 == 0o600


def test_plan_tells_changes_from_none_by_the_exit_code(tmp_path):
    body = """
    def change(kind, address, action):
        say(kind, change={"resource": {"addr": address}, "action": action})
    change("resource_drift", "aws_route.nat", "delete")
    change("planned_change", "aws_route.nat", "create")
    change("planned_change", "data.aws_ami.al2023", "read")
    summary("plan", add=1)
    sys.exit(2)
    """
    plan = make_terraform(tmp_path, body).plan()
    assert plan.has_changes
    assert (plan.added, plan.changed, plan.removed) == (1, 0, 0)
    assert [(change.address, change.action) for change in plan.changes] == [("aws_route.nat", "create")]
    assert [(drift.address, drift.action) for drift in plan.drift] == [("aws_route.nat", "delete")]

    empty = make_terraform(tmp_path, 'summary("plan")').plan()
    assert not empty.has_changes
    assert empty.changes == ()


def test_a_silent_run_ticks(tmp_path):
    terraform = make_terraform(tmp_path, 'time.sleep(1.4); summary("apply")')
    events = []
    terraform.apply(events.append)
    assert 1 <= sum(isinstance(event, Tick) for event in events) <= 2


def test_unknown_events_and_raw_lines_do_no_harm(tmp_path):
    body = """
    say("from_the_future")
    print("a warning of the system")
    summary("apply")
    print("no line end", end="")
    """
    events = []
    make_terraform(tmp_path, body).apply(events.append)
    assert [event.kind for event in events if isinstance(event, Message)] == ["from_the_future"]
    assert [event.text for event in events if isinstance(event, RawLine)] == [
        "a warning of the system",
        "no line end",
    ]


def test_an_error_says_resource_place_cause_and_log(tmp_path):
    body = """
    error("creating VPC", "VpcLimitExceeded: too many", "module.network.aws_vpc.main",
          range={"filename": "modules/network/main.tf", "start": {"line": 4}})
    error("execution halted")
    error("creating bucket", "no", "aws_s3_bucket.content")
    error("creating bucket", "no", "aws_s3_bucket.content")
    sys.exit(1)
    """
    terraform = make_terraform(tmp_path, body)
    with pytest.raises(TerraformFailed) as caught:
        terraform.apply()
    failure = caught.value
    assert failure.where == "module.network.aws_vpc.main (modules/network/main.tf:4)"
    assert failure.what.splitlines() == [
        "creating VPC: VpcLimitExceeded: too many",
        "  aws_s3_bucket.content: creating bucket: no",
    ]
    assert "Service Quotas" in failure.hint
    assert str(terraform.directory / "logs/0001-apply.jsonl") in failure.hint
    assert len(failure.diagnostics) == 2
    assert failure.already_existing == ()


def test_what_the_cloud_has_but_the_state_has_not_is_named(tmp_path):
    body = """
    error("creating IAM Role", "EntityAlreadyExists: Role with name web already exists.", "aws_iam_role.web")
    error("creating VPC", "no", "aws_vpc.main")
    sys.exit(1)
    """
    with pytest.raises(TerraformFailed) as caught:
        make_terraform(tmp_path, body).apply()
    assert caught.value.already_existing == ("aws_iam_role.web",)
    assert "terraform import" in caught.value.hint


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('print("panic: nil map"); sys.exit(11)', "exit code 11, saying:\n  panic: nil map"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "ended by signal 9 and did not say why"),
    ],
)
def test_a_run_that_ends_without_an_error_report_is_told_by_what_it_left(tmp_path, body, told):
    with pytest.raises(TerraformFailed) as caught:
        make_terraform(tmp_path, body).apply()
    assert told in caught.value.what


def test_a_missing_program_is_an_error_with_its_name(tmp_path):
    terraform = Terraform(Engine(tmp_path / "gone", "terraform", "1.11.4"), tmp_path)
    with pytest.raises(ToolMissing, match="gone"):
        terraform.apply()
    with pytest.raises(ToolMissing, match="gone"):
        terraform.output()
    assert live_run(tmp_path) is None
