"""A cache in this process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

LONGEST_S = 3600


@dataclass
class DictCache:
    """A cache that can be down, and says what it was asked; nothing in it ends by itself."""

    kept: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    standing: bool = True

    def get(self, key: str) -> bytes | None:
        self.asked.append(("get", key))
        return self.kept.get(key) if self.standing else None

    def look(self, key: str) -> bytes | Literal[False] | None:
        return self.get(key) if self.standing else False

    def put(self, key: str, value: bytes, ttl_s: int, *, new: bool = False) -> bool:
        assert 0 < ttl_s <= LONGEST_S
        self.asked.append(("put", key))
        if self.standing and not (new and key in self.kept):
            self.kept[key] = value
        return self.standing

    def forget(self, *keys: str) -> None:
        for key in keys:
            self.asked.append(("forget", key))
            self.kept.pop(key, None)

    def close(self) -> None:
        self.standing = False
