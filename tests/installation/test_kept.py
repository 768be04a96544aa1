"""What takes seconds to make is made once on a machine, and again when anything of it is another."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from groma.installation.kept import MOST, kept


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "groma"


@pytest.fixture
def made() -> Iterator[int]:
    return count(1)


def file_of(cache: Path) -> Path:
    (path,) = (cache / "things").iterdir()
    return path


def test_it_is_made_once(cache: Path, made: Iterator[int]):
    for _ in range(3):
        assert kept("things", (b"a", b"b"), lambda: b"%d" % next(made)) == b"1"
    assert next(made) == 2


def test_another_part_or_another_kind_makes_another(cache: Path, made: Iterator[int]):
    asked = [("things", (b"a", b"b")), ("things", (b"ab",)), ("things", (b"ab", b"")), ("others", (b"ab",))]
    found = {kept(kind, parts, lambda: b"%d" % next(made)) for kind, parts in asked}
    assert len(found) == len(asked)


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 100])
def test_what_is_not_as_it_was_written_is_made_again(cache: Path, made: Iterator[int], damage: bytes):
    kept("things", (b"a",), lambda: b"%d" % next(made))
    file_of(cache).write_bytes(damage)
    assert kept("things", (b"a",), lambda: b"%d" % next(made)) == b"2"
    assert kept("things", (b"a",), lambda: b"%d" % next(made)) == b"2", "the damaged one was not replaced"


def test_where_nothing_can_be_written_it_is_made_each_time(cache: Path, made: Iterator[int]):
    cache.write_text("a file where the directory should be")
    assert [kept("things", (b"a",), lambda: b"%d" % next(made)) for _ in range(2)] == [b"1", b"2"]


def test_for_a_user_without_a_home_it_is_made_each_time(monkeypatch: pytest.MonkeyPatch, made: Iterator[int]):
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("groma.installation.kept.cache_directory", nowhere)
    assert [kept("things", (b"a",), lambda: b"%d" % next(made)) for _ in range(2)] == [b"1", b"2"]


def test_what_cannot_be_touched_is_read_all_the_same(
    cache: Path, made: Iterator[int], monkeypatch: pytest.MonkeyPatch
):
    def not_ours(path: Path) -> None:
        raise PermissionError(path)

    monkeypatch.setattr("groma.installation.kept.os.utime", not_ours)
    assert [kept("things", (b"a",), lambda: b"%d" % next(made)) for _ in range(2)] == [b"1", b"1"]


def test_those_that_nobody_asks_for_go(cache: Path):
    for number in range(MOST + 5):
        kept("things", (b"%d" % number,), lambda: b"x")
        oldest = min((cache / "things").iterdir(), key=lambda path: path.stat().st_mtime_ns)
        if number == 0:
            first = oldest
        os.utime(first)  # somebody asks for the first all the time
    left = list((cache / "things").iterdir())
    assert first in left
    assert len(left) == MOST
