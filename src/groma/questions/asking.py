"""What questions share: how they tell what they are doing, and of which workloads they can be asked."""

from __future__ import annotations

from collections.abc import Callable

from groma.design import server_tiers
from groma.errors import InputError
from groma.workload import KINDS, Workload
from groma.workload.demand import demand

Report = Callable[[str], None]
"""Is told each step of a long answer, in words."""


def silent(_: str) -> None:
    """A report that nobody reads."""


def must_be_sized(workload: Workload) -> None:
    """Refuse a question about sizes where nothing is sized by the load. Raises InputError."""
    if not KINDS[workload.blueprint].has_load:
        raise InputError(
            f"nothing of {workload.blueprint} is sized by its load",
            where=workload.where("blueprint"),
            hint="ask this of another blueprint",
        )


def must_have_servers(workload: Workload) -> None:
    """Refuse a question about servers where there are none. Raises InputError."""
    must_be_sized(workload)
    if not server_tiers(workload, demand(workload)):
        raise InputError(
            f"{workload.blueprint} has no servers to exchange or to outgrow: functions come with the load",
            where=workload.where("blueprint"),
            hint="ask why a function has its size with --why api, or what it costs beside servers with "
            "--compare three-tier serverless",
        )
