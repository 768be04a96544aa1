"""From a quantity and a price of the catalog to a line of the bill."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from groma import catalog
from groma.answers import BillLine
from groma.architecture import Architecture
from groma.quantity import ZERO, Range
from groma.terms import CALCULATOR_HOURS, Buying, Terms

MONTH_HOURS = CALCULATOR_HOURS
"""Hours of the month for which volumes are known; what is billed is `architecture.terms.month`."""

BOTH_DIRECTIONS = 2
CROSS_ZONE = ("datatransfer", "cross_az_each_direction")

NO_ALLOWANCE = (0.0, 0.0, 0.0)
"""For an account that uses its free allowances up elsewhere, low, likely and high."""
NO_PRICE = "no price in the catalog"
"""What a line says of its source that has none."""
REMEMBERED = 8192
"""Costs that are kept: designs that differ in one quantity have most lines in common."""
ADVICE = "advice only: "
"""What the note of a line begins with when it speaks of what is no price."""

TERM_NAMES: Mapping[catalog.Purchase, str] = {
    "on-demand": "on demand",
    "reserved-1y": "reserved 1 year",
    "reserved-3y": "reserved 3 years",
    "savings-plan-1y": "savings plan 1 year",
}
YEARLY: tuple[catalog.Purchase, ...] = ("reserved-1y", "savings-plan-1y")
"""What `mixed` may commit to for a year, in the order that holds where both cost the same."""


def committed(
    purchase: Buying, ask: Callable[[catalog.Purchase], catalog.Price | None]
) -> tuple[catalog.Purchase, catalog.Price | None]:
    """What is bought of a machine that runs in every hour, and its price: of `mixed` the cheaper known one.

    Args:
        purchase: how machines are bought.
        ask: the price of an hour of the machine, bought in one way.
    """
    if purchase != "mixed":
        return purchase, ask(purchase)
    known = [(price.usd, YEARLY.index(term), term, price) for term in YEARLY if (price := ask(term))]
    if not known:
        return YEARLY[0], None
    _, _, term, price = min(known, key=lambda each: each[:2])
    return term, price


@dataclass(frozen=True)
class Meter:
    """Writes the bill's lines of one component, by the region and terms of its architecture."""

    component: str
    architecture: Architecture

    @property
    def terms(self) -> Terms:
        """Month and purchase."""
        return self.architecture.terms

    @property
    def group(self) -> str:
        """The lane of the component."""
        try:
            return self.architecture.component(self.component).lane
        except KeyError:
            return ""

    def hours(self, item: str, count: Range | float, service: str, key: str, note: str = "") -> BillLine:
        """A line for `count` things (on average) that are paid in every hour of the month."""
        return self.monthly(item, _range(count) * self.terms.month.hours, service, key, note)

    def volume(
        self, item: str, volume: Range | float, service: str, key: str, note: str = "", *, at: str = ""
    ) -> BillLine:
        """A line for what flows: `volume` is that of a month of 730 hours and goes with the days."""
        return self.monthly(item, _range(volume) * self.terms.month.share, service, key, note, at=at)

    def monthly(
        self, item: str, quantity: Range | float, service: str, key: str, note: str = "", *, at: str = ""
    ) -> BillLine:
        """A line for a quantity of this month as it is, through the tiers of its price.

        `at` is where the price holds, when that is not the region of the architecture.
        """
        amount, region = _range(quantity), at or self.architecture.region
        price = catalog.unit_price(service, key, region)
        if price is None:
            return self._unknown(item, amount, _unit_of(service, key), note)
        known = _metered(price, amount, ZERO, None if self.terms.free_tier else NO_ALLOWANCE)
        source, as_of = (NO_PRICE, "") if known is None else (price.source, price.as_of)
        unit_usd, usd = known or (None, None)
        meter = (service, key, region)
        return BillLine(
            self.component, item, amount, price.unit, unit_usd, usd, source, as_of, note, meter, self.group
        )

    def machines(
        self, item: str, count: Range | float, price: catalog.Price | None, note: str = ""
    ) -> BillLine:
        """A line for machines that are paid by the hour, `count` of them on average."""
        hours = _range(count) * self.terms.month.hours
        if price is None:
            return self._unknown(item, hours, "hour", note)
        usd = hours * price.usd
        return BillLine(
            self.component,
            item,
            hours,
            "hour",
            price.usd,
            usd,
            price.source,
            price.as_of,
            note,
            group=self.group,
        )

    def _unknown(self, item: str, quantity: Range, unit: str, note: str) -> BillLine:
        return BillLine(
            self.component, item, quantity, unit, None, None, NO_PRICE, "", note, group=self.group
        )


def tracking_alarms(meter: Meter, count: int) -> BillLine:
    """A line for the alarms that target tracking makes for itself, which are paid as all others are.

    A group of servers has two (Amazon EC2 Auto Scaling User Guide, target tracking); what reads or writes a
    table two pairs, since capacity that nobody uses is watched as well (DynamoDB Developer Guide, managing
    throughput with auto scaling; both read 2026-11).
    """
    note = "made by AWS to add and remove capacity"
    return meter.monthly("alarms of target tracking", count, "cloudwatch", "alarm_standard", note)


def charged(
    line: BillLine, price: catalog.TieredPrice, before: Range, free: Sequence[float] | None = None
) -> BillLine:
    """A line with its price, when `before` of the month's quantity already went through the same meter.

    Its cost is that of both together less that of what went before, so that tiers and free allowance are
    used once. The line stays unknown where the tiers are not known so far.

    Args:
        free: how much of the allowance this region has, low, likely and high, when others have the rest.
    """
    known = _metered(price, line.quantity, before, None if free is None else tuple(free))
    if known is None:
        return replace(line, unit_usd=None, monthly_usd=None, source=NO_PRICE, as_of="")
    unit_usd, usd = known
    return line.at(unit_usd, usd, price.source, price.as_of)


@lru_cache(maxsize=REMEMBERED)
def _metered(
    price: catalog.TieredPrice, quantity: Range, before: Range, free: tuple[float, ...] | None
) -> tuple[float, Range] | None:
    """What `charged` finds: the price of a unit and the cost; None where the tiers are not known so far."""
    cases = [(getattr(before, case), getattr(quantity, case)) for case in ("low", "likely", "high")]
    left = [price.free_quantity] * 3 if free is None else list(free)
    short = price.free_quantity - min(left) > 0 and len(price.tiers) < 2
    if short or not all(price.covers(start + more) for start, more in cases):
        return None
    low, likely, high = (
        _with_free(price, start + more, own) - _with_free(price, start, own)
        for (start, more), own in zip(cases, left, strict=True)
    )
    start, more = cases[1]
    return likely / more if more else price.marginal(start), Range.around(low, likely, high)


def _with_free(price: catalog.TieredPrice, quantity: float, free: float) -> float:
    """The cost when only `free` units are free, and the rest of the allowance has the first price."""
    withheld = min(quantity, price.free_quantity) - min(quantity, free)
    return price.cost(quantity) + (withheld * price.tiers[1].usd if withheld > 0 else 0.0)


def _range(value: Range | float) -> Range:
    return value if isinstance(value, Range) else Range.exactly(value)


def _unit_of(service: str, key: str) -> str:
    return catalog.unit_of(service, key) or "unit"
