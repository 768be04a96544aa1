"""Lambda functions: what is asked of each, what it may be made of, and what it was given."""

from __future__ import annotations

from dataclasses import dataclass

from groma.catalog import TieredPrice
from groma.quantity import Range

MIB_PER_VCPU = 1769
"""Memory with which a function gets one vCPU
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html, undated, read 2026-11-22)."""


@dataclass(frozen=True, slots=True)
class FunctionWork:
    """What one kind of call asks of a function.

    Attributes:
        name: the class of requests, or what the function does.
        share: of all calls; the shares of a function add up to 1.
        cpu_s: CPU time on one vCPU of the reference family, in seconds.
        scv: squared coefficient of variation of that time.
        waits: what the call waits for, one after the other: (how often, seconds of one, its squared
            coefficient of variation); waiting takes time that is paid, and no CPU.
    """

    name: str
    share: float
    cpu_s: float
    scv: float
    waits: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionChoice:
    """A memory and a processor that a function may have; CPU grows with the memory.

    Attributes:
        processor: `arm64` or `x86_64`.
        speed: work of one vCPU of it relative to the reference family.
        request, gb_second: prices; None when unknown.
    """

    processor: str
    memory_mib: int
    speed: float
    request: TieredPrice | None
    gb_second: TieredPrice | None

    def __hash__(self) -> int:
        """Of little, since what is kept is kept by long rows of choices."""
        return hash((self.memory_mib, self.processor))

    @property
    def priced(self) -> bool:
        """Whether all that it costs is known."""
        return self.request is not None and self.gb_second is not None

    @property
    def name(self) -> str:
        """For people: `512 MB arm64`."""
        return f"{self.memory_mib:,} MB {self.processor}"

    @property
    def power(self) -> float:
        """Work that one thread does per second, in seconds of a vCPU of the reference family.

        speed · min(1, memory / 1,769 MB): a call computes in one thread.
        """
        return self.speed * min(1.0, self.memory_mib / MIB_PER_VCPU)


@dataclass(frozen=True, slots=True)
class FunctionTier:
    """A Lambda function to be sized.

    Attributes:
        work: what each kind of call asks of it.
        rate_per_s: calls per second at the likely peak.
        high_per_s: the same at the high end of the ranges.
        hour_per_s: calls per second on average over the busiest hour.
        per_month: calls in a month of 730 hours.
        goal_ms: the 99th percentile of a call's time, with what precedes it.
        each: whether every kind of call is to keep it, not all together.
        before_s: what passes before the function is called, in seconds: a gateway, or a topic and a queue.
        cold_start_s: time that a new environment takes to start.
        idle_s: an environment that was not used for so long is gone.
        life_s: an environment is replaced after so long.
        working_mib: memory that it needs.
        waits_in_queue: whether calls that find all environments busy wait for one, as messages do, so that
            the number of environments is to be limited.
        by_the_clock: whether calls come evenly, one at a time.
    """

    name: str
    work: tuple[FunctionWork, ...]
    rate_per_s: float
    high_per_s: float
    hour_per_s: float
    per_month: Range
    goal_ms: float
    before_s: float
    cold_start_s: float
    idle_s: float
    life_s: float
    working_mib: float
    choices: tuple[FunctionChoice, ...]
    waits_in_queue: bool = False
    by_the_clock: bool = False
    each: bool = False


@dataclass(frozen=True, slots=True)
class FunctionSize:
    """What a function was given.

    Attributes:
        billed_ms: time of one call that is paid, on average over the day: cold starts included.
        cold_share: share of the calls at peak that start an environment.
        concurrency: calls at once at the likely peak, exceeded by one moment in a thousand.
        concurrency_high: the same at the high end of the ranges: what the function is allowed.
        latency_ms: p50, p95 and p99 at the likely peak, of all calls.
        latency_by_class_ms: the same of each kind of call.
        usd_per_month: calls and time, for comparing sizes.
        each: whether every kind of call was to keep the goal, not all together.
    """

    name: str
    choice: FunctionChoice
    goal_ms: float
    billed_ms: float
    cold_share: float
    concurrency: int
    concurrency_high: int
    latency_ms: dict[str, float]
    latency_by_class_ms: dict[str, dict[str, float]]
    usd_per_month: float
    each: bool = False

    @property
    def held_ms(self) -> dict[str, float]:
        """The times that the goal is for: of the slowest kind where it is one for each, else of all calls."""
        return self.slowest_ms if self.each else self.latency_ms

    @property
    def slowest_ms(self) -> dict[str, float]:
        """p50, p95 and p99 at the likely peak, each of the kind of call that is slowest there."""
        kinds = self.latency_by_class_ms.values()
        return {name: max(kind[name] for kind in kinds) for name in self.latency_ms}
