"""The network that a file states: its range, zones and ways out, or a VPC that exists already."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from groma.workload.parts import Part
from groma.workload.texts import Tag, TagName

USUAL_CIDR = "10.0.0.0/16"
WIDEST, NARROWEST = 16, 22
"""Of a VPC: AWS takes none wider, and a sixteenth of the other holds 59 addresses."""
DOCKER_S_OWN = ipaddress.IPv4Network("172.17.0.0/16")
"""What Docker takes for its bridge on every server: who lies in it is never reached from there."""
PRIVATE = tuple(
    map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
)
"""What nobody else on the internet has (RFC 1918, RFC 6598)."""

SubnetId = Annotated[str, Field(pattern=r"^subnet-[0-9a-f]{8,17}$")]
Tags = Mapping[TagName, Tag]


class Network(Part):
    """The network that the design stands in; its own where no VPC is named."""

    cidr: str = Field(
        default=USUAL_CIDR, description="the VPC's range of addresses, /16 to /22: 10.20.0.0/16"
    )
    zones: Literal[2, 3, "up to 3"] = Field(
        default=2,
        description="in how many availability zones it stands, one of which may be lost: 2, 3, or "
        "`up to 3`, where a budget to be spent may buy the third",
    )
    nat: Literal["per-zone", "one", "none"] | None = Field(
        default=None,
        description="NAT gateways: per-zone, one or none, which leaves interface endpoints; when left out "
        "one in each zone for an image of one's own, else one",
    )
    vpc: str | None = Field(
        default=None,
        pattern=r"^vpc-[0-9a-f]{8,17}$",
        description="a VPC that exists, by its id; made when left out",
    )
    vpc_tags: Tags = Field(
        default_factory=dict, max_length=10, description="the same by its tags instead: {Name: main}"
    )
    public_subnets: tuple[SubnetId, ...] = Field(
        default=(), max_length=3, description="its public subnets, one for each zone, in the zones' order"
    )
    private_subnets: tuple[SubnetId, ...] = Field(
        default=(), max_length=3, description="its private subnets, one for each zone, in the zones' order"
    )
    public_tags: Tags = Field(
        default_factory=dict, max_length=10, description="the public ones by tags instead: {tier: public}"
    )
    private_tags: Tags = Field(
        default_factory=dict, max_length=10, description="the private ones by tags instead: {tier: private}"
    )

    @field_validator("cidr")
    @classmethod
    def _is_a_range_of_its_own(cls, cidr: str) -> str:
        try:
            found = ipaddress.IPv4Network(cidr)
        except ValueError as error:
            raise ValueError(f"is no range of addresses ({error})") from None
        if not WIDEST <= found.prefixlen <= NARROWEST:
            raise ValueError(f"must be between /{WIDEST} and /{NARROWEST}")
        if not any(found.subnet_of(each) for each in PRIVATE):
            raise ValueError(f"holds addresses of others: take one within {', '.join(map(str, PRIVATE))}")
        if found.overlaps(DOCKER_S_OWN):
            raise ValueError(f"overlaps {DOCKER_S_OWN}, which Docker takes for itself on every server")
        return cidr

    @field_validator("private_subnets")
    @classmethod
    def _each_subnet_stands_once(cls, private: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        named = (*info.data.get("public_subnets", ()), *private)
        twice = sorted({each for each in named if named.count(each) > 1})
        if twice:
            raise ValueError(f"names {', '.join(twice)} twice: each zone needs a public and a private one")
        return private

    @model_validator(mode="after")
    def _names_all_of_a_vpc_or_nothing(self) -> Self:
        found = {
            "vpc": (self.vpc, self.vpc_tags),
            "public_subnets": (self.public_subnets, self.public_tags),
            "private_subnets": (self.private_subnets, self.private_tags),
        }
        twice = [name for name, (ids, tags) in found.items() if ids and tags]
        if twice:
            raise ValueError(f"names {' and '.join(twice)} twice, by id and by tags: one is enough")
        lacking = [name for name, (ids, tags) in found.items() if not ids and not tags]
        if lacking and len(lacking) < len(found):
            raise ValueError(
                f"names no {' and no '.join(lacking)}: a VPC that exists takes all three, by ids or by tags"
            )
        own = sorted({"cidr", "nat"} & self.model_fields_set) if not lacking else ()
        if own:
            raise ValueError(f"states {' and '.join(own)} of a VPC that exists, where it is what it is")
        if not lacking and self.may_grow:
            raise ValueError("buys no third zone of a VPC that exists: write `zones: 3` if it has three")
        return self

    @model_validator(mode="after")
    def _has_a_subnet_in_each_zone(self) -> Self:
        for name, ids in (("public", self.public_subnets), ("private", self.private_subnets)):
            if len(ids) == 1:
                raise ValueError(f"has its {name} subnets in one zone, which may be lost: name two or three")
            if ids and len(ids) != self.zone_count:
                raise ValueError(f"names {len(ids)} {name} subnets for {self.zone_count} zones: one for each")
        return self

    @property
    def exists(self) -> bool:
        """Whether it is a VPC that stands already."""
        return bool(self.vpc or self.vpc_tags)

    @property
    def zone_count(self) -> int:
        """In how many zones it stands: what is stated, or as many as it names subnets."""
        named = len(self.public_subnets or self.private_subnets)
        if named and "zones" not in self.model_fields_set:
            return named
        return 2 if self.zones == "up to 3" else self.zones

    @property
    def may_grow(self) -> bool:
        """Whether money may buy a third zone."""
        return self.zones == "up to 3"
