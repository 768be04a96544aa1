from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from groma.errors import CloudError
from groma.live.embedded.record import FILE_NAME, Record, Server, exclusive, read_record
from groma.live.embedded.routing import Emulator

RECORD = Record(
    "token", "2026-01-01T00:00:00+00:00", {Emulator.MOTO: Server(1, 2), Emulator.MINISTACK: Server(3, 4)}
)


def test_a_record_is_read_back(tmp_path: Path) -> None:
    RECORD.write(tmp_path)
    assert read_record(tmp_path) == RECORD
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"token": "t"}', '"text"', '{"token":1,"servers":5}']
)
def test_what_is_no_record_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE_NAME).write_text(content)
    assert read_record(tmp_path) is None


def test_without_a_file_there_is_no_record(tmp_path: Path) -> None:
    assert read_record(tmp_path) is None


def test_one_at_a_time(tmp_path: Path) -> None:
    with exclusive(tmp_path, 1), pytest.raises(CloudError, match="another command"), exclusive(tmp_path, 0.2):
        pass
    with exclusive(tmp_path, 1):
        pass


def test_the_second_waits_for_the_first(tmp_path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with exclusive(tmp_path, 10):
            order.append("second")

    with exclusive(tmp_path, 1):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_a_lock_on_a_removed_file_does_not_count(tmp_path: Path) -> None:
    directory = tmp_path / "cloud"
    directory.mkdir()
    with exclusive(directory, 1):
        shutil.rmtree(directory)
        directory.mkdir()
        with exclusive(directory, 1):
            assert list(directory.iterdir())
