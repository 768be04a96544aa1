"""Limits, behaviour over time and service-level agreements of AWS, each with its source."""

from __future__ import annotations

from dataclasses import dataclass

from groma.catalog._store import memo, table, unknown


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of how AWS behaves: a limit, a default, a duration; the unit says which."""

    name: str
    value: float
    unit: str
    source: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Sla:
    """The monthly uptime that AWS commits to, as a fraction (0.9995); below it a credit is due."""

    service: str
    availability: float
    source: str
    as_of: str


@memo
def fact(name: str) -> Fact:
    """The fact of that name, such as "rds.failover_high_s"; InputError when there is none."""
    data = table("facts")
    if name not in data["rows"]:
        raise unknown("fact", name, data["rows"])
    value, unit, index = data["rows"][name]
    return Fact(name, value, unit, **data["sources"][index])


def fact_names() -> tuple[str, ...]:
    """The names of all facts."""
    return tuple(table("facts")["rows"])


@memo
def sla(service: str) -> Sla:
    """The service-level agreement of a service such as "elb"; InputError when there is none."""
    rows = table("sla")["rows"]
    if service not in rows:
        raise unknown("service-level agreement", service, rows)
    return Sla(service, *rows[service])


def sla_names() -> tuple[str, ...]:
    """The services with a service-level agreement in the catalog."""
    return tuple(table("sla")["rows"])
