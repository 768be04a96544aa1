"""Which types a region offers, by the data that cfn-lint takes from AWS's own lists and price files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

MOST_MINORS = 60
"""Of one major version of MySQL: more than 8.0 came to."""


@cache
def _data(folder: str, name: str) -> Mapping[str, Any]:
    path = files("cfnlint.data.schemas.extensions") / folder / f"{name}.json"
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def _listed(folder: str, name: str, region: str) -> frozenset[str] | None:
    """The names that a region has; None when nothing is known of the region."""
    of_region = _data(folder, name).get(region)
    return None if of_region is None else frozenset(of_region["enum"])


def has_instance_type(region: str, name: str) -> bool:
    """Whether EC2 has the instance type there; a region of which nothing is known has all."""
    listed = _listed("aws_ec2_instance", "instancetype_enum", region)
    return listed is None or name in listed


def has_cache_node(region: str, name: str) -> bool:
    """Whether ElastiCache has the node type there; a region of which nothing is known has all."""
    listed = _listed("aws_elasticache_cachecluster", "cachenodetype_enum", region)
    return listed is None or name in listed


@cache
def _checkers(folder: str, name: str, region: str = "") -> Any:
    import jsonschema

    data = _data(folder, name)
    return jsonschema.Draft7Validator(dict(data[region] if region else data))


def has_engine_version(engine: str, version: str) -> bool:
    """Whether RDS has the version of an engine; of MySQL, of which minor ones alone are listed, a major one
    stands for the newest of them, as it does for RDS.
    """
    wanted = [version, *(f"{version}.{minor}" for minor in range(MOST_MINORS) if engine == "mysql")]
    known = _checkers("aws_rds_dbinstance", "engine_version")
    return any(known.is_valid({"Engine": engine, "EngineVersion": each}) for each in wanted)


def runs_on(engine: str, version: str, class_: str) -> bool:
    """Whether some region offers the version of an engine on the class of machines."""
    given = {"Engine": engine, "EngineVersion": version, "DBInstanceClass": class_}
    return bool(_checkers("aws_rds_dbinstance", "db_instance_class").is_valid(given))


def has_database_class(region: str, engine: str, class_: str) -> bool:
    """Whether RDS offers the class for the engine there; a region of which nothing is known offers all."""
    if region not in _data("aws_rds_dbinstance", "dbinstanceclass_enum"):
        return True
    given = {"Engine": engine, "DBInstanceClass": class_}
    return bool(_checkers("aws_rds_dbinstance", "dbinstanceclass_enum", region).is_valid(given))
