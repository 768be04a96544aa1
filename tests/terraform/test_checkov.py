"""Checkov over the modules by themselves, and over a rendered root that gives them real values."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

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


@pytest.fixture(scope="module")
def report(designed, tmp_path_factory) -> dict[str, Any]:
    """What Checkov says of both, which it is asked at once: to start takes it as long as to look."""
    folder = tmp_path_factory.mktemp("checked")
    shutil.copytree(MODULES, folder / "modules", ignore=shutil.ignore_patterns(".terraform*"))
    for path, text in render(designed.architecture).items():
        (folder / "root" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "root" / path).write_text(text)
    arguments = ["-d", str(folder), "--framework", "terraform", "-o", "json", "--skip-download"]
    command = [checkov_program(), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    return {"code": done.returncode, **json.loads(done.stdout)}


def assert_clean(report: dict[str, Any], folder: str) -> None:
    passed, failed = (
        [f"{each['check_id']} {each['resource']}" for each in found if each["file_path"].startswith(folder)]
        for found in (report["results"]["passed_checks"], report["results"]["failed_checks"])
    )
    assert failed == []
    assert report["results"]["parsing_errors"] == []
    assert len(passed) > 100
    assert report["code"] == 0


def test_the_modules_pass(report):
    assert_clean(report, "/modules/")


def test_a_rendered_root_passes(report):
    assert_clean(report, "/root/")
