"""How many people a file states, and how much they do."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from groma.quantity import Range
from groma.workload.parts import Part
from groma.workload.quantities import Positive, SomeShare


class Users(Part):
    """How many people there are, and how much they do."""

    total: int = Field(default=0, gt=0, le=10_000_000_000, description="registered users")
    registered: int | None = Field(
        default=None, gt=0, le=10_000_000_000, description="registered users, as `total`"
    )
    daily: int | None = Field(
        default=None, gt=0, le=10_000_000_000, description="users who are active on a day, instead of `total`"
    )
    concurrent: int | None = Field(
        default=None,
        gt=0,
        le=1_000_000_000,
        description="users at once at peak, instead of daily habits; `total` is then found by these",
    )
    think_s: Positive = Field(
        default=Range(10, 30, 60), description="pause of a concurrent user between two requests, in seconds"
    )
    active_daily: SomeShare = Field(description="share of all users who are active on a day")
    requests_per_active_day: Positive = Field(description="requests per active user and day")

    @model_validator(mode="after")
    def _are_counted_once(self) -> Self:
        counts = {"total": self.total, "registered": self.registered, "daily": self.daily}
        stated = [name for name, number in counts.items() if number]
        if len(stated) > 1:
            raise ValueError(f"are counted {len(stated)} times, by {' and '.join(stated)}: state one of them")
        if not stated and self.concurrent is None:
            raise ValueError("must say how many: registered, daily or concurrent")
        return self
