"""Workloads of millions in three regions, and their designs."""

from __future__ import annotations

from functools import cache

from groma.design import Design, design
from groma.workload import parse

REGIONS = ("us-east-1", "us-west-2", "eu-west-1")


def text(millions: float = 1.0, more: str = "", regions: str = ", ".join(REGIONS)) -> str:
    return f"""\
name: chirp
blueprint: worldwide
regions: [{regions}]
domain: chirp.example.com
alerts: ops@example.com
users: {{total: {int(millions * 20e6)}, concurrent: {int(millions * 1e6)}, think_s: [20, 30, 45]}}
{more}
"""


@cache
def made(millions: float = 1.0, more: str = "", regions: str = ", ".join(REGIONS)) -> Design:
    return design(parse(text(millions, more, regions), source="groma.yaml"), reasons=False)
