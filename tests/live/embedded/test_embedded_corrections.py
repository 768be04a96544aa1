"""Every correction of moto works, and is still needed."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from probes.server import moto_alone

from groma.live.embedded import Endpoints
from groma.live.embedded.corrections import all_corrections, apply

SERVICES = (
    "alarms",
    "application_autoscaling",
    "autoscaling",
    "budgets",
    "cloudwatch",
    "ec2",
    "ec2_credits",
    "ec2_guests",
    "ecs",
    "elasticache",
    "elasticache_users",
    "elbv2",
    "kms",
    "prefix_lists",
    "rds",
    "rds_clusters",
    "rds_copies",
    "rds_regions",
    "route53",
    "secretsmanager",
    "sts",
)
PROBES = {
    f"{service}.{name}": probe
    for service in SERVICES
    for name, probe in vars(import_module(f"probes.{service}")).items()
    if inspect.isfunction(probe) and probe.__module__ == f"probes.{service}" and not name.startswith("_")
}

# How a probe may fail: another answer, an error, or no answer that can be read (moto's HTML page).
WRONG = (AssertionError, BotoCoreError, ClientError, ResponseParserError, LookupError, ValueError)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    with moto_alone(tmp_path_factory.mktemp("corrected"), without=[]) as endpoints:
        yield endpoints


@pytest.fixture(scope="module")
def uncorrected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    names = [correction.name for correction in all_corrections()]
    with moto_alone(tmp_path_factory.mktemp("uncorrected"), without=names) as endpoints:
        yield endpoints


def test_each_correction_has_a_probe_and_says_what_it_is_for() -> None:
    corrections = all_corrections()
    assert {correction.name for correction in corrections} == set(PROBES)
    for correction in corrections:
        assert correction.upstream.endswith(".")
        assert correction.effect.endswith(".")
        assert correction.seen_in == "5.2.5"


def test_an_unknown_correction_cannot_be_left_out() -> None:
    with pytest.raises(ValueError, match=r"ec2\.nothing"):
        apply(without=["ec2.nothing"])


@pytest.mark.parametrize("name", list(PROBES))
def test_with_the_correction_it_is_right(corrected: Endpoints, name: str) -> None:
    PROBES[name](corrected)


@pytest.mark.parametrize("name", list(PROBES))
def test_without_the_correction_it_is_still_wrong(uncorrected: Endpoints, name: str) -> None:
    try:
        PROBES[name](uncorrected)
    except WRONG:
        return
    (effect,) = [correction.effect for correction in all_corrections() if correction.name == name]
    pytest.fail(f"upstream now does it ({effect}): delete correction {name}")
