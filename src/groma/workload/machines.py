"""Which machines servers may be made of, where somebody would rather not have the cheapest."""

from __future__ import annotations

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, field_validator, model_validator

from groma.workload.parts import Part

Family = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,15}$")]
"""A family of EC2's: m7g."""
Stateless = Literal["web", "app"]
"""A tier whose servers keep nothing: one that ends is replaced, and nothing is lost."""
STATELESS: tuple[Stateless, ...] = get_args(Stateless)


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

    spot: tuple[Stateless, ...] = Field(
        default=(),
        description="tiers that buy as Spot what they hold beyond their minimum, which AWS may take back: "
        "true for both, or web, app",
        json_schema_extra={"type": ["boolean", "string", "array"]},
    )

    @field_validator("spot", mode="before")
    @classmethod
    def _both_or_none(cls, stated: object) -> object:
        """`true` is both tiers, `false` neither, and a single one needs no brackets."""
        if isinstance(stated, str):
            return (stated,)
        return (STATELESS if stated else ()) if isinstance(stated, bool) else stated

    @field_validator("spot")
    @classmethod
    def _each_once(cls, stated: tuple[Stateless, ...]) -> tuple[Stateless, ...]:
        if len(set(stated)) < len(stated):
            raise ValueError("must name each tier once")
        return tuple(tier for tier in STATELESS if tier in stated)

    @model_validator(mode="after")
    def _leaves_some(self) -> Self:
        both = sorted(set(self.families) & set(self.without))
        if both:
            raise ValueError(f"both allows and refuses {', '.join(both)}")
        return self
