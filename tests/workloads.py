"""Workloads that several tests begin with."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "social-50k.yaml"

MINIMAL = """\
name: chirp
blueprint: three-tier
users: {total: 50_000}
"""
