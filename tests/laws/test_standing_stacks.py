"""A law over all modules' variables: what a later `up` can change is changed once on a standing stack.

The life cycles do it (`tests/live/test_life_cycle*.py`, by `tests/standing.py`), and `verify` is content
afterwards; here it is counted. What is not changed there is named with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import groma
from groma.answers import Ref, Value
from groma.architecture import Architecture
from groma.terraform.calls import module_calls
from groma.terraform.readme import blocks
from standing import STANDING

pytestmark = pytest.mark.slow  # the worldwide designs take seconds

MODULES = Path(groma.__file__).parent / "terraform" / "modules"
Variable = str
"""`database.storage`, and of one that is an object each attribute: `database.storage.gib`."""

NAME = "names what it makes: another name makes others"
PLACE = "where it stands: AWS moves nothing, so it is made anew"
CODE = "of the application's code, which has no other"
OWNER = "whose a thing is cannot be changed: it is made anew"
ONE = "Groma's designs know one value, and verify holds them to it"
NOBODY = "no design gives it: for others who call the module, and planned by its native tests"
EDGE = "of a stack with a home elsewhere than in us-east-1 alone: planned by the module's native tests"
KEY = "a database keeps the key that it was made with, so a stack that stands is given none"
BOUND = "a role's boundary is changed as in the modules of three-tier"
WORK = "of an application of one's own: SQS changes a queue in place, planned by the module's native tests"
BY_HAND = (
    "no life cycle of containers is in the suite, which takes its minutes: its module's example is lived in "
    "tests/terraform, and its values are planned by the native tests"
)
BESIDE = (
    "three-tier's life cycle in the suite has RDS: the module's example is lived in tests/terraform, a "
    "cluster is changed in place as worldwide's are, and its values are planned by the native tests"
)
COPIES = (
    "three-tier's life cycle in the suite has none: the module's example is lived in tests/terraform, and "
    "whatever is changed of them makes other copies"
)
STANDBY = (
    "three-tier's life cycle in the suite has no standby, which takes its minutes: it is lived in "
    "`tests/living.py standby`, where it comes and goes, and planned by the module's native tests"
)
IO2 = "of io2, which the life cycle's design has not: planned by the module's native tests"
UPGRADE = "no design gives it: AWS upgrades to minor versions by itself, to a major one when asked by hand"

UNCHANGED: Mapping[str, Mapping[str, str]] = {
    "artifact": {"kms_key_arn": KEY},
    "alarms": {"dashboard": EDGE, "elsewhere": EDGE, "own_key": EDGE},
    "cdn": {
        "application_paths": CODE,
        "kms_key_arn": KEY,
        "replica.bucket_arn": STANDBY,
        "replica.domain_name": STANDBY,
        "replica.prefix": STANDBY,
        "replica.region": STANDBY,
    },
    "auth": {
        "callback_urls": NOBODY,
        "sender.from": NOBODY,
        "sender.ses_identity_arn": NOBODY,
        "tier": ONE,
        "password.classes": NOBODY,
    },
    "backup-copies": {"kms_key_arn": NOBODY, "retention_days": COPIES, "source_arn": COPIES},
    "cache": {"engine_version": UPGRADE, "replicas_per_shard": ONE},
    "certificate": {"domain": NAME, "make_records": ONE, "other_names": NOBODY},
    "database-secret": {"username": OWNER},
    "database": {
        "storage.iops": IO2,
        "storage.type": IO2,
        "engine": "another engine is another database: what this one holds would be gone",
        "engine_version": UPGRADE,
        "master.zone": PLACE,
        "replica.zone": PLACE,
        "standby_of.database_name": STANDBY,
        "standby_of.instance_arn": STANDBY,
        "standby_of.secret_arn": STANDBY,
        "more_replicas": "the sample reads from one: planned by the module's native tests",
    },
    "dns": {
        "domain": NAME,
        "existing_zone_id": OWNER,
        "existing_zone_name": OWNER,
        "health_checks": STANDBY,
        "combined_health_checks": STANDBY,
    },
    "function": {
        "architecture": "for whom its package was built",
        "event_source.window_s": NOBODY,
        "handler": CODE,
        "on_failure.arn": NOBODY,
        "permissions_boundary": BOUND,
        "tracing": ONE,
    },
    "global-cdn": {"application.https": ONE, "application.paths": CODE, "buckets": ONE, "domain.names": NAME},
    "global-database": {
        "application_user": CODE,
        "engine_version": UPGRADE,
        "instances.zones": PLACE,
        "permissions_boundary": BOUND,
        "write_forwarding": ONE,
    },
    "latency-dns": {"health_check.port": ONE, "health_check.protocol": ONE},
    "media": {"published_prefix": CODE, "upload_origins": NAME, "uploads.prefix": CODE},
    "existing-database": {
        "secret": "which database is used: planned by the module's native tests",
        "port": "of the database that exists: planned by the module's native tests",
        "security_group_id": "of a VPC that exists: planned by the module's native tests",
        "address_ranges": NOBODY,
        "client_security_group_ids": "says what other modules give out",
    },
    "existing-network": {
        "vpc.id": PLACE,
        "vpc.tags": PLACE,
        "public_subnets": PLACE,
        "private_subnets": PLACE,
    },
    "network": {"cidr": PLACE, "subnets.private": PLACE, "subnets.public": PLACE},
    "replicated-bucket": {
        "published_prefix": CODE,
        "upload_origins": NAME,
        "uploads.prefix": CODE,
        "permissions_boundary": BOUND,
    },
    "schedule": {"permissions_boundary": BOUND},
    "server-tier": {
        "kms_key_arn": KEY,
        "ingress.cloudfront": ONE,
        "ingress.health_checkers": ONE,
        "load_balancer.internal": PLACE,
        "servers.architecture": "comes with the type, and both of one family are named by the size",
        "servers.image_id": "of an application of one's own alone: planned by the module's native tests",
        "servers.public_ip": PLACE,
        "servers.spot": "of who asks for it alone: planned by the module's native tests, lived by hand",
        "servers.warmup_seconds": NOBODY,
    },
    "site": {"access_log_bucket": NOBODY, "api.paths": CODE, "media.path": CODE, "names": NAME},
    "starter": {"cidr": PLACE, "permissions_boundary": BOUND, "public_subnets": PLACE},
    "table": {
        "attributes": CODE,
        "capacity.target_percent": NOBODY,
        "keys.hash": CODE,
        "keys.range": CODE,
        "kms_key_arn": NOBODY,
        "point_in_time_recovery": ONE,
        "replica_regions": PLACE,
        "stream": NOBODY,
        "ttl_attribute": CODE,
    },
    "work-queue": {"kms_key_arn": KEY, "max_receive_count": WORK, "timeout_s": WORK},
}
OF_CLUSTER = ("database-cluster",)
OF_CONTAINERS = (
    "connection-secret",
    "container-cluster",
    "container-tier",
    "existing-connection",
    "task-schedule",
)
INNER = ("security-headers", "site-content")
"""Modules that only other modules call: what they are given changes with those."""


def literal(value: Value) -> bool:
    """Whether a value says something itself, rather than only naming what other modules give out."""
    if isinstance(value, Ref):
        return False
    if isinstance(value, Mapping):
        return any(map(literal, value.values()))
    return any(map(literal, value)) if isinstance(value, list | tuple) else value is not None


@cache
def attributes(module: str) -> Mapping[str, tuple[str, ...]]:
    """Variable → the attributes of one that is an object; none of another."""
    return {
        name: tuple(_attributes(str(body["type"])))
        for name, body in blocks(MODULES / module / "vars.tf", "variable").items()
    }


def _attributes(type_: str) -> Iterator[str]:
    """The attributes of `object({ gib = number, iops = optional(number) })`, not those of inner objects."""
    text = type_.removeprefix("${").removesuffix("}")
    if not text.startswith("object("):
        return
    depth = 0
    for token in re.findall(r"[({[]|[)}\]]|\w+\s*=(?!=)", text):
        depth += (token in "({[") - (token in ")}]")
        if depth == 2 and token.endswith("="):
            yield token.rstrip("= \n")


def given(architecture: Architecture) -> dict[tuple[str, Variable], Value]:
    """Call and variable → its value, in all calls of a root."""
    found: dict[tuple[str, Variable], Value] = {}
    for call in module_calls(architecture).values():
        for name, value in call.arguments.items():
            inner = attributes(call.module)[name]
            if inner and isinstance(value, Mapping):
                rows = {f"{name}.{attribute}": value[attribute] for attribute in inner if attribute in value}
            else:
                rows = {name: value}
            found |= {(call.name, f"{call.module}.{row}"): each for row, each in rows.items()}
    return found


@cache
def counted() -> tuple[frozenset[Variable], frozenset[Variable], frozenset[Variable]]:
    """All variables; those that are changed on a standing stack; those that say what modules give out."""
    changed, own, passed = set[Variable](), set[Variable](), set[Variable]()
    for standing in STANDING.values():
        before = given(standing.before().architecture)
        with standing.as_fixed():
            after = given(standing.after().architecture)
        called = {call: variable.partition(".")[0] for call, variable in before}
        changed |= {at[1] for at in before | after if at[0] in called and before.get(at) != after.get(at)}
        changed |= {f"{called[call]}.{name}" for call, each in standing.overrides.items() for name in each}
        passed |= {variable for _, variable in before}
        own |= {variable for (_, variable), value in before.items() if literal(value)}
    modules = {path.name for path in MODULES.iterdir()} - set(INNER)
    every = {f"{module}.{name}" for module in modules for name in _names(module)} - {
        f"{m}.name" for m in modules
    }
    return frozenset(every), frozenset(changed), frozenset(passed - own - changed)


def _names(module: str) -> Iterator[str]:
    for name, inner in attributes(module).items():
        yield from (f"{name}.{attribute}" for attribute in inner) if inner else (name,)


def unchanged() -> dict[Variable, str]:
    excused = {f"{module}.{name}": why for module, rows in UNCHANGED.items() for name, why in rows.items()}
    lived = (f"{module}.{name}" for module in OF_CONTAINERS for name in _names(module) if name != "name")
    clusters = (f"{module}.{name}" for module in OF_CLUSTER for name in _names(module) if name != "name")
    return excused | dict.fromkeys(lived, BY_HAND) | dict.fromkeys(clusters, BESIDE)


def test_each_variable_is_changed_on_a_standing_stack_or_named_with_its_reason() -> None:
    every, changed, references = counted()
    assert every - changed - references - unchanged().keys() == set()


def test_nothing_is_excused_that_is_changed_or_does_not_exist() -> None:
    every, changed, _ = counted()
    assert unchanged().keys() & changed == set()
    assert unchanged().keys() - every == set()


def test_an_object_is_counted_by_its_attributes() -> None:
    assert attributes("database")["storage"] == ("gib", "max_gib", "type", "iops")
    assert attributes("database")["subnet_ids"] == ()
    assert literal({"a": [Ref("module.x.id")], "b": None}) is False
