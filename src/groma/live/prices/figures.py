"""What a product of AWS's price list is in the catalog: a machine by the hour, or a unit by quantity."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from groma import catalog

Attributes = Mapping[str, str]
PREFIX = re.compile(r"^(?:EU|[A-Z]{2,3}\d|[a-z]{2}-[a-z]+-\d)-")
"""What usage types of a region begin with: nothing or `USE1-`, `USW2-`, `EU-`, `APS1-`; KMS: `us-east-1-`."""


@dataclass(frozen=True)
class Machine:
    """Paid by the hour: where each purchase goes, as purchase → (table, key) of the catalog.

    `upfront_3y` says that the three-year price is that of partial upfront, spread over the term.
    """

    places: Mapping[str, tuple[str, str]]
    upfront_3y: bool = False


@dataclass(frozen=True)
class Unit:
    """Paid by quantity: service, key and unit of the catalog; `at` is the place of CloudFront's edges."""

    service: str
    key: str
    unit: str
    at: str = ""

    @property
    def name(self) -> str:
        """As the file of refreshed prices has it: `natgateway/hour`, `cloudfront/internet_out@eu`."""
        return f"{self.service}/{self.key}" + (f"@{self.at}" if self.at else "")


Figure = Machine | Unit
Select = Callable[[str, str, Attributes], Figure | None]
"""Tells which figure a product is, from its family, its usage type and its attributes; None for the many that
the catalog does not have."""


@dataclass(frozen=True)
class Offer:
    """One file of the price list.

    Attributes:
        code: AWS's name of it.
        select: tells which figure a product is. Usage types come without the region's prefix, and as they
            are in a file for everywhere, where a prefix tells another product.
        reads: everything that it can find: tables, and units as `service/key`.
        required: those of them without which the layout is not the one known here.
        everywhere: whether its prices are the same in all regions and only in the global file.
    """

    code: str
    select: Select
    reads: tuple[str, ...]
    required: tuple[str, ...]
    everywhere: bool = False

    @property
    def name(self) -> str:
        """For people; an offer may have both a file for the region and one for everywhere."""
        return f"{self.code} (everywhere)" if self.everywhere else self.code


def usage_type(attributes: Attributes) -> str:
    """A product's usage type without the region's prefix."""
    return PREFIX.sub("", attributes.get("usagetype", ""), count=1)


def unit(service: str, key: str, at: str = "") -> Unit:
    """The catalog's unit of that name."""
    return Unit(service, key, catalog.unit_of(service, key) or "unit", at)
