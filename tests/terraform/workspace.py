"""A place in which tests run Terraform on the modules."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import groma

MODULES = Path(groma.__file__).parent / "terraform" / "modules"
_PATIENCE_S = 900  # for one command: RDS lets each provider wait for minutes


@dataclass(frozen=True)
class Workspace:
    """A copy of the modules to run Terraform in: the sources stay clean, and providers are fetched once."""

    program: str
    root: Path
    environment: Mapping[str, str]

    @classmethod
    def make(cls, directory: Path) -> Workspace:
        """A workspace in an empty directory."""
        program = shutil.which("terraform") or shutil.which("tofu")
        assert program, "Terraform or OpenTofu must be on PATH"
        plugins = directory / "plugins"
        plugins.mkdir()
        shutil.copytree(MODULES, directory / "modules", ignore=shutil.ignore_patterns(".terraform*"))
        return cls(program, directory / "modules", _environment(plugins))

    def within(self, environment: Mapping[str, str]) -> Workspace:
        """The same place with more variables."""
        return replace(self, environment={**self.environment, **environment})

    def run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs Terraform in a module's copy; fails with its words when it fails."""
        done = self.attempt(name, *arguments)
        assert done.returncode == 0, f"terraform {' '.join(arguments)} in {name}:\n{done.stdout}{done.stderr}"
        return done

    def refusal(self, name: str, *arguments: str) -> str:
        """What Terraform says in one line when it refuses; fails when it does not refuse."""
        done = self.attempt(name, *arguments)
        assert done.returncode == 1, f"terraform {' '.join(arguments)} in {name}:\n{done.stdout}{done.stderr}"
        return " ".join(done.stderr.split())

    def attempt(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs Terraform in a module's copy, however that ends."""
        return subprocess.run(
            [self.program, *arguments],
            cwd=self.root / name,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )


def _environment(plugins: Path) -> dict[str, str]:
    """The environment of every run: no questions, no colours, no account, one store of providers."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    if not Path(environment.get("TF_CLI_CONFIG_FILE", "")).is_file():
        environment.pop("TF_CLI_CONFIG_FILE", None)
    environment.setdefault("TF_PLUGIN_CACHE_DIR", str(plugins))
    return environment | {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "TF_CLI_ARGS": "-no-color"}
