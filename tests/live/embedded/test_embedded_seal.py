from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from groma.errors import CloudError
from groma.files import write_atomically
from groma.live.embedded.seal import read_key, read_sealed, user_key_file, write_sealed

KEY = b"k" * 32
KIND = {"emulator": "moto", "version": "1"}


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_was_sealed_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "snapshot"
    write_sealed(path, KEY, KIND, b"line\nline \x00")
    assert read_sealed(path, KEY, KIND) == b"line\nline \x00"


def test_a_snapshot_is_its_owners_alone_and_nothing_else_is_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "snapshot"
    write_sealed(path, KEY, KIND, b"old")
    write_sealed(path, KEY, KIND, b"new")
    assert _mode(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_changed_snapshot_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "snapshot"
    write_sealed(path, KEY, KIND, b"payload")
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(CloudError, match="not written by Groma for this user") as caught:
        read_sealed(path, KEY, KIND)
    assert str(path) in caught.value.hint


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 200])
def test_a_file_of_another_program_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "snapshot"
    path.write_bytes(content)
    with pytest.raises(CloudError, match="not written by Groma"):
        read_sealed(path, KEY, KIND)


def test_a_snapshot_of_another_user_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "snapshot"
    write_sealed(path, b"o" * 32, KIND, b"payload")
    with pytest.raises(CloudError, match="for this user"):
        read_sealed(path, KEY, KIND)


def test_a_snapshot_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "snapshot"
    write_sealed(path, KEY, KIND, b"payload")
    with pytest.raises(CloudError, match="needed is"):
        read_sealed(path, KEY, {**KIND, "version": "2"})


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "state" / "key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: read_key(path), range(32)))
    assert len(keys) == 1
    assert _mode(path) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_damaged_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"short")
    with pytest.raises(CloudError, match="damaged"):
        read_key(path)


def test_a_key_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CloudError, match="cannot be read or made"):
        read_key(tmp_path / "file" / "key")


def test_the_users_key_lies_in_the_state_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert user_key_file() == tmp_path / "groma" / "snapshot.key"
    monkeypatch.delenv("XDG_STATE_HOME")
    assert user_key_file() == Path.home() / ".local" / "state" / "groma" / "snapshot.key"


def test_writing_replaces_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with path.open() as reader:
        write_atomically(path, b"new")
        assert reader.read() == "old"
    assert path.read_bytes() == b"new"
