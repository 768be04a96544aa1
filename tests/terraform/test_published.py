"""The published repository: a fresh root uses its modules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from workspace import Workspace

from groma.design import design
from groma.live.publish import Published
from groma.report.documents import build
from groma.workload import load
from workloads import ROOT

pytestmark = pytest.mark.slow


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
    called = [module for module in installed if module["Key"] and "." not in module["Key"]]
    sources = {module["Source"] for module in called}
    assert sources == {
        f"git::file://{published.remote}//modules/{name}?ref=v1.2.0" for name in ("alarms", "key", "starter")
    }
