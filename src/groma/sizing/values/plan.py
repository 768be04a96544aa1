"""What is wished, what was chosen for it, and what was not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from groma.sizing.values.capacity import GatewaySize, TableSize
from groma.sizing.values.functions import FunctionSize
from groma.sizing.values.servers import Size


@dataclass(frozen=True, slots=True)
class Wish:
    """What a design is asked to be beyond the cheapest that keeps the goals.

    Attributes:
        p99_ms: the goal for the p99 in the place of the workload's; None to keep that.
        load_factor: all tiers are sized for this many times the peak.
        nat_per_zone: a NAT gateway in every zone, so that no zone needs another to reach the internet.
        multi_az: a standby of the database master in another zone, which takes over by itself.
        third_zone: one zone more than the two that a file stands in which leaves that to the money.
        no_burst: no machine lives on CPU credits.
        backup_days: for how long the database's backups are kept; None for as long as is usual.
        log_days: for how long it is kept who talked to whom; None for as long as is usual.
        more_rules: the firewall knows attacks on what stands behind, too.
        bot_control: the firewall knows programs that pretend to be people.
        another_reader: one reader more than the file states of an Aurora cluster.
        traced_share: which part of the requests is traced.
        cache: a cache before the database, which takes none of its size away.
        copied_to: the region to which the database's backups are copied; empty for none.
        standby: the region in which the same stands smaller, for when the first is lost; empty for none.
    """

    p99_ms: float | None = None
    load_factor: float = 1.0
    nat_per_zone: bool = False
    multi_az: bool = False
    no_burst: bool = False
    backup_days: int | None = None
    log_days: int | None = None
    more_rules: bool = False
    bot_control: bool = False
    third_zone: bool = False
    another_reader: bool = False
    cache: bool = False
    copied_to: str = ""
    standby: str = ""
    traced_share: float = 0.0

    @property
    def of_sizes(self) -> Wish:
        """What of it sizes depend on; the rest changes elements alone."""
        return replace(
            NO_WISH,
            p99_ms=self.p99_ms,
            load_factor=self.load_factor,
            multi_az=self.multi_az,
            no_burst=self.no_burst,
            third_zone=self.third_zone,
            another_reader=self.another_reader,
        )


NO_WISH = Wish()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A size that was not chosen, the goal that it misses (or that it only costs more), and its price; None
    where that is not known.

    `differs` says how it differs from what was chosen; empty in the short list.
    """

    tier: str
    option: str
    misses: str
    by: str
    usd_per_month: float | None
    differs: str = ""


@dataclass(frozen=True)
class Plan:
    """The sizes of all tiers, and what they come to.

    `latency_ms` holds p50, p95 and p99 at the likely peak after the loss of a zone, which is the state
    in which the goal is kept; `latency_all_zones_ms` is the same peak with every zone up, and
    `latency_by_class_ms` the first of them for each class of requests. All are empty where nothing was to
    be sized. `each`: they are the slowest class's, since each is held to the goal.
    """

    sizes: tuple[Size, ...] = ()
    latency_ms: dict[str, float] = field(default_factory=dict)
    latency_all_zones_ms: dict[str, float] = field(default_factory=dict)
    rejected: tuple[Rejected, ...] = ()
    latency_by_class_ms: dict[str, dict[str, float]] = field(default_factory=dict)
    functions: tuple[FunctionSize, ...] = ()
    table: TableSize | None = None
    gateway: GatewaySize | None = None
    each: bool = False

    def of(self, tier: str) -> Size:
        """The size of one tier; KeyError when there is no such tier."""
        return {size.tier: size for size in self.sizes}[tier]

    def function(self, name: str) -> FunctionSize:
        """The size of one function; KeyError when there is no such function."""
        return {size.name: size for size in self.functions}[name]

    @property
    def kept_at(self) -> str:
        """The state in which the goals are kept, and by whom where that is each class of requests."""
        return f"{self.state}, each class" if self.each else self.state

    @property
    def state(self) -> str:
        """The state in which the goals are kept: functions span the zones, servers may lose one."""
        return "at peak with a zone lost" if self.sizes else "at peak"

    @property
    def measured_at(self) -> str:
        """Where the goals are measured."""
        return "the load balancer" if self.sizes or not self.functions else "API Gateway"

    @property
    def machines(self) -> str:
        """For people: `2 × t4g.small, 2 × db.t4g.large`, one entry per tier or function."""
        servers = [f"{each.desired} × {each.choice.name}" for each in self.sizes]
        return ", ".join([*servers, *(f"{each.name} {each.choice.name}" for each in self.functions)])

    @property
    def chosen(self) -> dict[str, dict[str, str | int]]:
        """For machines: by tier `instance_type` and `desired`, by function `memory_mib` and `processor`."""
        servers: dict[str, dict[str, str | int]] = {
            each.tier: {"instance_type": each.choice.name, "desired": each.desired} for each in self.sizes
        }
        functions: dict[str, dict[str, str | int]] = {
            each.name: {"memory_mib": each.choice.memory_mib, "processor": each.choice.processor}
            for each in self.functions
        }
        return servers | functions


@dataclass(frozen=True)
class Decision:
    """Something that was decided, and why."""

    about: str
    decided: str
    because: str
