"""Workloads that several tests begin with."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from groma.design import Design, design
from groma.workload import load

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "social-50k.yaml"

MINIMAL = """\
name: chirp
blueprint: three-tier
users: {total: 50_000}
"""


def marked(name: str) -> object:
    """An example as a parameter of a test; several regions take seconds."""
    return pytest.param(name, marks=pytest.mark.slow) if name == "social-worldwide" else name


@cache
def designed_example(name: str) -> Design:
    """The design of an example, made once in a process: `social-worldwide`."""
    return design(load(ROOT / "examples" / f"{name}.yaml"))
