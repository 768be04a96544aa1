"""What is to be sized, and the sizes: the values that blueprints and sizing hand to each other.

A blueprint states what it consists of, sizing chooses for each of it one of its choices and a count, and the
blueprint makes the architecture from the sizes. So no component ever exists without its size.
"""

from groma.sizing.values.capacity import GatewaySize, TableSize, TableTier
from groma.sizing.values.functions import (
    MIB_PER_VCPU,
    FunctionChoice,
    FunctionSize,
    FunctionTier,
    FunctionWork,
)
from groma.sizing.values.plan import NO_WISH, Decision, Plan, Rejected, Wish
from groma.sizing.values.servers import POISSON, Bursts, Choice, ClassWork, Discipline, Size, Tier, TierLoad

__all__ = [
    "MIB_PER_VCPU",
    "NO_WISH",
    "POISSON",
    "Bursts",
    "Choice",
    "ClassWork",
    "Decision",
    "Discipline",
    "FunctionChoice",
    "FunctionSize",
    "FunctionTier",
    "FunctionWork",
    "GatewaySize",
    "Plan",
    "Rejected",
    "Size",
    "TableSize",
    "TableTier",
    "Tier",
    "TierLoad",
    "Wish",
]
