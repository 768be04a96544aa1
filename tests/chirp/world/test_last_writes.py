"""`X-Last-Write` across regions: what it asks for after how long, and that nobody can make one."""

from __future__ import annotations

import pytest

from chirp.servers.signing import Signer
from chirp.world.recent import CACHED_S, LAGS_S, LONG_AGO, LastWrites, Recent

SIGNER = Signer(b"key of all regions")


class Clock:
    at_s = 1_800_000_000.0

    def __call__(self) -> float:
        return self.at_s


@pytest.mark.parametrize(
    ("age_s", "expected"),
    [
        (0, Recent(current=True, uncached=True)),
        (LAGS_S - 0.01, Recent(current=True, uncached=True)),
        (LAGS_S + 0.01, Recent(current=False, uncached=True)),
        (LAGS_S + CACHED_S - 0.01, Recent(current=False, uncached=True)),
        (LAGS_S + CACHED_S + 0.01, LONG_AGO),
        (-2, Recent(current=True, uncached=True)),
    ],
)
def test_first_readers_may_lag_then_caches_may(age_s: float, expected: Recent) -> None:
    clock = Clock()
    writes = LastWrites(SIGNER, clock)
    header = writes.to_header()
    clock.at_s += age_s
    assert writes.from_header(header) == expected


@pytest.mark.parametrize("value", [None, "", "x", ".", "a.b", "é.ü", "9" * 5000])
def test_what_was_not_signed_says_nothing(value: str | None) -> None:
    assert LastWrites(SIGNER).from_header(value) == LONG_AGO


def test_another_key_or_purpose_says_nothing() -> None:
    header = LastWrites(SIGNER).to_header()
    assert LastWrites(SIGNER).from_header(header).current
    assert LastWrites(Signer(b"another")).from_header(header) == LONG_AGO
    assert LastWrites(SIGNER).from_header(SIGNER.sign("last-write", "1 2")) == LONG_AGO
