"""What a task on AWS Fargate may be made of: steps of CPU and memory, and their price."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from groma.catalog._store import memo, unknown
from groma.catalog.services import unit_price

ARCHITECTURES = {"arm64": "arm", "x86_64": "x86"}
"""What a task definition says → how the keys of its prices end."""
_STEPS: tuple[tuple[float, tuple[float, ...]], ...] = (
    (0.25, (0.5, 1, 2)),
    (0.5, tuple(range(1, 5))),
    (1, tuple(range(2, 9))),
    (2, tuple(range(4, 17))),
    (4, tuple(range(8, 31))),
    (8, tuple(range(16, 61, 4))),
    (16, tuple(range(32, 121, 8))),
)
"""vCPU → GB that it may have
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html, undated, read
2026-11-29)."""


@dataclass(frozen=True, slots=True)
class FargateSize:
    """A step of CPU and memory on one architecture.

    Attributes:
        arch: `arm64` or `x86_64`.
        memory_gb: of 2³⁰ bytes, as AWS counts them.
    """

    arch: str
    vcpu: float
    memory_gb: float

    @property
    def name(self) -> str:
        """For people: `0.5 vCPU 1 GB arm64`."""
        return f"{self.vcpu:g} vCPU {self.memory_gb:g} GB {self.arch}"

    @property
    def cpu_units(self) -> int:
        """As a task definition says it: 1,024 are a vCPU."""
        return round(self.vcpu * 1024)

    @property
    def memory_mib(self) -> int:
        """As a task definition says it."""
        return round(self.memory_gb * 1024)

    def price_keys(self) -> tuple[str, str]:
        """Of the prices of a vCPU and of a GB for an hour."""
        end = ARCHITECTURES[self.arch]
        return f"vcpu_hour_{end}", f"gb_hour_{end}"


@memo
def fargate_sizes() -> tuple[FargateSize, ...]:
    """All of them, the smallest first."""
    return tuple(_all())


def _all() -> Iterator[FargateSize]:
    for vcpu, memories in _STEPS:
        for memory in memories:
            for arch in ARCHITECTURES:
                yield FargateSize(arch, vcpu, memory)


@memo
def fargate_size(name: str) -> FargateSize:
    """The size of that name; InputError when there is none."""
    known = {size.name: size for size in fargate_sizes()}
    if name not in known:
        raise unknown("size of a Fargate task", name, known)
    return known[name]


def fargate_usd(size: FargateSize, region: str) -> float | None:
    """USD of one task for an hour; None where a price is not known."""
    vcpu, memory = (unit_price("fargate", key, region) for key in size.price_keys())
    if vcpu is None or memory is None:
        return None
    return size.vcpu * vcpu.marginal(0) + size.memory_gb * memory.marginal(0)
