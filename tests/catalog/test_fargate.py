"""Steps of CPU and memory of Fargate tasks, and their price."""

from __future__ import annotations

import pytest

from groma.catalog import fargate_size, fargate_sizes, fargate_usd, regions, unit_price
from groma.errors import InputError


def test_memory_comes_in_the_steps_of_its_cpu() -> None:
    found: dict[float, list[float]] = {}
    for size in fargate_sizes():
        if size.arch == "arm64":
            found.setdefault(size.vcpu, []).append(size.memory_gb)
    assert {vcpu: (min(rows), max(rows), len(rows)) for vcpu, rows in found.items()} == {
        0.25: (0.5, 2, 3),
        0.5: (1, 4, 4),
        1: (2, 8, 7),
        2: (4, 16, 13),
        4: (8, 30, 23),
        8: (16, 60, 12),
        16: (32, 120, 12),
    }
    assert len({size.name for size in fargate_sizes()}) == len(fargate_sizes())


def test_a_size_is_found_by_its_name() -> None:
    size = fargate_size("0.5 vCPU 1 GB arm64")
    assert (size.cpu_units, size.memory_mib) == (512, 1024)
    with pytest.raises(InputError, match="no size of a Fargate task"):
        fargate_size("0.5 vCPU 16 GB arm64")


@pytest.mark.parametrize(
    ("name", "region", "usd"),
    [
        # AWS's price pages of 2025-10 and price list of 2026-09; each row's source is in the table.
        ("1 vCPU 2 GB x86_64", "us-east-1", 0.04048 + 2 * 0.004445),
        ("1 vCPU 2 GB arm64", "us-east-1", 0.03238 + 2 * 0.00356),
        ("0.25 vCPU 0.5 GB x86_64", "eu-central-1", 0.25 * 0.04656 + 0.5 * 0.00511),
        ("16 vCPU 32 GB arm64", "sa-east-1", 16 * 0.0557 + 32 * 0.00612),
    ],
)
def test_a_task_costs_its_cpu_and_memory(name: str, region: str, usd: float) -> None:
    assert fargate_usd(fargate_size(name), region) == pytest.approx(usd, rel=1e-9)


def test_every_region_has_a_price_of_both_processors() -> None:
    for region in regions():
        for key in ("vcpu_hour_x86", "gb_hour_x86", "vcpu_hour_arm", "gb_hour_arm"):
            price = unit_price("fargate", key, region.name)
            assert price is not None, (region.name, key)
            assert price.source
            assert price.as_of
