"""The published repository: a fresh root uses its modules, and all of its examples work."""

from __future__ import annotations

import datetime
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from workspace import Workspace

from groma.design import design
from groma.documents import build
from groma.live.embedded import Endpoints
from groma.live.publish import Published, publish
from groma.live.target import EmbeddedTarget, provider_aliases
from groma.terraform.repository import module_names
from groma.workload import load
from workloads import ROOT

pytestmark = pytest.mark.slow

ALONE = ("alarms", "artifact", "auth", "dns", "key", "network", "starter", "table")
"""Examples that need nothing but themselves. The others name a VPC, a queue, a zone or a function of the
reader's, which do not exist: they are planned, and what they make is applied with the blueprints."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    remote = tmp_path_factory.mktemp("remote") / "terraform-aws-blocks.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(remote)], check=True)
    return publish(str(remote), "1.2.0", today=datetime.date(2026, 11, 22))


def test_a_fresh_root_uses_the_published_modules(
    published: Published, workspace: Workspace, tmp_path: Path
) -> None:
    files = build(design(load(ROOT / "examples" / "starter.yaml")), published.source)
    root = {path: content for path, content in files.items() if path.startswith("terraform/")}
    assert not any("/modules/" in path for path in root)
    for path, content in root.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    folder = str(tmp_path / "terraform")
    workspace.run(folder, "init")
    workspace.run(folder, "validate")
    installed = json.loads((tmp_path / "terraform/.terraform/modules/modules.json").read_text())["Modules"]
    sources = {module["Source"] for module in installed if module["Key"]}
    assert sources == {
        f"git::file://{published.remote}//modules/{name}?ref=v1.2.0" for name in ("alarms", "key", "starter")
    }


def providers_of(target: EmbeddedTarget, aliases: Sequence[str] = ()) -> str:
    """The override of these providers alone."""
    return target.override(aliases).partition('variable "')[0]


def lead(example: Path, target: EmbeddedTarget) -> None:
    """Lead an example's providers to the embedded cloud.

    One that speaks of a single region gets the root's: each provider is a process of its own.
    """
    providers = example / "providers.tf"
    aliases = provider_aliases([providers.read_text()])
    if aliases:
        (example / "embedded_override.tf").write_text(providers_of(target, aliases))
    else:
        providers.unlink()


def test_every_example_is_planned_and_those_that_stand_alone_are_applied(
    published: Published, workspace: Workspace, embedded: Endpoints, tmp_path: Path
) -> None:
    folder = tmp_path / "clone"
    subprocess.run(
        ["git", "clone", "--quiet", "--branch", published.tag, published.remote, str(folder)],
        check=True,
        capture_output=True,
    )
    names = sorted(path.name for path in (folder / "examples").iterdir())
    assert names == list(module_names())
    target = EmbeddedTarget(tmp_path, _endpoints=embedded)
    for example in (folder / "examples").iterdir():
        lead(example, target)
    (folder / "providers.tf").write_text('provider "aws" {\n  region = "us-east-1"\n}\n')
    (folder / "embedded_override.tf").write_text(providers_of(target))
    calls = "\n".join(f'module "{name}" {{\n  source = "./examples/{name}"\n}}\n' for name in names)
    (folder / "main.tf").write_text(calls)
    here, root = workspace.within(embedded.environment()), str(folder)
    here.run(root, "init")
    here.run(root, "plan")
    here.run(root, "apply", "-auto-approve", *(f"-target=module.{name}" for name in ALONE))
    made = {line.split(".")[1] for line in here.run(root, "state", "list").stdout.splitlines()}
    assert set(ALONE) <= made
