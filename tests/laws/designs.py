"""The designs that the laws are tried on: the examples of all blueprints, and what else they can be."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from groma.architecture import Architecture, Component
from groma.bill import Bill
from groma.blueprints import BLUEPRINTS
from groma.design import Design, design
from groma.sizing.values import Wish
from groma.workload import Workload, load, parse
from groma.workload.demand import demand
from workloads import ROOT, designed_example

USUAL = Wish()
SAFEST = Wish(nat_per_zone=True, multi_az=True)


def example_names() -> list[str]:
    return sorted(path.stem for path in (ROOT / "examples").glob("*.yaml"))


@cache
def example(name: str) -> Workload:
    return load(ROOT / "examples" / f"{name}.yaml")


@cache
def designed(name: str, wish: Wish = USUAL, times: float = 1.0) -> Design:
    """An example's design, with so many times its users; one that spends keeps what it has bought."""
    if wish == USUAL and times == 1:
        return designed_example(name)
    if example(name).spend is not None:
        own = designed_example(name).wish
        wish = replace(
            own,
            nat_per_zone=own.nat_per_zone or wish.nat_per_zone,
            multi_az=own.multi_az or wish.multi_az,
        )
    return design(busier(example(name), times), wish, reasons=False)


@cache
def laden(name: str, times: float) -> Architecture:
    """An example with the sizes that it has, under so many times its load."""
    made, workload = designed(name), busier(example(name), times)
    return BLUEPRINTS[workload.blueprint].assemble(workload, demand(workload), made.plan, made.wish)


def cost(priced: Bill, component: str = "") -> float:
    """What a component, or everything, costs a month; infinite where a price is unknown, never 0."""
    lines = [line for line in priced.lines if component in ("", line.component)]
    known = [line.monthly_usd.likely for line in lines if line.monthly_usd is not None]
    return sum(known) if len(known) == len(lines) else math.inf


def busier(workload: Workload, times: float) -> Workload:
    if times == 1:
        return workload
    users = workload.users
    more = {"total": round(users.total * times)}
    if users.concurrent is not None:
        more["concurrent"] = round(users.concurrent * times)
    return workload.model_copy(update={"users": users.model_copy(update=more)})


def examples_of(kind: type[Component]) -> Iterator[tuple[Architecture, Component]]:
    """Every component of a kind in every example, with the part of the architecture that it stands in; of one
    that no example has, in an example whose home is another region.
    """
    standing = (designed(name, wish).architecture for name in example_names() for wish in (USUAL, SAFEST))
    found = [each for architecture in standing for each in _of(kind, architecture)]
    yield from found or [
        each for architecture in (abroad(), *otherwise()) for each in _of(kind, architecture)
    ]


@cache
def otherwise() -> tuple[Architecture, ...]:
    """What no example states: MySQL, two replicas and workers in a VPC that exists, a network without NAT
    gateways, tasks that work off a queue or are started by a clock, a database that exists, and clusters with
    readers and without.
    """
    texts = (
        "application: {image: 'acme/shop:1.4', workers: {mail: {command: python worker.py}}}\n"
        "database: {engine: mysql, replicas: 2}\n"
        "network: {vpc: vpc-0a1b2c3d, public_tags: {tier: public}, private_tags: {tier: private}}\n",
        "network: {nat: none, zones: 3}\n",
        "application: {image: 'acme/shop:1.4'}\ndatabase: {engine: aurora-postgresql, replicas: 2}\n",
        "application: {image: 'acme/shop:1.4'}\nslo: {availability: 0.998}\n"
        "database: {engine: aurora-postgresql, replicas: 0}\n",
        "application: {image: 'acme/shop:1.4'}\ndatabase: {existing: {secret: prod/shop/db}}\n",
    )
    base = "name: shop\nblueprint: three-tier\nusers: {total: 50_000}\nalerts: ops@acme.dev\n"
    working = (
        f"{base.replace('three-tier', 'containers')}application:\n  image: 'acme/shop:1.4'\n"
        "  workers: {mail: {command: python worker.py}}\n"
        "  schedule: {nightly: {when: 0 3 * * *, command: python clean.py}}\n"
    )
    stated = (*(base + text for text in texts), working)
    return tuple(design(parse(text), reasons=False).architecture for text in stated)


@cache
def abroad() -> Architecture:
    """An example whose home is not the region in which AWS publishes what it knows of the edge."""
    one = example("social-serverless")
    return design(one.model_copy(update={"regions": ["eu-west-1"]}), reasons=False).architecture


def _of(kind: type[Component], architecture: Architecture) -> Iterator[tuple[Architecture, Component]]:
    for part in architecture.parts:
        for component in part.architecture.components:
            if type(component) is kind:
                yield part.architecture, component
