"""What a standby tells once users are led to it: who gets that mail decides whether home is given up."""

from __future__ import annotations

from dataclasses import dataclass

from groma.answers import Alarm, Metric, Missing, Ref, Runbook
from groma.architecture import Architecture

TOLD_AFTER = 3
"""Minutes with answered requests."""


@dataclass(frozen=True, slots=True)
class StandbyOf:
    """Of which region something is a standby, and for how long its database keeps backups from then on."""

    home: str
    backup_days: int


def led_here(component: str, group: str, standby_of: StandbyOf, architecture: Architecture) -> Alarm:
    """That requests are answered where none come while home is well.

    Health checks of Route 53 are answered with a 409 before the database is promoted, which is not counted;
    whoever asks from elsewhere is let in by no load balancer.

    Args:
        component: the id of the standby's public load balancer; group: of the servers behind it.
        architecture: the part of the standby.
    """
    home = standby_of.home
    return Alarm(
        id=f"{component}-led-here",
        component=component,
        title=f"users are led here: {home} does not answer, or was given up",
        severity="page",
        derived_from=f"0 are answered while {home} is well; {TOLD_AFTER} min on end are no single visitor",
        watches=Metric(
            "AWS/ApplicationELB",
            "HTTPCode_Target_2XX_Count",
            "Sum",
            {"LoadBalancer": Ref(f"module.{group}.load_balancer_arn_suffix")},
        ),
        comparison=">",
        threshold=0,
        evaluation_periods=TOLD_AFTER,
        datapoints=TOLD_AFTER,
        missing=Missing("notBreaching", "published with answers: without any nobody is here"),
        runbook=Runbook(
            "Users read here, slowly at first: its servers start with the load. Nothing can be written.",
            f"AWS's health page and the alarms of {home}: is it the region, or our tiers in it?",
            "Let it be if it comes back within minutes: users are led back by themselves. If not, promote: "
            f"`{_promotion(architecture, standby_of.backup_days)}`. From then on users stay here. Before "
            f"{home} is let in again, set its application servers to none: its database has missed what was "
            "written here.",
        ),
    )


def _promotion(architecture: Architecture, backup_days: int) -> str:
    """The command by which a standby takes writes; of backups that it does not mention it keeps a day's."""
    return (
        f"aws rds promote-read-replica --region {architecture.region} --db-instance-identifier "
        f"{architecture.name}-database-master --backup-retention-period {backup_days}"
    )
