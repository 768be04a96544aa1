"""Refreshed prices that were damaged: named, with what to do, and never a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from damaged import damaged
from groma import catalog
from groma.catalog import _store, quotes
from groma.catalog.fresh import MOST_BYTES, VARIABLE
from groma.errors import InputError

WHOLE = {
    "format": 1,
    "region": "us-east-1",
    "sources": [{"source": "AWS public price list", "as_of": "2026-11-28"}],
    "hourly": {"ec2_on_demand": {"m7g.large": [0.07, 0]}, "rds": {}},
    "units": {
        "natgateway/hour": ["hour", [[0, None, 0.05]], 0],
        "datatransfer/internet_out": ["GB", [[0, 10_240, 0.08], [10_240, None, 0.07]], 0],
    },
}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], None]]:
    """Writes the refreshed prices of us-east-1; afterwards they are forgotten."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))

    def written(content: bytes) -> None:
        (tmp_path / "us-east-1.json").write_bytes(content)
        _store.forget()

    yield written
    monkeypatch.undo()
    _store.forget()


def asked() -> list[Any]:
    names = ("m7g.large", "natgateway/hour", "datatransfer/internet_out")
    return [quotes(name, "us-east-1").document() for name in names]


def test_whole_ones_are_used(write):
    write(json.dumps(WHOLE).encode())
    assert catalog.ec2_price("us-east-1", "m7g.large").usd == 0.07
    json.dumps(asked(), allow_nan=False)


def test_damaged_ones_are_named_or_used(write):
    refused = 0
    for seed in range(60):
        write(json.dumps(damaged(WHOLE, Random(seed))).encode())
        try:
            json.dumps(asked(), allow_nan=False)
        except InputError as error:
            refused += error.hint.startswith("write them again with: groma prices refresh --region us-east-1")
    assert refused > 20


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[" * 100_000, b"[]", b"5", b"x" * (MOST_BYTES + 1)], ids=len
)
def test_what_is_no_such_file_is_named(write, content: bytes):
    write(content)
    with pytest.raises(InputError, match="the refreshed prices cannot be used") as caught:
        asked()
    assert len(str(caught.value)) < 700


def test_a_folder_in_its_place_is_named(write, tmp_path: Path):
    (tmp_path / "us-east-1.json").mkdir()
    with suppress(IsADirectoryError):
        write(b"")
    _store.forget()
    with pytest.raises(InputError, match="Is a directory"):
        asked()
