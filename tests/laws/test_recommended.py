"""What AWS recommends to watch is watched in every design, or there is a reason why not."""

from __future__ import annotations

import pytest
from designs import SAFEST, USUAL, abroad, designed, example_names, otherwise

from groma.architecture import Architecture
from groma.catalog.recommended import recommended_alarms
from groma.components import kinds
from groma.monitoring import alarms, coverage
from groma.monitoring.coverage import PUBLISHED_BY, reasons
from groma.monitoring.evaluate import Rule

NAMES = example_names()
KINDS = {kind.kind for kind in kinds()}


def architectures(name: str) -> list[Architecture]:
    return [designed(name, wish).architecture for wish in (USUAL, SAFEST)]


@pytest.mark.parametrize("name", NAMES)
def test_no_recommendation_is_left_out_without_a_reason(name: str) -> None:
    for architecture in architectures(name):
        found = coverage.coverage(architecture)
        unknown = [(each.recommended.metric, each.kind) for each in found.lines if each.verdict == "unknown"]
        assert unknown == []
        watched = {alarm.id for part in architecture.parts for alarm in alarms(part.architecture)}
        assert {id_ for line in found.lines for id_ in line.alarms} <= watched


@pytest.mark.parametrize("name", NAMES)
def test_every_component_of_a_kind_that_publishes_is_asked_about(name: str) -> None:
    for architecture in architectures(name):
        found = coverage.coverage(architecture)
        for namespace, publishing in PUBLISHED_BY.items():
            standing = {
                component.id
                for part in architecture.parts
                for component in part.architecture.components
                if component.kind in publishing
            }
            for of in (each for each in recommended_alarms() if each.namespace == namespace):
                lines = [line for line in found.lines if line.recommended == of]
                assert {id_ for line in lines for id_ in line.components} == standing, of.metric


@pytest.mark.parametrize("name", NAMES)
def test_whoever_has_an_alarm_in_a_namespace_is_known_to_publish_there(name: str) -> None:
    for architecture in architectures(name):
        for part in architecture.parts:
            for component in part.architecture.components:
                for alarm in component.alarms(part.architecture):
                    for metric in Rule.of(alarm).metrics.values():
                        publishing = PUBLISHED_BY.get(metric.namespace, (component.kind,))
                        assert component.kind in publishing, (alarm.id, metric.namespace)


def test_no_reason_is_given_in_vain() -> None:
    used = {
        line.because
        for architecture in [
            *(each for name in NAMES for each in architectures(name)),
            abroad(),
            *otherwise(),
        ]
        for line in coverage.coverage(architecture).lines
    }
    assert {each.because for each in reasons()} == used - {""}
    known = {(each.namespace, each.metric) for each in recommended_alarms()}
    for each in reasons():
        assert {(each.namespace, metric) for metric in each.metrics} <= known, each.because
        assert set(each.kinds) <= KINDS, each.kinds
        assert len(each.because.split()) > 2, each.because


def test_every_namespace_that_aws_recommends_for_is_published_by_kinds_that_there_are() -> None:
    assert set(PUBLISHED_BY) == {each.namespace for each in recommended_alarms()}
    assert {kind for publishing in PUBLISHED_BY.values() for kind in publishing} <= KINDS
