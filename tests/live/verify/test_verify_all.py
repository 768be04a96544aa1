"""Verify as a whole: a stack as designed, a cloud without it, and every component taken care of."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from chirp_cloud import Cloud
from chirp_design import OUTPUTS, architecture
from fake_cloud import FakeClients, failure

from groma import components
from groma.architecture import Component
from groma.errors import CloudError
from groma.live.verify import Deployed, verify
from groma.live.verify.registry import VERIFIERS


def test_a_stack_as_designed_has_no_finding_against_it(chirp: Cloud) -> None:
    assert chirp.wrong() == {}


def test_every_part_of_the_design_is_looked_at(chirp: Cloud) -> None:
    looked_at = {name.split(".")[0] for name in chirp.findings()}
    parts = {c.id for c in architecture().components} - {"users", "clients", "internet-gateway", "flow-logs"}
    assert looked_at == {*parts, "network"}


def test_nothing_deployed_gives_the_same_findings_and_all_say_missing(chirp: Cloud) -> None:
    nothing = verify(architecture(), Deployed({}, EmptyCloud({})))
    assert [finding.id for finding in nothing] == list(chirp.findings())
    assert not any(finding.ok for finding in nothing)
    others = {f.id: f.actual for f in nothing if f.actual != "missing"}
    assert set(others) == {name for name in chirp.findings() if name.startswith("monitoring.alarms.")}
    assert all("missing" in actual for actual in others.values())


def test_everything_deleted_behind_terraforms_back_gives_the_same_findings_too(chirp: Cloud) -> None:
    gone = verify(architecture(), Deployed(OUTPUTS, EmptyCloud({})))
    assert [finding.id for finding in gone] == list(chirp.findings())
    assert not any(finding.ok for finding in gone)


class EmptyCloud(FakeClients):
    """An account without the stack: every name asked for is unknown."""

    def client(self, service: str, region: str | None = None) -> object:
        return _Nothing()


class _Nothing:
    def can_paginate(self, operation: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> object:
        def call(**_: object) -> dict[str, object]:
            if operation == "get_caller_identity":
                return {"Account": "111122223333"}
            if operation.startswith("get_") or operation == "describe_budget":
                raise failure("ResourceNotFoundException")
            raise failure("NotFound")

        return call


def kinds(of: type[Component]) -> Iterator[type[Component]]:
    """All kinds of component, also those made from others."""
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_every_component_that_terraform_makes_has_its_verification() -> None:
    for module in pkgutil.iter_modules(components.__path__):
        import_module(f"{components.__name__}.{module.name}")
    made = {
        kind
        for kind in kinds(Component)
        if kind.__module__.startswith(components.__name__)
        and (kind.module is not Component.module or kind.outputs is not Component.outputs)
    }
    assert made
    assert made == set(VERIFIERS)


def test_nothing_is_asked_twice(chirp: Cloud) -> None:
    clients = chirp.clients()
    verify(architecture(), Deployed(chirp.outputs, clients))
    again = {question for question in clients.asked if clients.asked.count(question) > 1}
    of_both_regions = {q for q in again if not q.startswith("sts.")}
    assert of_both_regions == set()


def test_a_refusal_is_an_error_and_not_a_finding(chirp: Cloud) -> None:
    clients = chirp.clients()

    def refuse(**_: object) -> dict[str, object]:
        raise failure("UnauthorizedOperation", "You are not authorized")

    clients.answers["ec2.describe_vpcs"] = refuse
    with pytest.raises(CloudError, match="not authorized") as error:
        verify(architecture(), Deployed(chirp.outputs, clients))
    assert "ec2 describe_vpcs in us-east-1" in error.value.where
    assert "read" in error.value.hint
