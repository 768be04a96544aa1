"""What AWS refuses beyond what its public models say: one file for each part of an architecture.

names.py      names that are kept, or that one service writes otherwise than another
servers.py    EC2, auto scaling, load balancers
databases.py  RDS, Aurora, ElastiCache, DynamoDB
functions.py  Lambda, its queues, its gateway
edge.py       Route 53, certificates, CloudFront, the firewall
watching.py   alarms, logs, tags, roles
regional.py   which types a region offers, by the data of cfn-lint
young.py      what a new account, or one on the free plan, is not given
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from groma.live.embedded.gate.registry import Rule, rules

_FILES = ("names", "servers", "databases", "functions", "edge", "watching", "young")


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule; they are registered when they are asked for first."""
    for name in _FILES:
        import_module(f"{__name__}.{name}")
    return rules()
