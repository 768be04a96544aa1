"""The tutorial's commands are run, and print what it shows; the life cycles run those that need a cloud."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from groma.cli.app import app
from tutorial import blocks, commands, findings_shown, printed_after

PAGE = "docs/tutorial.md"
LIVE = {"up", "verify", "status", "metrics", "down"}
"""Commands of a cloud: tests/live/test_life_cycle_serverless.py runs them, and counts what is shown."""
LONG = {"--sensitivity", "--compare"}
"""Questions that take long; their own tests ask them of the same example."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory):
    return tmp_path_factory.mktemp("tutorial") / "chirp"


@pytest.mark.slow
def test_it_is_followed_from_an_empty_folder(folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the page, as far as no cloud is needed: each ends well and prints what is shown."""
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "80")
    run = [call for call in commands(PAGE) if call[0] not in LIVE and not LONG & set(call)]
    assert [call[0] for call in run[:2]] == ["init", "plan"]
    for call in run:
        done = CliRunner().invoke(app, call)
        assert done.exit_code == 0, (call, done.output)
        if f"$ groma {' '.join(call)}\n" in "".join(blocks(PAGE, "console")):
            shown = printed_after(PAGE, f"groma {' '.join(call)}").split()
            assert done.stdout.split() == shown, call
    stated = {line for line in (folder / "groma.yaml").read_text(encoding="utf-8").splitlines() if line}
    (excerpt,) = blocks(PAGE, "yaml")
    assert {line for line in excerpt.splitlines() if line} <= stated


def test_every_command_is_one_with_these_options(folder) -> None:
    command = typer.main.get_command(app)
    for call in commands(PAGE):
        assert isinstance(command, typer.core.TyperGroup)
        command.commands[call[0]].make_context(call[0], list(call[1:]), resilient_parsing=True)


def test_what_a_cloud_is_needed_for_is_counted_there() -> None:
    assert {call[0] for call in commands(PAGE)} - {"init", "plan", "draw"} == LIVE
    assert len(list(findings_shown(PAGE))) > 5
