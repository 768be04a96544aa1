"""Workloads that several tests begin with."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from groma.design import Design, design
from groma.workload import load

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
EXAMPLE = EXAMPLES / "social-50k.yaml"

MINIMAL = """\
name: chirp
blueprint: three-tier
users: {total: 50_000}
"""


SHOP = """\
name: shop
blueprint: three-tier
users: {total: 200_000, active_daily: [0.02, 0.05, 0.1], requests_per_active_day: [10, 20, 40]}
load: {uploads_per_active_day: 0, page_mb: [0.2, 0.5, 1]}
slo: {p99_ms: 500}
"""
"""Machines that are 3 % busy, bought for the memory that rows of a day are guessed to take."""


UNDER_A_DOMAIN = """\
name: chirp
blueprint: three-tier
users: {total: 200_000}
profile: social-media
domain: chirp.acme.dev
"""
"""The sample under a name of its own, which may have a standby."""


def marked(name: str) -> object:
    """An example as a parameter of a test; several regions take seconds."""
    return pytest.param(name, marks=pytest.mark.slow) if name == "social-worldwide" else name


@cache
def designed_example(name: str) -> Design:
    """The design of an example, made once in a process: `social-worldwide`."""
    return design(load(ROOT / "examples" / f"{name}.yaml"))
