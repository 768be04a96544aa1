"""What binds a tier, where its load does not: the limit that all machines miss which are a little cheaper."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from groma.sizing.candidates import Candidate, hard_limit

NEIGHBOURS = 4
OF_LOAD = frozenset({"CPU", "CPU at high demand", "machines"})
"""Limits that are the load's own."""


def binding(mine: Candidate) -> str:
    """The name of that limit; empty where one of the next cheaper would do but for its times, or has the CPU
    too busy, where a zone needs more than one machine, and where nothing is cheaper.
    """
    if mine.per_zone > 1:
        return ""
    usd = mine.usd_per_month
    others = (replace(mine, choice=each, least=1) for each in mine.tier.choices if each.priced)
    cheaper = sorted(
        (c for c in others if c.usd_per_month < usd), key=lambda c: (-c.usd_per_month, c.choice.name)
    )
    missed = [miss[0] if (miss := hard_limit(other)) else "" for other in cheaper[:NEIGHBOURS]]
    if not missed or "" in missed or OF_LOAD & set(missed):
        return ""
    return Counter(missed).most_common(1)[0][0]
