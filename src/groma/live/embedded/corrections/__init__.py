"""Corrections of moto, without which real Terraform stumbles or a read-back is untrue.

One file per AWS service. Each correction is one function that changes moto in memory; it says what
moto does wrong, what is right with it, and in which version of moto that was seen. A test runs moto
without them and fails as soon as moto has become right by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module

from groma.live.embedded.corrections.registry import Correction, registered

_FILES = (
    "alarms",
    "application_autoscaling",
    "autoscaling",
    "budgets",
    "cloudwatch",
    "ec2",
    "ec2_credits",
    "ec2_guests",
    "ecs",
    "elasticache",
    "elasticache_users",
    "elbv2",
    "kms",
    "prefix_lists",
    "rds",
    "rds_clusters",
    "rds_copies",
    "rds_regions",
    "route53",
    "secretsmanager",
    "sts",
)


def all_corrections() -> tuple[Correction, ...]:
    """Every correction, in the order in which they are made. Imports moto."""
    for name in _FILES:
        import_module(f"{__name__}.{name}")
    return registered()


def apply(without: Collection[str] = ()) -> None:
    """Correct the moto of this process, but for the corrections named in `without`.

    Raises:
        ValueError: `without` names one that does not exist.
    """
    corrections = all_corrections()
    if unknown := set(without) - {correction.name for correction in corrections}:
        raise ValueError(f"there are no corrections {sorted(unknown)}")
    for correction in corrections:
        if correction.name not in without:
            correction.install()
