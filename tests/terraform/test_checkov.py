"""Checkov over the modules by themselves, and over a rendered root that gives them real values."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from groma.terraform import render
from workloads import ROOT

pytestmark = pytest.mark.slow

MODULES = ROOT / "src" / "groma" / "terraform" / "modules"


def checkov_program() -> str:
    """Checkov has dependencies that clash with the tool's own, so it lives in an environment of its own."""
    own = ROOT / ".venv-checkov" / "bin" / "checkov"
    program = str(own) if own.is_file() else shutil.which("checkov")
    if program is None:
        pytest.fail(f"Checkov is missing: neither {own} nor on PATH; install it with `pip install checkov`")
    return program


def assert_clean(directory: Path) -> None:
    arguments = ["-d", str(directory), "--framework", "terraform", "-o", "json", "--skip-download"]
    command = [checkov_program(), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    report = json.loads(done.stdout)
    failed = [f"{check['check_id']} {check['resource']}" for check in report["results"]["failed_checks"]]
    assert failed == []
    assert report["results"]["parsing_errors"] == []
    assert report["summary"]["passed"] > 100
    assert done.returncode == 0


def test_the_modules_pass():
    assert_clean(MODULES)


def test_a_rendered_root_passes(designed, tmp_path):
    for path, text in render(designed.architecture).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    assert_clean(tmp_path)
