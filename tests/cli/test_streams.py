"""Disks without room, pipes that nobody reads, and terminals that lack letters."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from groma.cli.app import main
from groma.design import design
from groma.files import NO_ROOM
from groma.live.stack import write_at_once
from groma.report.plan import Planned
from groma.words import to_json
from groma.workload import load
from workloads import ROOT

pytestmark = pytest.mark.slow  # processes, each of which imports everything

STARTER = ROOT / "examples" / "starter.yaml"
NO_DISK = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")


def groma(*arguments: str, shell: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run groma as a program; `shell` is what the shell adds: `>/dev/full`."""
    python = f"'{sys.executable}' -m groma.cli {' '.join(arguments)} {shell}"
    variables = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment}
    return subprocess.run(["bash", "-c", python], capture_output=True, env=variables, check=False)


@NO_DISK
@pytest.mark.parametrize("arguments", [["plan", str(STARTER)], ["plan", str(STARTER), "--json"], ["--help"]])
def test_output_to_a_full_disk_ends_in_one_sentence(arguments: list[str]):
    done = groma(*arguments, shell=">/dev/full")
    assert done.returncode == 3
    assert done.stderr.decode() == f"error: No space left on device\n  hint: {NO_ROOM}\n"


def test_a_reader_that_goes_away_is_no_error():
    done = groma("alarms", str(ROOT / "examples" / "social-50k.yaml"), "--json", shell="| head -c 1")
    assert done.stderr == b""


@pytest.mark.parametrize("encoding", ["ascii", "cp437"])
def test_every_encoding_of_a_terminal_is_written_to(encoding: str, tmp_path: Path):
    file = tmp_path / "groma.yaml"
    file.write_text(STARTER.read_text(encoding="utf-8").replace("Ada Example", "Åda 🙂"), encoding="utf-8")
    assert "Åda 🙂" in file.read_text(encoding="utf-8")
    told = groma("plan", str(file), PYTHONIOENCODING=encoding)
    assert (told.returncode, told.stderr) == (0, b"")
    shown = groma("plan", str(file), "--json", PYTHONIOENCODING=encoding)
    assert json.loads(shown.stdout) == json.loads(to_json(Planned(design(load(file))).document()))


def test_a_name_that_is_no_text_is_told(tmp_path: Path):
    done = groma("plan", "$'\\xff.yaml'", PYTHONIOENCODING="utf-8")
    assert done.returncode == 2
    assert done.stderr.startswith(rb"error: '\udcff.yaml': cannot be read: ")


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "somewhere")


@pytest.mark.parametrize(
    ("arguments", "call"),
    [
        (["init", "groma.yaml"], "open"),
        (["draw", str(STARTER)], "write_bytes"),
        (["build", str(STARTER)], "mkdir"),
        (["up", str(STARTER)], "mkdir"),
    ],
)
def test_every_command_says_what_to_do_on_a_full_disk(
    arguments: list[str],
    call: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["groma", *arguments])
    written = Path.open

    def opened(path: Path, mode: str = "r", *rest: object, **named: object) -> object:
        return full() if set(mode) & set("wxa") else written(path, mode, *rest, **named)

    monkeypatch.setattr(Path, call, opened if call == "open" else full)
    with pytest.raises(SystemExit) as ended:
        main()
    monkeypatch.undo()
    assert ended.value.code in (2, 3)
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert f"hint: {NO_ROOM}" in said


def test_nothing_half_is_left_where_there_was_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Exception, match=NO_ROOM):
        write_at_once(tmp_path / "file", b"content")
    assert list(tmp_path.iterdir()) == []
