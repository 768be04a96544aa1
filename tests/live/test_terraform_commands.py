from __future__ import annotations

from pathlib import Path

import pytest

from groma.live.terraform_cli import Completed, Options, Terraform, commands
from groma.live.toolchain import Engine

ENGINE = Engine(Path("/opt/bin/tofu"), "tofu", "1.10.0")


class Recorder:
    """A runner that answers short commands from a table and remembers what it was asked."""

    def __init__(self, answers: dict[str, Completed]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, ...]] = []
        self.environments: list[dict[str, str]] = []

    def run(self, command, timeout_s):
        self.asked.append(command.argv)
        self.environments.append(dict(command.environment))
        return self.answers[command.argv[1]]

    def start(self, command, output):
        raise AssertionError(f"not a long command: {command}")


def test_every_long_command_is_unattended_and_machine_readable():
    options = Options(lock_timeout_s=30, parallelism=4)
    for argv in (commands.plan(options), commands.apply(options), commands.destroy(options)):
        assert {"-json", "-input=false", "-no-color", "-lock-timeout=30s", "-parallelism=4"} <= set(argv)


def test_parallelism_is_left_to_terraform_unless_it_is_set():
    assert not [flag for flag in commands.apply(Options()) if flag.startswith("-parallelism")]


def test_plan_asks_for_the_detailed_exit_code():
    assert commands.plan(Options())[:2] == ("plan", "-detailed-exitcode")


def test_plan_can_be_saved_and_be_a_plan_to_destroy():
    argv = commands.plan(Options(), save_as=Path("up.tfplan"), destroy=True)
    assert "-out=up.tfplan" in argv
    assert "-destroy" in argv
    assert "-refresh-only" not in argv


def test_a_saved_plan_is_the_last_argument_of_apply():
    assert commands.apply(Options(), plan_file=Path("up.tfplan"))[-1] == "up.tfplan"


def test_apply_can_be_limited_to_some_addresses():
    argv = commands.apply(Options(), only=("module.web.aws_lb.this", "module.app.aws_lb.this"))
    assert argv[-2:] == ("-target=module.web.aws_lb.this", "-target=module.app.aws_lb.this")


def test_what_is_to_be_made_anew_is_planned_or_applied_so():
    anew = ("module.web.terraform_data.image",)
    for argv in (commands.plan(Options(), replace=anew), commands.apply(Options(), replace=anew)):
        assert [flag for flag in argv if flag.startswith("-replace")] == [f"-replace={anew[0]}"]
    assert not [flag for flag in commands.plan(Options()) if flag.startswith("-replace")]


def test_destroy_and_apply_do_not_ask():
    assert "-auto-approve" in commands.destroy(Options())
    assert "-auto-approve" in commands.apply(Options())


def test_a_command_is_shown_as_typed_and_hides_its_environment(tmp_path):
    terraform = Terraform(ENGINE, tmp_path, {"AWS_SECRET_ACCESS_KEY": "hush"})
    command = terraform.command(commands.state_list())
    assert command.shown == "tofu state list"
    assert "hush" not in repr(command)


def test_short_commands_run_the_engine_with_the_stack_s_environment(tmp_path):
    runner = Recorder({"output": Completed(0, '{"url": {"value": "http://x", "type": "string"}}', "")})
    terraform = Terraform(ENGINE, tmp_path, {"AWS_REGION": "us-east-1"}, runner=runner)
    assert terraform.output() == {"url": "http://x"}
    assert runner.asked == [("/opt/bin/tofu", "output", "-json", "-no-color")]
    assert runner.environments[0]["AWS_REGION"] == "us-east-1"
    assert runner.environments[0]["TF_IN_AUTOMATION"] == "1"


def test_files_out_of_form_are_listed(tmp_path):
    runner = Recorder({"fmt": Completed(3, "main.tf\nmodules/a/vars.tf\n", "")})
    assert Terraform(ENGINE, tmp_path, runner=runner).fmt_check() == ["main.tf", "modules/a/vars.tf"]


def test_a_state_that_lies_elsewhere_is_asked_for(tmp_path):
    runner = Recorder({"state": Completed(0, '{"version": 4, "resources": []}', "")})
    assert Terraform(ENGINE, tmp_path, runner=runner).state() == {"version": 4, "resources": []}
    assert runner.asked == [("/opt/bin/tofu", "state", "pull")]


def test_a_state_in_a_bucket_is_read_there_and_terraform_is_not_asked(tmp_path):
    state = b'{"version": 4, "resources": [], "outputs": {"url": {"value": "http://x", "type": "string"}}}'
    runner = Recorder({})
    terraform = Terraform(ENGINE, tmp_path, runner=runner, remote=lambda: state)
    assert terraform.state()["version"] == 4
    assert terraform.output() == {"url": "http://x"}
    assert runner.asked == []


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"version": 5}', b'{"version": 4}'])
def test_terraform_is_asked_for_a_state_that_cannot_be_read_there(tmp_path, content):
    runner = Recorder({"state": Completed(0, '{"version": 4, "resources": []}', "")})
    terraform = Terraform(ENGINE, tmp_path, runner=runner, remote=lambda: content)
    assert terraform.state() == {"version": 4, "resources": []}
    assert runner.asked == [("/opt/bin/tofu", "state", "pull")]


def test_a_stack_without_state_has_no_resources(tmp_path):
    runner = Recorder({"state": Completed(1, "", "No state file was found!\n\nState management...")})
    assert Terraform(ENGINE, tmp_path, runner=runner).state_list() == []
