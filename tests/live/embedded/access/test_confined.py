"""A confined program reaches its own place and the system, and nothing of the person who runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from groma.live.embedded.access import confined
from groma.live.embedded.access.functions import beginning, command, environment, readable, told

PROBE = """
import json, os, signal, socket, subprocess, sys
home, place, parent = sys.argv[1:]
def tried(do):
    try: do()
    except OSError as error: return type(error).__name__
    return "done"
print(json.dumps({
    "read own": tried(lambda: open(place + "/given").read()),
    "write own": tried(lambda: open(place + "/made", "w").write("x")),
    "read secret": tried(lambda: open(home + "/secret").read()),
    "list home": tried(lambda: os.listdir(home)),
    "write home": tried(lambda: open(home + "/left", "w")),
    "remove": tried(lambda: os.remove(home + "/secret")),
    "link": tried(lambda: os.link(home + "/secret", place + "/linked")),
    "environment of others": tried(lambda: open(f"/proc/{parent}/environ").read()),
    "shadow": tried(lambda: open("/etc/shadow").read()),
    "local socket": tried(lambda: socket.socket(socket.AF_UNIX)),
    "a pair of sockets": tried(lambda: socket.socketpair()),
    "a socket": tried(lambda: socket.socket()),
    "through a child": subprocess.run(["cat", home + "/secret"], capture_output=True).returncode,
    "a signal": tried(lambda: os.kill(int(parent), 0)),
}))
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A user's folder, with a secret and the place of a function in it."""
    (tmp_path / "secret").write_text("of the user")
    (tmp_path / "place" / "code").mkdir(parents=True)
    (tmp_path / "place" / "given").write_text("x")
    return tmp_path


@pytest.mark.skipif(not confined.means(), reason="this system has no Landlock")
def test_a_function_reads_none_of_the_users_files(home: Path) -> None:
    place = home / "place"
    program = [sys.executable, "-I", "-c", PROBE, str(home), str(place), str(os.getpid())]
    done = subprocess.run(command(program, place), capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    allowed = {"read own", "write own", "a pair of sockets", "a socket"}
    if confined.means() < 6:
        allowed |= {"a signal"}
    assert {name for name, result in seen.items() if result in ("done", 0)} == allowed
    assert (home / "secret").read_text() == "of the user"
    assert not (home / "left").exists()


def test_without_the_means_a_program_is_begun_as_it_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "means", lambda: 1)
    assert told() == "functions in the embedded cloud run without your files (Landlock)"
    monkeypatch.setattr(confined, "means", lambda: 0)
    assert command(["python", "x.py"], home) == ["python", "x.py"]
    assert "can read and write your files: this system has no Landlock" in told()


def test_a_function_has_nothing_that_it_would_inherit(home: Path) -> None:
    server = {"HOME": "/home/me", "PATH": "/bin", "TOKEN": "t", "TABLE": "mine", "LC_ALL": "C"}
    given = {**server, "TABLE": "its", "AWS_REGION": "us-east-1"}
    assert environment(given, server, home) == {
        "PATH": "/bin", "LC_ALL": "C", "TABLE": "its", "AWS_REGION": "us-east-1", "HOME": str(home),
        "TMPDIR": str(home),
    }  # fmt: skip


def test_what_takes_the_place_of_subprocess_begins_programs_in_their_place(home: Path) -> None:
    code = "import os; print(os.environ['HOME'], os.getcwd())"
    folder = home / "place" / "code"
    done = beginning().run([sys.executable, "-c", code], cwd=str(folder), capture_output=True, text=True)
    assert done.stdout.split() == [str(home / "place"), str(folder)]
    with beginning().Popen([sys.executable, "-c", code], cwd=folder, stdout=beginning().PIPE) as process:
        assert process.communicate()[0].decode().split()[0] == str(home / "place")


def test_nobodys_home_is_readable() -> None:
    homes = (Path.home(), Path("/home"), Path("/root"), Path("/tmp"), Path("/"), Path("/etc"), Path("/proc"))
    assert not {str(path) for path in homes} & set(readable())
