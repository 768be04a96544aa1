"""Spot servers of a tier: of which types, and how much of the day its minimum would do without them."""

from __future__ import annotations

from collections.abc import Iterator

from groma import catalog
from groma.blueprints.machines import VOLUME_GIB, allowed, server_choices
from groma.components.spot import FEWEST_TYPES, Spot, band_of, spot_price
from groma.sizing.values import Choice, Size
from groma.workload import Workload
from groma.workload.demand import daily_curve

MOST_TYPES = 10
"""AWS advises to be flexible across so many
(https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-best-practices.html, undated; from memory of the
page, 2026-11-29). A group takes 40."""


def spot_of(
    workload: Workload, tier: str, size: Size, *, region: str, zones: int, public: bool, part: float = 1.0
) -> Spot | None:
    """What a tier buys as Spot; None where the file does not ask for it.

    Args:
        tier: `web` or `app`.
        size: what it was given.
        part: load of the region over that for which it was sized.
    """
    if tier not in workload.machines.spot:
        return None
    return Spot(
        types_beside(workload, size.choice, region, public=public), short(workload, size, zones, part)
    )


def short(workload: Workload, size: Size, zones: int, part: float = 1.0) -> float:
    """Share of the day in which the minimum alone would not keep the goals.

    They are kept at peak with a zone lost, by n·(z - 1)/z of n servers. So they are kept in an hour of load
    h, a share of the busiest, by m servers with m >= h · n·(z - 1)/z: none is busier then, in no tier. In the
    others nothing is promised, though it may hold where there is room left up to the goal.
    """
    curve = daily_curve(workload.load.peak_hour_to_mean.likely)
    survivors = size.desired * max(zones - 1, 1) / zones
    needed = (part * hour / max(curve) * survivors for hour in curve)
    return sum(size.min < least - 1e-9 for least in needed) / len(curve)


def types_beside(workload: Workload, own: Choice, region: str, *, public: bool) -> tuple[str, ...]:
    """The type of a tier, then others that serve in its place, those that are interrupted least first.

    Each has its architecture, at least its CPU, memory, network and disk, CPU that lasts as long, and by
    advice a price below the tier's own on demand. Those in worse bands than the tier's own type come in
    only as far as it takes to be `FEWEST_TYPES`.
    """
    found = sorted(_serving(workload, own, region, public))
    advice = catalog.spot_advice(region, own.name)
    usual = 1.0 if advice is None else advice.interruption_high
    good = [name for worst, _, name in found if worst <= usual]
    rest = [name for worst, _, name in found if worst > usual]
    missing = max(FEWEST_TYPES - 1 - len(good), 0)
    return (own.name, *good[: MOST_TYPES - 1], *rest[:missing])


def _serving(
    workload: Workload, own: Choice, region: str, public: bool
) -> Iterator[tuple[float, float, str]]:
    """Types that serve as well as a tier's own: the worst share interrupted a month, price an hour, name."""
    architecture, limit = catalog.instance_type(own.name).arch, catalog.ec2_price(region, own.name)
    for other in allowed(workload, server_choices(region, volume_gib=VOLUME_GIB, public=public)):
        advice, price = catalog.spot_advice(region, other.name), spot_price(region, other.name)
        if other.name == own.name or advice is None or price is None or limit is None:
            continue
        same = catalog.instance_type(other.name).arch == architecture
        if same and price.usd <= limit.usd and _is_as_good(other, own):
            yield band_of(advice)[1], price.usd, other.name


def _is_as_good(other: Choice, own: Choice) -> bool:
    """Whether a request is served as fast, by as much of everything, and for as long.

    A launch template that says what becomes of CPU credits launches burstable machines alone, so that the
    types of a group all live on credits, or none does.
    """
    if (other.baseline is None) != (own.baseline is None):
        return False
    names = ("vcpu", "mem_gib", "speed", "network_gbps", "ebs_iops", "ebs_mbps")
    lasts = (other.baseline or 0.0) >= (own.baseline or 0.0)
    return lasts and all(getattr(other, name) >= getattr(own, name) for name in names)
