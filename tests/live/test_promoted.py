"""A standby whose database was promoted is not provisioned over."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from groma.architecture import Architecture
from groma.design import design
from groma.errors import InputError
from groma.live.promoted import refuse_promoted
from groma.workload import parse

NAME = "chirp-usw2-database-master"
TEXT = """\
name: chirp
blueprint: three-tier
users: {total: 50_000}
domain: chirp.acme.dev
standby: us-west-2
"""


@cache
def made(more: str = "") -> Architecture:
    return design(parse(TEXT + more), reasons=False).architecture


class Databases:
    """RDS of the standby's region, with what stands there."""

    def __init__(self, *found: dict[str, Any]) -> None:
        self.found, self.asked = found, list[tuple[str, str | None, str]]()

    def client(self, service: str, region: str | None = None) -> Databases:
        self.region = service, region
        return self

    def can_paginate(self, operation: str) -> bool:
        return False

    def describe_db_instances(self, DBInstanceIdentifier: str) -> dict[str, Any]:
        self.asked.append((*self.region, DBInstanceIdentifier))
        return {"DBInstances": list(self.found)}


def test_a_copy_of_home_may_be_provisioned_over() -> None:
    source = "arn:aws:rds:us-east-1:111122223333:db:chirp-database-master"
    there = Databases({"ReadReplicaSourceDBInstanceIdentifier": source})
    refuse_promoted(made(), there)
    assert there.asked == [("rds", "us-west-2", NAME)]
    refuse_promoted(made(), Databases())


def test_what_was_promoted_may_not() -> None:
    with pytest.raises(InputError, match=f"{NAME} in us-west-2 was promoted") as refused:
        refuse_promoted(made(), Databases({"DBInstanceStatus": "available"}))
    assert "docs/guides/standby.md" in refused.value.hint


def test_nobody_is_asked_where_nothing_stands_by() -> None:
    none = Databases({"DBInstanceStatus": "available"})
    refuse_promoted(design(parse(TEXT.replace("standby: us-west-2\n", "")), reasons=False).architecture, none)
    assert none.asked == []
