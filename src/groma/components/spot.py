"""Spot servers of a group: of which types, at which saving by AWS's advice, and what interruptions cost.

AWS publishes no prices of Spot in its list, but an advisor's saving and band of interruptions by type and
region, both of the month before. They are advice: no size is chosen by them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from groma import catalog
from groma.answers import BillLine, Uptime
from groma.components.pricing import ADVICE, Meter
from groma.quantity import Range
from groma.sizing.starting import UNHEALTHY_S, boot_s
from groma.terms import CALCULATOR_HOURS, NO_BOOK

NOTICE_S = 120.0
"""From the notice until a Spot server ends
(https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html, undated, read
2026-11-29)."""
SHORTAGE_S = 3600.0
"""For which no zone has a Spot server of any of the types, once all are taken: a guess, AWS says nothing."""
FEWEST_TYPES = 3
"""Below which a few buyers can empty all pools of a zone; AWS advises ten."""
NO_ADVICE = "no advice on its saving: billed as on demand"
MONTH_S = CALCULATOR_HOURS * 3600


@dataclass(frozen=True)
class Spot:
    """What a group holds beyond its minimum, where that is bought as Spot.

    Attributes:
        types: instance types that serve as well, the group's own first; each in each zone is a pool.
        short: share of the day in which the minimum alone would not keep the goals.
    """

    types: tuple[str, ...]
    short: float

    def interrupted(self, region: str) -> tuple[float, float]:
        """Share of its servers that are interrupted in a month, by the best and the worst of the types."""
        ends = self._ends(region)
        return min(low for low, _ in ends), max(high for _, high in ends)

    def all_gone(self, region: str) -> float:
        """How often a month no type is to be had, at most: as often as the type that is taken least."""
        return min(high for _, high in self._ends(region))

    def _ends(self, region: str) -> list[tuple[float, float]]:
        """The band of each type; from nothing to all where AWS gives no advice."""
        bands = [catalog.spot_advice(region, name) for name in self.types]
        return [(0.0, 1.0) if band is None else band_of(band) for band in bands]

    def lost(self, region: str) -> float:
        """Share of time that interruptions cost at worst: L = (i₁ · s · T + i₂ · (s · B + D)) / month.

        i₁ and i₂ are the high ends of the best and of the worst type's bands, the shares of their servers
        that are interrupted in a month. AWS says nothing of how interruptions hang together: taken is that
        all servers of a type, in all zones, go at the same moment, so often a month. No type at all is to
        be had as often as the best is taken, at most; then the minimum alone is left for T = `SHORTAGE_S`,
        which in the share s of the day does not keep the goals. Else others replace what was taken, as often
        as the worst is, within B = boot - notice, which is 0 where a server boots within the notice. Each
        time what is sent to those that are gone fails until the load balancer has noticed, D = `UNHEALTHY_S`,
        as if all were sent there.

        The Spot servers of one zone are no more than that zone, for whose loss the group is sized.
        """
        _, worst = self.interrupted(region)
        late_s = max(boot_s() - NOTICE_S, 0.0)
        seconds = self.all_gone(region) * self.short * SHORTAGE_S
        seconds += worst * (self.short * late_s + UNHEALTHY_S)
        return min(seconds / MONTH_S, 1.0)

    def uptime(self, usual: Uptime, region: str) -> Uptime:
        """The availability of a group, of which Spot takes `lost`: A = A' · (1 - L)."""
        lost, often = self.lost(region), self.all_gone(region)
        because = (
            f"{usual.because}; less {lost:.4%} for Spot servers, at worst all gone {often:g} times a month "
            f"for {SHORTAGE_S / 60:.0f} min, of which {self.short:.0%} need them"
        )
        return replace(usual, share=usual.share * (1 - lost), because=because)

    def line(self, meter: Meter, servers: Range, on_demand: catalog.Price | None) -> BillLine:
        """The servers beyond the minimum: likely at the advised price of the group's own type.

        The low end is at that of the cheapest of the types, the high end at that of the dearest.
        """
        region, own = meter.architecture.region, self.types[0]
        item, advice, price = f"{own} Spot", catalog.spot_advice(region, own), spot_price(region, own)
        if advice is None or price is None:
            return meter.machines(item, servers, on_demand, f"{ADVICE}{NO_ADVICE}")
        low, high = advice.interruption_low, advice.interruption_high
        note = (
            f"{ADVICE}{advice.saving:.0%} below on demand by AWS's advisor of {advice.as_of}, an average of "
            f"the month and no price; {low:.0%} to {high:.0%} interrupted a month"
        )
        line = meter.machines(item, servers, price, note)
        assert line.monthly_usd is not None
        known = [each.usd for name in self.types if (each := spot_price(region, name)) is not None]
        hours = line.quantity
        usd = Range.around(hours.low * min(known), line.monthly_usd.likely, hours.high * max(known))
        return replace(line, monthly_usd=usd)


def band_of(advice: catalog.SpotAdvice) -> tuple[float, float]:
    """The ends of a band of interruptions, as shares of a month's servers."""
    return advice.interruption_low, advice.interruption_high


def spot_price(region: str, name: str) -> catalog.Price | None:
    """What an hour of a type costs as Spot by AWS's advice; None where price or advice is unknown.

    The saving is off AWS's list, whatever a price book makes of that.
    """
    advice = catalog.spot_advice(region, name)
    with catalog.own_prices(NO_BOOK):
        listed = catalog.ec2_price(region, name)
    if advice is None or listed is None:
        return None
    source = f"{listed.source}; {advice.saving:.0%} off by {advice.source}"
    return replace(listed, usd=listed.usd * (1 - advice.saving), source=source, as_of=advice.as_of)
