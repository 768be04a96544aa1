"""What tests of refreshed prices share: a price list that is served, and where its figures go."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from price_list import small_list
from price_server import Served, serving

from groma import catalog


@pytest.fixture
def prices(tmp_path, monkeypatch):
    """A directory of refreshed prices that the catalog reads, forgotten afterwards."""
    monkeypatch.setenv("GROMA_PRICES", str(tmp_path / "prices"))
    catalog.forget()
    yield tmp_path / "prices"
    monkeypatch.undo()
    catalog.forget()


@pytest.fixture
def served() -> Iterator[Served]:
    with serving(small_list()) as server:
        yield server
