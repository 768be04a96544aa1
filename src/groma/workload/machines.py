"""Which machines servers may be made of, where somebody would rather not have the cheapest."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from groma.workload.parts import Part

Family = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,15}$")]
"""A family of EC2's: m7g."""


class Machines(Part):
    """Which machines servers may be made of."""

    architecture: Literal["arm", "x86", "either"] | None = Field(
        default=None,
        description="arm, x86 or either; when left out x86 for an image of one's own, else either",
    )
    families: tuple[Family, ...] = Field(
        default=(), max_length=40, description="the only families that servers may be of: [m7g, c7g]"
    )
    without: tuple[Family, ...] = Field(
        default=(), max_length=40, description="families that no server is to be of: [t3, t4g]"
    )
    burstable: bool = Field(
        default=True, description="whether servers and databases may live on CPU credits: true or false"
    )
    most: int | None = Field(
        default=None,
        ge=4,
        le=10_000,
        description="machines that a group of servers may grow to: two in each zone, or more",
    )

    @model_validator(mode="after")
    def _leaves_some(self) -> Self:
        both = sorted(set(self.families) & set(self.without))
        if both:
            raise ValueError(f"both allows and refuses {', '.join(both)}")
        return self
