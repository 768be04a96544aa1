"""The zip of the functions: the same bytes every time, and all that Lambda needs."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from chirp.shipping.bundle import bundle
from chirp.shipping.functions import FUNCTIONS
from chirp.shipping.wheel import WHEELS, Wheel, fetch
from groma.errors import OutsideError, ToolMissing

CONTENT = b"what the package index sends"
WHEEL = Wheel("pillow", "1.0", hashlib.sha256(CONTENT).hexdigest())


@pytest.fixture(scope="module")
def content() -> bytes:
    return bundle()


def names(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


def test_two_zips_have_the_same_bytes(content: bytes) -> None:
    assert bundle() == content


def test_it_is_small_enough_to_be_uploaded_directly(content: bytes) -> None:
    assert len(content) < 1_000_000
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert sum(entry.file_size for entry in archive.infolist()) < 10_000_000


def test_nothing_but_what_runs_is_in_it(content: bytes) -> None:
    own = [name for name in names(content) if name.startswith(("chirp/", "groma/"))]
    folders = {str(Path(name).parent) for name in own}
    assert folders == {"chirp", "chirp/functions", "chirp/social"}


def test_the_licences_of_the_libraries_come_along(content: bytes) -> None:
    for library in ("aws_lambda_powertools", "jmespath", "typing_extensions"):
        assert [name for name in names(content) if name.startswith(library) and "LICENSE" in name]


def test_every_handler_is_imported_from_the_zip_alone(content: bytes, tmp_path: Path) -> None:
    """`-S` leaves the installed packages out; only what Lambda's Python has, and Pillow, is added again."""
    path = tmp_path / "functions.zip"
    path.write_bytes(content)
    zipfile.ZipFile(path).extractall(tmp_path / "task")
    script = (
        "import sys, importlib, importlib.util\n"
        "task, site, *handlers = sys.argv[1:]\n"
        "class Runtime:\n"
        "    given = {'boto3', 'botocore', 's3transfer', 'urllib3', 'dateutil', 'six', 'PIL'}\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] not in self.given or path is not None: return None\n"
        "        from importlib.machinery import PathFinder\n"
        "        return PathFinder.find_spec(name, [site])\n"
        "sys.path.insert(0, task)\n"
        "sys.meta_path.append(Runtime())\n"
        "for handler in handlers:\n"
        "    module, _, name = handler.rpartition('.')\n"
        "    found = importlib.import_module(module)\n"
        "    assert callable(getattr(found, name)) and found.__file__.startswith(task), found\n"
        "assert sys.modules['aws_lambda_powertools'].__file__.startswith(task)\n"
        "assert sys.modules['jmespath'].__file__.startswith(task)\n"
    )
    import boto3

    site = str(Path(boto3.__file__).parent.parent)
    handlers = [function.handler for function in FUNCTIONS.values()]
    command = [sys.executable, "-S", "-c", script, str(tmp_path / "task"), site, *handlers]
    environment = {"AWS_DEFAULT_REGION": "us-east-1", "POWERTOOLS_SERVICE_NAME": "x"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr


def test_a_compiled_library_lies_apart(content: bytes) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("PIL/__init__.py", "")
        archive.writestr("PIL/_imaging.so", b"\x7fELF")
    added = set(names(bundle([buffer.getvalue()]))) - set(names(content))
    assert added == {"native/PIL/__init__.py", "native/PIL/_imaging.so"}


@pytest.mark.parametrize("is_installed", [False, True])
def test_a_compiled_library_is_taken_from_the_zip_only_where_it_is_not_installed(
    content: bytes, tmp_path: Path, is_installed: bool
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("library_for_lambda.py", "WHERE = 'zip'")
    zipfile.ZipFile(io.BytesIO(bundle([buffer.getvalue()]))).extractall(tmp_path / "task")
    (tmp_path / "installed").mkdir()
    if is_installed:
        (tmp_path / "installed" / "library_for_lambda.py").write_text("WHERE = 'here'")
    script = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from chirp.functions.native import make_importable\n"
        "make_importable('library_for_lambda')\n"
        "import library_for_lambda; print(library_for_lambda.WHERE)"
    )
    paths = [str(tmp_path / "task"), str(tmp_path / "installed")]
    said = subprocess.check_output([sys.executable, "-S", "-c", script, *paths], text=True)
    assert said.strip() == ("here" if is_installed else "zip")


class Pip:
    """Stands in for pip: writes what it is told to, and remembers how it was called."""

    def __init__(self, content: bytes | None, stderr: str = "") -> None:
        self.content, self.stderr = content, stderr
        self.commands: list[Sequence[str]] = []

    def __call__(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        if self.content is not None:
            Path(command[command.index("--dest") + 1], "pillow-1.0.whl").write_bytes(self.content)
        return subprocess.CompletedProcess(command, 0 if self.content is not None else 1, "", self.stderr)


def test_a_wheel_is_fetched_for_lambdas_platform_and_kept(tmp_path: Path) -> None:
    pip = Pip(CONTENT)
    assert fetch(WHEEL, cache=tmp_path, run=pip) == CONTENT
    assert fetch(WHEEL, cache=tmp_path, run=pip) == CONTENT
    (command,) = pip.commands
    said = " ".join(command)
    assert "--only-binary :all: --python-version 3.13 --platform manylinux_2_28_aarch64" in said
    assert said.endswith("pillow==1.0")


def test_without_a_network_it_is_said_what_for_and_what_to_do(tmp_path: Path) -> None:
    pip = Pip(None, "WARNING: retrying\nERROR: No matching distribution found for pillow==1.0")
    with pytest.raises(ToolMissing, match="No matching distribution") as refusal:
        fetch(WHEEL, cache=tmp_path, run=pip)
    assert "package index" in refusal.value.hint
    assert "thumbnails" in refusal.value.hint


def test_a_machine_without_pip_is_told_so(tmp_path: Path) -> None:
    def nothing(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        raise FileNotFoundError(2, "No such file", "python")

    with pytest.raises(ToolMissing, match="cannot be fetched"):
        fetch(WHEEL, cache=tmp_path, run=nothing)


def test_another_file_than_the_one_expected_is_never_used(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="not the one expected"):
        fetch(WHEEL, cache=tmp_path, run=Pip(b"something else"))


def test_the_real_wheels_are_named_by_a_hash() -> None:
    assert all(len(wheel.sha256) == 64 for wheel in WHEELS.values())
