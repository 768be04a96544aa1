"""How busy each component is at the likely peak: requests per second, and share of its CPU."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from groma.architecture import Architecture, format_rate
from groma.sizing.values import Size


@dataclass(frozen=True, slots=True)
class Load:
    """What arrives at a component at peak, and how busy that makes its machines.

    Attributes:
        per_s: requests per second over all links that lead to it; None where none state a rate.
        busy: share of CPU, between 0 and 1; None for what has no machines of its own.
        busy_zone_lost: the same after the loss of a zone.
    """

    per_s: float | None
    busy: float | None = None
    busy_zone_lost: float | None = None

    def __str__(self) -> str:
        """In words: `420/s at peak · 38 % busy`."""
        rate = "" if self.per_s is None else f"{format_rate(self.per_s)} at peak"
        share = "" if self.busy is None else f"{self.busy * 100:.0f} % busy"
        return " · ".join(part for part in (rate, share) if part)


def peak_load(architecture: Architecture) -> dict[str, Load]:
    """The load of every component that has one, by its id.

    Components that share one size (a master and its replica) share the tier's work in proportion to the
    requests that reach them; the loss of a zone leaves one to carry all of it.
    """
    arriving: dict[str, float] = defaultdict(float)
    for link in architecture.links:
        if link.flow == "request" and link.peak_per_s is not None:
            arriving[link.target] += link.peak_per_s
    sizes = {
        c.id: size for c in architecture.components if isinstance(size := getattr(c, "size", None), Size)
    }
    found: dict[str, Load] = {}
    for component in architecture.components:
        rate = arriving.get(component.id)
        size = sizes.get(component.id)
        if size is not None:
            sharing = [id_ for id_, other in sizes.items() if other is size]
            busy = size.utilisation_at_peak * _weight(component.id, sharing, arriving)
            found[component.id] = Load(rate, busy, size.utilisation_zone_lost)
        elif rate is not None:
            found[component.id] = Load(rate)
    return found


def _weight(id_: str, sharing: list[str], arriving: dict[str, float]) -> float:
    """A component's work over the average of those that share its tier."""
    total = sum(arriving.get(other, 0.0) for other in sharing)
    return arriving.get(id_, 0.0) * len(sharing) / total if total else 1.0
