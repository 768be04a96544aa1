"""What is installed with Groma: little for who only plans, and one line says what is missing for more."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from groma.errors import ToolMissing
from groma.installation import need, packages_of
from workloads import ROOT

EXTRAS = ("aws", "embedded", "chirp")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
MODULES = {
    "aws-lambda-powertools": "aws_lambda_powertools",
    "pillow": "",  # also matplotlib's and reportlab's, so that it is always there
    "psycopg-pool": "psycopg_pool",
}
"""Distribution → the module by which it is imported, where that is another name."""

WITHOUT = """\
import sys
from pathlib import Path
from importlib import metadata

absent = set(sys.argv[1].split(","))

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"{name} was asked for without its extra", name=name)

sys.meta_path.insert(0, Absent())
there = metadata.distribution

def distribution(name):
    if name.replace("-", "_") in absent:
        raise metadata.PackageNotFoundError(name)
    return there(name)

metadata.distribution = distribution
from groma.cli import main
for command in sys.argv[2:]:
    sys.argv = ["groma", *command.split()]
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
"""
"""The command line, command after command, where some modules are not installed."""


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=~ ]", requirement)[0]


def absent() -> str:
    """The modules of all extras."""
    stated = [name_of(each) for extra in EXTRAS for each in PROJECT["optional-dependencies"][extra]]
    modules = {MODULES.get(name, name) for name in stated} - {"", "groma"}
    return ",".join(sorted(modules))


def groma(*commands: str) -> subprocess.CompletedProcess[str]:
    """What Groma says to some commands, up to the first that fails."""
    command = [sys.executable, "-c", WITHOUT, absent(), *commands]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def test_an_extra_is_what_the_distribution_says() -> None:
    stated = [
        "rich>=13",
        'moto[all]==5.2.5; extra == "embedded"',
        "boto3>=1; python_version>'3' and extra == 'aws'",
    ]
    assert packages_of("embedded", stated) == ("moto",)
    assert packages_of("aws", stated) == ("boto3",)
    assert packages_of("none", stated) == ()


def test_what_is_installed_is_not_missing() -> None:
    need(*EXTRAS)


def test_whatever_extra_there_is_brings_something() -> None:
    from importlib.metadata import requires

    for extra in EXTRAS:
        wanted = {name_of(each) for each in PROJECT["optional-dependencies"][extra]} - {"groma"}
        assert wanted <= set(packages_of(extra, requires("groma") or ()))


def test_what_is_missing_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.requires", lambda _: ["no-such-thing; extra == 'chirp'"])
    with pytest.raises(ToolMissing, match="not installed: no-such-thing") as error:
        need("chirp", "aws")
    assert error.value.hint == "pip install 'groma[chirp]'"


def check_without_extras(example: str, folder: Path) -> None:
    """Plan, draw and build an example where no extra can be imported."""
    file = f"examples/{example}.yaml"
    drawn, out = folder / "arch.pdf", folder / "out"
    done = groma(f"plan {file}", f"draw {file} -o {drawn}", f"build {file} -o {out}")
    assert (done.returncode, done.stderr) == (0, "")
    assert drawn.stat().st_size > 1000
    assert (out / "terraform" / "main.tf").is_file()
    if example != "starter":
        assert "without the application's own archives" in done.stdout
        assert "pip install 'groma[chirp]'" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("example", ["starter", "social-50k", "social-serverless", "social-worldwide"])
def test_who_plans_draws_and_builds_needs_no_extra(example: str, tmp_path: Path) -> None:
    check_without_extras(example, tmp_path)


@pytest.mark.parametrize(
    ("command", "extras"), [("up", "embedded,chirp"), ("up --target aws --yes", "aws,chirp")]
)
def test_who_provisions_is_told_what_to_install(command: str, extras: str) -> None:
    done = groma(f"{command} examples/social-50k.yaml")
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert f"pip install 'groma[{extras}]'" in done.stderr
