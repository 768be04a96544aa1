"""`groma build --only`: modules by themselves, whatever file there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from groma.cli.app import app
from groma.errors import InputError


def groma(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_modules_are_written_by_themselves_without_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = groma("build", "--only", "network, server-tier")
    assert done.exit_code == 0, done.output
    written = {path.parent.name for path in Path("out/terraform/modules").glob("*/main.tf")}
    assert written == {"network", "server-tier"}
    assert 'source = "./modules/network"' in Path("out/terraform/modules/network/README.md").read_text()
    assert not Path("out/plan.json").exists()


def test_what_a_module_calls_comes_with_it(tmp_path: Path) -> None:
    assert groma("build", "--only", "site", "-o", str(tmp_path)).exit_code == 0
    assert {path.name for path in (tmp_path / "terraform/modules").iterdir()} >= {"site", "security-headers"}


@pytest.mark.parametrize(("names", "said"), [("network,wep", "there is no module 'wep'"), (",", "no module")])
def test_a_module_that_is_none_is_refused(names: str, said: str, tmp_path: Path) -> None:
    found = groma("build", "--only", names, "-o", str(tmp_path)).exception
    assert isinstance(found, InputError)
    assert said in str(found)
    assert "server-tier" in (found.hint or "")
    assert list(tmp_path.iterdir()) == []
