"""Every correction of ministack works, and is still needed."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from probes.server import ministack_alone

from groma.live.embedded import Endpoints
from groma.live.embedded.ministack_corrections import SEEN_IN, all_corrections, apply

SERVICES = ("api_gateway", "cloudfront", "cognito", "functions", "roles", "sns", "transport", "unsigned")
PROBES = {
    f"{service}.{name}": probe
    for service in SERVICES
    for name, probe in vars(import_module(f"ministack_probes.{service}")).items()
    if inspect.isfunction(probe)
    and probe.__module__ == f"ministack_probes.{service}"
    and not name.startswith("_")
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    with ministack_alone(tmp_path_factory.mktemp("corrected"), without=[]) as endpoints:
        yield endpoints


@pytest.fixture(scope="module")
def uncorrected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    with ministack_alone(tmp_path_factory.mktemp("uncorrected"), without=list(PROBES)) as endpoints:
        yield endpoints


def test_each_correction_has_a_probe_and_says_what_it_is_for() -> None:
    corrections = all_corrections()
    assert {correction.name for correction in corrections} == set(PROBES)
    for correction in corrections:
        assert correction.upstream.endswith(".")
        assert correction.effect.endswith(".")
        assert correction.seen_in == SEEN_IN


def test_an_unknown_correction_cannot_be_left_out() -> None:
    with pytest.raises(ValueError, match=r"s3\.nothing"):
        apply(without=["s3.nothing"])


@pytest.mark.parametrize("name", list(PROBES))
def test_with_the_correction_it_is_right(corrected: Endpoints, name: str) -> None:
    PROBES[name](corrected)


@pytest.mark.parametrize("name", list(PROBES))
def test_without_the_correction_it_is_still_wrong(uncorrected: Endpoints, name: str) -> None:
    try:
        PROBES[name](uncorrected)
    except (AssertionError, BotoCoreError, ClientError, LookupError):
        return
    (effect,) = [correction.effect for correction in all_corrections() if correction.name == name]
    pytest.fail(f"upstream now does it ({effect}): delete correction {name}")
