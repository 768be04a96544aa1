"""A directory or an archive of one's own as a release: same content, same bytes, no more than it."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from groma.application import packed
from groma.application.packed import KEPT, Packed
from groma.errors import InputError


@pytest.fixture
def build(tmp_path: Path) -> Path:
    folder = tmp_path / "build"
    (folder / "static").mkdir(parents=True)
    (folder / "app.py").write_text("pass\n")
    (folder / "serve").write_text("#!/bin/sh\n")
    (folder / "serve").chmod(0o755)
    (folder / "static" / "a.css").write_text("a {}\n")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "app.pyc").write_bytes(b"1")
    (folder / ".env").write_text("PASSWORD=hunter2\n")
    return folder


def held(content: bytes) -> dict[str, tuple[bytes, int]]:
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        return {e.filename: (made.read(e), e.external_attr >> 16 & 0o777) for e in made.infolist()}


def test_a_directory_and_its_archives_are_one_release(build: Path, tmp_path: Path) -> None:
    of_folder = Packed("./build", tmp_path).content()
    with tarfile.open(tmp_path / "build.tar.gz", "w:gz") as made:
        made.add(build, ".")
    (tmp_path / "build.zip").write_bytes(of_folder)
    (build / "app.py").touch()
    assert held(of_folder) == {
        "app.py": (b"pass\n", 0o644),
        "serve": (b"#!/bin/sh\n", 0o755),
        "static/a.css": (b"a {}\n", 0o644),
    }
    for name in ("build", "build.tar.gz", "build.zip"):
        assert Packed(name, tmp_path).content() == of_folder, name
    (build / "app.py").write_text("1\n")
    assert Packed("build", tmp_path).content() != of_folder


def test_what_cannot_be_shipped_is_said(build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop.rar").touch()
    (tmp_path / "bad.zip").touch()
    (tmp_path / "empty").mkdir()
    with zipfile.ZipFile(tmp_path / "slip.zip", "w") as made:
        made.writestr("../x", "1")
    for name, said in (
        ("none", "there is no none beside this file"),
        ("empty", "holds no file"),
        ("shop.rar", "neither a directory nor .zip"),
        ("bad.zip", "cannot be read"),
        ("slip.zip", "lies outside of it"),
    ):
        with pytest.raises(InputError, match=said):
            Packed(name, tmp_path).content()
    monkeypatch.setattr(packed, "MOST_FILES", 2)
    with pytest.raises(InputError, match="more than 250 MB or 2 files"):
        Packed("build", tmp_path).content()
    (build / "link").symlink_to(tmp_path / "bad.zip")
    with pytest.raises(InputError, match="link to what lies outside"):
        Packed("build", tmp_path).content()


def test_beside_the_workload_that_a_stack_keeps_lies_what_was_shipped(build: Path, tmp_path: Path) -> None:
    shipped = Packed("build", tmp_path).content()
    kept = tmp_path / "stack"
    (kept / KEPT).parent.mkdir(parents=True)
    (kept / KEPT).write_bytes(shipped)
    assert Packed("./build", kept).content() == shipped
    assert Packed("./build", kept).size_bytes() == len(shipped)
    assert Packed("none", tmp_path).size_bytes() == 0
