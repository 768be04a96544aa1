"""Who uses the application: people, and the machines they use it from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.architecture import Component, Lane


@dataclass(frozen=True, kw_only=True)
class Users(Component):
    """The people, how many there are and how many are active on a day."""

    kind: ClassVar[str] = "users"
    service: ClassVar[str] = "people"
    icon: ClassVar[str] = "general/users"
    lane: ClassVar[Lane] = "users"

    total: int
    active_daily: float

    @property
    def label(self) -> str:
        return "Users"

    @property
    def details(self) -> tuple[str, ...]:
        return (f"{self.total:,} registered", f"{self.active_daily:,.0f} active a day")


@dataclass(frozen=True, kw_only=True)
class Clients(Component):
    """Browsers and phones."""

    kind: ClassVar[str] = "clients"
    service: ClassVar[str] = "client machines"
    icon: ClassVar[str] = "general/mobile-client"
    lane: ClassVar[Lane] = "users"

    @property
    def label(self) -> str:
        return "Client machines"

    @property
    def details(self) -> tuple[str, ...]:
        return ("browsers and phones",)
