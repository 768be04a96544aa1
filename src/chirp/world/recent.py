"""`X-Last-Write`: when somebody last wrote, so that they are not shown a state from before.

In the first seconds a reader, here or in another region, may not have the write yet: reads go where
everything is. After that readers have it, but a cached answer may still be older, for as long as answers are
cached.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from chirp.servers.signing import Signer

LAGS_S = 5.0
"""How long a write may take to reach every reader: several times what Aurora replicates in typically, one
second."""
CACHED_S = 30
"""How long an answer stays in the cache."""


@dataclass(frozen=True)
class Recent:
    """What is known of a person's last write.

    Attributes:
        current: its effect may not have reached the readers yet.
        uncached: the cache may hold an answer from before it reached them.
    """

    current: bool
    uncached: bool

    @classmethod
    def since(cls, age_s: float) -> Recent:
        """After a write so many seconds ago."""
        return cls(age_s < LAGS_S, age_s < LAGS_S + CACHED_S)


LONG_AGO = Recent(current=False, uncached=False)
NOW = Recent(current=True, uncached=True)


class LastWrites:
    """Makes and reads the header: a time that only this application's servers, of any region, can sign."""

    PURPOSE = "last-write-at"

    def __init__(self, signer: Signer, now_s: Callable[[], float] = time.time) -> None:
        self._signer = signer
        self._now_s = now_s

    def to_header(self) -> str:
        """The header's value after a write just now."""
        return self._signer.sign(self.PURPOSE, str(int(self._now_s() * 1000)))

    def from_header(self, value: str | None) -> Recent:
        """What a value says; one that is missing or not good says nothing."""
        content = self._signer.verify(self.PURPOSE, value) if value else None
        return LONG_AGO if content is None else Recent.since(abs(self._now_s() - int(content) / 1000))
