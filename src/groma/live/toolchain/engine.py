"""Which Terraform or OpenTofu runs, and the environment that it is given."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from groma.errors import ToolMissing
from groma.installation import cache_directory as cache_directory
from groma.terraform.versions import PINNED, WRITE_ONLY

EngineName = Literal["terraform", "tofu"]
VersionProbe = Callable[[Path], "str | None"]

_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_KEPT_IN_THE_STACK = ("TF_DATA_DIR", "TF_WORKSPACE")
_FRUGAL = {"GOGC": "400"}
"""Terraform and its provider collect garbage a quarter of their time, unless they may keep 150 MB more."""
_UNATTENDED = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}


@dataclass(frozen=True)
class Engine:
    """A program that applies HCL.

    Attributes:
        path: the executable.
        name: "terraform" or "tofu".
        version: its release, such as "1.11.4".
        instead_of: what was found before it and cannot be used, in words.
    """

    path: Path
    name: EngineName
    version: str
    instead_of: tuple[str, ...] = field(default=(), compare=False)


def find_engine(
    *,
    search_path: str | None = None,
    cache: Path | None = None,
    probe: VersionProbe | None = None,
) -> Engine:
    """Return Terraform on PATH, else OpenTofu, else the pinned release in the user's cache.

    Args:
        search_path: directories as in PATH; PATH itself when left out.
        cache: Groma's cache directory; `cache_directory()` when left out.
        probe: tells the version of an executable, None when it does not run.

    Raises:
        ToolMissing: none of them is there, or those that are there are too old or do not run.
    """
    ask = probe or ask_version
    refused: list[str] = []
    for name, path in _candidates(search_path, cache or cache_directory()):
        version = ask(path)
        if version is None:
            refused.append(f"{path} does not run")
        elif version_numbers(version) < version_numbers(WRITE_ONLY):
            refused.append(f"{path} is {version}, older than {WRITE_ONLY}")
        else:
            return Engine(path, name, version, tuple(refused))

    found = f" ({'; '.join(refused)})" if refused else ""
    raise ToolMissing(
        f"Neither Terraform nor OpenTofu {WRITE_ONLY} or newer was found{found}.",
        where="PATH",
        hint=f"install Terraform {WRITE_ONLY} or newer, or OpenTofu, so that it is on PATH",
    )


def _candidates(search_path: str | None, cache: Path) -> Iterator[tuple[EngineName, Path]]:
    names: tuple[EngineName, ...] = ("terraform", "tofu")
    for name in names:
        if found := shutil.which(name, path=search_path):
            yield name, Path(found)
    pinned = pinned_path(cache)
    if os.access(pinned, os.X_OK):
        yield "terraform", pinned


def ask_version(executable: Path) -> str | None:
    """Run `EXECUTABLE version -json`; None when it does not run or answers something else."""
    try:
        answer = subprocess.run(
            [str(executable), "version", "-json"],
            capture_output=True,
            text=True,
            timeout=30,
            env=child_environment(),
            check=True,
        )
        return str(json.loads(answer.stdout)["terraform_version"])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        return None


def version_numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version: "1.12.0-beta1" gives (1, 12, 0)."""
    leading = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in leading.group().split(".")) if leading else ()


def pinned_path(cache: Path, version: str = PINNED) -> Path:
    """Where a fetched Terraform of this version lies within Groma's cache."""
    return cache / "terraform" / version / "terraform"


def platform_name(system: str = sys.platform, machine: str | None = None) -> str:
    """Return this platform as Terraform's releases spell it, such as "linux_amd64".

    Raises:
        ToolMissing: no release is made for this platform, as far as Groma knows.
    """
    processor = machine or platform.machine()
    architecture = _ARCHITECTURES.get(processor.lower())
    if architecture is None or system not in ("linux", "darwin"):
        raise ToolMissing(
            f"Groma knows no Terraform release for {system} on {processor}.",
            hint="install Terraform or OpenTofu yourself, so that it is on PATH",
        )
    return f"{system}_{architecture}"


def child_environment(
    base: Mapping[str, str] | None = None, extra: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the environment for a Terraform that nobody sits in front of.

    It lets garbage be collected less often, unless the user has said how often.

    It drops TF_CLI_CONFIG_FILE when it names a file that is not there, and the variables that would
    move state or working data out of the stack's directory.

    Args:
        base: what to start from; this process's environment when left out.
        extra: variables to add, such as credentials and endpoints of the embedded cloud.
    """
    variables = _FRUGAL | dict(os.environ if base is None else base)
    configuration = variables.get("TF_CLI_CONFIG_FILE")
    if configuration is not None and not Path(configuration).is_file():
        del variables["TF_CLI_CONFIG_FILE"]
    for name in _KEPT_IN_THE_STACK:
        variables.pop(name, None)
    return variables | _UNATTENDED | dict(extra or {})
