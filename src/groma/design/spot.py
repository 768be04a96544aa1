"""What Spot servers do to a design: what they save, how often AWS takes them back, what is left then."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from groma import catalog
from groma.architecture import Architecture
from groma.architecture.availability import availability
from groma.components.server_group import ServerGroup, spot_zone_left
from groma.components.spot import NO_ADVICE, NOTICE_S, SHORTAGE_S, Spot
from groma.sizing.starting import boot_s
from groma.sizing.values import Decision

HOURS = 24
Found = tuple[Architecture, ServerGroup, Spot]
"""A region, a group of it, and what of that is Spot."""


def of_spot(architecture: Architecture) -> tuple[Decision, ...]:
    """What is decided of each tier that buys Spot; nothing where none does."""
    by_tier: dict[str, list[Found]] = {}
    for part in architecture.parts:
        for group in part.architecture.of_type(ServerGroup):
            if group.spot is not None:
                by_tier.setdefault(group.id, []).append((part.architecture, group, group.spot))
    with catalog.own_prices(architecture.terms.book):
        return tuple(each for tier, found in by_tier.items() for each in _of_tier(tier, found))


def without_spot(architecture: Architecture) -> Architecture:
    """The same with all of its servers bought as the minimum is; itself where none is Spot."""
    groups = architecture.of_type(ServerGroup)
    if not any(group.spot for group in groups):
        return architecture
    exchanged = {group.id: replace(group, spot=None) for group in groups}
    components = tuple(exchanged.get(each.id, each) for each in architecture.components)
    return replace(architecture, components=components)


def availability_without(architecture: Architecture) -> float | None:
    """The availability if nothing were Spot; None where nothing is."""
    usual = without_spot(architecture)
    return None if usual is architecture else availability(usual).value


def _of_tier(tier: str, found: Sequence[Found]) -> Iterator[Decision]:
    region, group, _ = found[0]
    several = " in each region" if len(found) > 1 else ""
    types = dict.fromkeys(name for _, _, each in found for name in each.types)
    yield Decision(
        f"{tier} Spot",
        f"beyond {group.size.min} servers{several}: {', '.join(types)}",
        f"as stated; {_saved(found)}",
    )
    yield Decision(
        f"{tier} Spot taken back",
        _interrupted(found),
        f"each is told {NOTICE_S:.0f} s before, and another serves after {boot_s():.0f} s where one is to be "
        f"had. With those of a zone gone at peak {_left(region, group)}; {_all_gone(group, found)}",
    )


def _saved(found: Sequence[Found]) -> str:
    """What Spot takes off the bill, by the same lines with it and without."""
    usd = 0.0
    for region, group, _ in found:
        for sign, each in ((1, replace(group, spot=None)), (-1, group)):
            for line in each.bill(region):
                if line.monthly_usd is None:
                    return "what it saves is unknown, as a price is"
                usd += sign * line.monthly_usd.likely
    dates = {_dated(region, spot) for region, _, spot in found}
    if "" in dates:
        return (
            NO_ADVICE if len(found) == 1 else f"in some regions {NO_ADVICE}, elsewhere it saves ${usd:,.0f}"
        )
    if not any(group.spot_servers.likely for _, group, _ in found):
        return "saves nothing at the likely load: its minimum is all that it holds at peak"
    change = f"saves ${usd:,.0f}" if usd >= 0 else f"costs ${-usd:,.0f} more"
    return f"{change} a month by AWS's advice of {', '.join(sorted(dates))}, no price, which chose no size"


def _dated(region: Architecture, spot: Spot) -> str:
    advice = catalog.spot_advice(region.region, spot.types[0])
    return "" if advice is None else advice.as_of


def _interrupted(found: Sequence[Found]) -> str:
    """Expected interruptions: Spot servers on average, times the share of the band."""
    least = most = 0.0
    for region, group, spot in found:
        low, high = spot.interrupted(region.region)
        least, most = least + group.spot_servers.likely * low, most + group.spot_servers.likely * high
    return f"{least:.1f} to {most:.1f} interruptions a month"


def _left(region: Architecture, group: ServerGroup) -> str:
    left, size = spot_zone_left(group.size, len(region.zones_of(group))), group.size
    return f"{left} of {size.desired} are left, no fewer than with that zone lost, for which they are sized"


def _all_gone(group: ServerGroup, found: Sequence[Found]) -> str:
    """How much of the day the minimum alone would do, and what that costs at worst."""
    worst = max(found, key=lambda each: each[2].lost(each[0].region))
    lost, of = worst[2].lost(worst[0].region), worst[2].short
    often, minutes = worst[2].all_gone(worst[0].region), math.ceil(SHORTAGE_S / 60)
    hours = round((1 - of) * HOURS)
    alone = f"with all gone the {group.size.min} do in {hours} of {HOURS} hours"
    if of:
        alone += f", the others count as down for {minutes} min (a guess), {often:g} times a month at worst"
    return f"{alone}: {lost:.4%} off the availability"
