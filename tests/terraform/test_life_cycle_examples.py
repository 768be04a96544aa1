"""Each module's README example is applied to the embedded cloud, is whole at once, and is destroyed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from joined import join, keep_state
from workspace import Workspace

from attached import attached
from groma.live.embedded import Endpoints
from groma.live.publish import Published
from groma.live.target import EmbeddedTarget
from groma.terraform.repository import module_names

pytestmark = pytest.mark.slow

AT_ONCE = "-parallelism=250"  # the provider mostly waits; and one example must not wait for another


@pytest.fixture
def clone(published: Published, tmp_path: Path) -> Path:
    """The published repository as one gets it."""
    folder = tmp_path / "clone"
    command = ["git", "clone", "--quiet", "--branch", published.tag, published.remote, str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_examples_are_formatted(clone: Path, workspace: Workspace) -> None:
    workspace.run(str(clone / "examples"), "fmt", "-check", "-diff", "-recursive")


def test_examples_are_applied_stay_as_they_are_and_are_destroyed(
    clone: Path, workspace: Workspace, embedded: Endpoints
) -> None:
    """All in one account, as its owner would try them: so the names of no two examples are the same."""
    target = EmbeddedTarget(clone, _endpoints=embedded)
    names = join(clone, target)
    keep_state(clone, target, "examples-state")
    assert names == list(module_names())
    here, root = workspace.within(embedded.environment()), str(clone)
    here.run(root, "init")
    with attached() as environment:
        led = here.within(environment)
        led.run(root, "apply", "-auto-approve", AT_ONCE)
        made = here.run(root, "state", "list").stdout.splitlines()
        assert {line.split(".")[1] for line in made if ".data." not in line} == set(names)
        led.run(root, "plan", "-detailed-exitcode", AT_ONCE)
        led.run(root, "destroy", "-auto-approve", "-refresh=false", AT_ONCE)
    assert here.run(root, "state", "list").stdout == ""
