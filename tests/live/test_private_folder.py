"""What lies in a stack's folder: for its user alone, Groma's own files and no others."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_terraform import make_terraform

from groma.errors import InputError
from groma.live.private import keep_private
from groma.live.stack import Stack
from groma.live.written import KINDS, LIST

ROOT = {
    "plan.json": b"{}",
    "terraform/main.tf": b"# main\n",
    "terraform/modules/key/main.tf": b"# key\n",
}


def modes(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): stat.S_IMODE(path.lstat().st_mode)
        for path in folder.rglob("*")
        if not path.is_symlink()
    }


@pytest.fixture
def mask() -> Iterator[None]:
    """The mask of most systems, and afterwards the one that was."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("mask")
def test_all_that_is_written_is_for_the_user_alone_also_by_children(tmp_path):
    stack = Stack("chirp", "embedded", tmp_path / ".groma")
    keep_private(stack.home)
    with stack.held():
        stack.write(ROOT, {"groma_override.tf": "# override\n"})
        made = stack.terraform / "terraform.tfstate"
        subprocess.run([sys.executable, "-c", f"open({str(made)!r}, 'w').write('{{}}')"], check=True)
    found = modes(tmp_path)
    assert len(found) > 8
    assert {f"{mode:o}" for mode in found.values()} == {"600", "700"}


@pytest.mark.usefixtures("mask")
def test_what_an_older_groma_left_open_is_closed(tmp_path):
    home = tmp_path / ".groma"
    Stack("chirp", "embedded", home).write(ROOT, {})
    program = home / "provider"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("")
    (home / "link").symlink_to(elsewhere)
    assert keep_private(home) == 0o022
    assert {f"{mode:o}" for mode in modes(home).values()} == {"600", "700"}
    assert stat.S_IMODE(program.stat().st_mode) == 0o700
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644


@pytest.mark.parametrize("place", ["terraform", "terraform/modules/key", "terraform/modules/key/inner"])
@pytest.mark.parametrize("kind", KINDS)
def test_files_of_others_are_named_and_refused(tmp_path, place: str, kind: str):
    stack = Stack("chirp", "embedded", tmp_path)
    stack.write(ROOT, {})
    foreign = stack.directory / place / f"mine{kind}"
    foreign.parent.mkdir(exist_ok=True)
    foreign.write_text("# mine\n")
    with pytest.raises(InputError, match=f"{place}/mine{kind}: groma has not written this") as caught:
        stack.write({**ROOT, "terraform/main.tf": b"# new\n"}, {})
    assert caught.value.hint == "move it elsewhere, then try again"
    assert foreign.read_text() == "# mine\n"
    assert (stack.terraform / "main.tf").read_bytes() == b"# main\n"


def test_what_groma_itself_no_longer_writes_is_removed(tmp_path):
    stack = Stack("chirp", "embedded", tmp_path)
    old = {"terraform/old.tf": b"# old\n", "terraform/modules/key/old.tf": b"# old\n"}
    stack.write({**ROOT, **old}, {"groma_override.tf": "# override\n"})
    stack.write(ROOT, {"groma_override.tf": "# override\n"})
    assert not any((stack.directory / path).exists() for path in old)
    assert (stack.terraform / "groma_override.tf").is_file()


@pytest.mark.parametrize("damage", [None, b"", b"{}", b"[", b"\xff"])
def test_of_a_folder_without_notes_only_the_modules_are_known(tmp_path, damage: bytes | None):
    """An older Groma noted nothing, and what is noted may be damaged."""
    stack = Stack("chirp", "embedded", tmp_path)
    stack.write({**ROOT, "terraform/modules/key/old.tf": b"# old\n"}, {})
    (stack.directory / LIST).unlink()
    if damage is not None:
        (stack.directory / LIST).write_bytes(damage)
    stack.write(ROOT, {})
    assert not (stack.terraform / "modules/key/old.tf").exists()
    (stack.terraform / "mine.tf").write_text("# mine\n")
    with pytest.raises(InputError, match=r"terraform/mine\.tf"):
        stack.write(ROOT, {})


def test_what_is_no_folder_of_a_module_is_left_alone(tmp_path):
    stack = Stack("chirp", "embedded", tmp_path)
    stack.write(ROOT, {})
    (stack.terraform / "modules/note.txt").write_text("")
    stack.write(ROOT, {})
    assert (stack.terraform / "modules/note.txt").is_file()


def test_what_terraform_locks_is_for_the_user_alone(tmp_path):
    """Terraform gives this file the mode 0644, whatever the mask."""
    terraform = make_terraform(tmp_path, "os.open('.terraform.lock.hcl', os.O_CREAT, 0o644)")
    terraform.init()
    assert modes(terraform.directory)[".terraform.lock.hcl"] == 0o600
