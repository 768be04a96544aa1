from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from groma.errors import ToolMissing
from groma.live.toolchain import (
    Engine,
    cache_directory,
    child_environment,
    find_engine,
    platform_name,
)
from groma.live.toolchain.engine import ask_version, pinned_path, version_numbers
from groma.terraform.versions import PINNED


def program(path: Path, version: str | None = "1.11.4") -> Path:
    """Put a program in place that answers `version -json`, or with no version one that fails."""
    answer = f'echo \'{{"terraform_version": "{version}"}}\'' if version else "exit 1"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{answer}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def find(tmp_path):
    """`find_engine` with a PATH of one empty directory and an empty cache."""
    return lambda: find_engine(search_path=str(tmp_path / "bin"), cache=tmp_path / "cache")


def test_terraform_comes_before_tofu(tmp_path, find):
    terraform = program(tmp_path / "bin/terraform", "1.11.0")
    program(tmp_path / "bin/tofu", "1.11.0")
    assert find() == Engine(terraform, "terraform", "1.11.0")


def test_tofu_is_used_where_terraform_is_not_installed(tmp_path, find):
    tofu = program(tmp_path / "bin/tofu", "1.11.0")
    assert find() == Engine(tofu, "tofu", "1.11.0")


@pytest.mark.parametrize("version", ["1.8.5", "0.15", None])
def test_a_terraform_that_is_too_old_or_broken_is_passed_over(tmp_path, find, version):
    program(tmp_path / "bin/terraform", version)
    program(tmp_path / "bin/tofu", "1.11.1")
    assert find().name == "tofu"


def test_the_fetched_release_comes_last(tmp_path, find):
    fetched = program(pinned_path(tmp_path / "cache"))
    assert find() == Engine(fetched, "terraform", PINNED)
    installed = program(tmp_path / "bin/tofu")
    assert find().path == installed


def test_nothing_found_says_what_to_do(find):
    with pytest.raises(ToolMissing) as caught:
        find()
    assert "1.11 or newer" in caught.value.what
    assert "install" in caught.value.hint


def test_what_was_refused_is_named(tmp_path, find):
    old, broken = program(tmp_path / "bin/terraform", "1.5.7"), program(tmp_path / "bin/tofu", None)
    with pytest.raises(ToolMissing) as caught:
        find()
    assert f"{old} is 1.5.7" in caught.value.what
    assert f"{broken} does not run" in caught.value.what


def test_the_version_is_asked_without_a_missing_configuration_file(tmp_path, monkeypatch):
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(tmp_path / "missing"))
    asked = tmp_path / "terraform"
    asked.write_text('#!/bin/sh\n[ -z "$TF_CLI_CONFIG_FILE" ] && echo \'{"terraform_version": "1.10.1"}\'\n')
    asked.chmod(0o755)
    assert ask_version(asked) == "1.10.1"


def test_versions_are_compared_by_number():
    assert version_numbers("1.10.0") > version_numbers("1.9.8")
    assert version_numbers("1.12.0-beta1") == (1, 12, 0)
    assert version_numbers("unknown") == ()


@pytest.mark.parametrize(
    ("variables", "system", "expected"),
    [
        ({}, "linux", "/home/ada/.cache/groma"),
        ({}, "darwin", "/home/ada/Library/Caches/groma"),
        ({"XDG_CACHE_HOME": "/var/cache/ada"}, "linux", "/var/cache/ada/groma"),
        ({"XDG_CACHE_HOME": "/var/cache/ada"}, "darwin", "/var/cache/ada/groma"),
        ({"XDG_CACHE_HOME": ""}, "linux", "/home/ada/.cache/groma"),
        ({"XDG_CACHE_HOME": "relative"}, "linux", "/home/ada/.cache/groma"),
    ],
)
def test_the_cache_follows_the_system_s_custom(variables, system, expected):
    assert cache_directory(variables, home=Path("/home/ada"), system=system) == Path(expected)


@pytest.mark.parametrize(
    ("system", "machine", "expected"),
    [
        ("linux", "x86_64", "linux_amd64"),
        ("linux", "aarch64", "linux_arm64"),
        ("darwin", "arm64", "darwin_arm64"),
    ],
)
def test_platforms_are_named_as_releases_are(system, machine, expected):
    assert platform_name(system, machine) == expected


@pytest.mark.parametrize(("system", "machine"), [("linux", "riscv64"), ("win32", "AMD64")])
def test_a_platform_without_a_known_release_is_an_error(system, machine):
    with pytest.raises(ToolMissing, match=machine):
        platform_name(system, machine)


def test_a_configuration_file_that_exists_is_kept(tmp_path):
    file = tmp_path / "terraformrc"
    file.touch()
    assert child_environment({"TF_CLI_CONFIG_FILE": str(file)})["TF_CLI_CONFIG_FILE"] == str(file)


def test_a_configuration_file_that_is_missing_is_dropped(tmp_path):
    assert "TF_CLI_CONFIG_FILE" not in child_environment({"TF_CLI_CONFIG_FILE": str(tmp_path / "gone")})


def test_garbage_is_collected_less_often_unless_the_user_says_how_often():
    assert child_environment({})["GOGC"] == "400"
    assert child_environment({"GOGC": "50"})["GOGC"] == "50"


def test_nothing_moves_the_state_out_of_the_stack_and_the_rest_stays():
    base = {"TF_DATA_DIR": "/x", "TF_WORKSPACE": "w", "PATH": "/bin", "TF_PLUGIN_CACHE_DIR": "/p"}
    variables = child_environment(base, {"AWS_REGION": "us-east-1"})
    assert not {"TF_DATA_DIR", "TF_WORKSPACE"} & set(variables)
    assert {
        "PATH": "/bin",
        "TF_PLUGIN_CACHE_DIR": "/p",
        "AWS_REGION": "us-east-1",
    }.items() <= variables.items()
    assert "TF_DATA_DIR" in base


@pytest.mark.slow
def test_the_installed_engine_is_found_and_runs():
    engine = find_engine()
    shown = subprocess.run([engine.path, "version"], capture_output=True, text=True, check=True).stdout
    assert f"v{engine.version}" in shown
    begun = time.monotonic()
    assert find_engine() == engine
    assert time.monotonic() - begun < 60
