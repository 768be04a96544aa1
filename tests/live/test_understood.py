"""Answers of a cloud that lack fields, hold others than are meant, or end half-way: said in words."""

from __future__ import annotations

from contextlib import suppress
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_answers import RandomCloud

from groma.errors import CloudError
from groma.live import alarm_states
from groma.live.alarm_states import alarms_now
from groma.live.figures import figures
from groma.live.monitor import running
from groma.live.preflight import preflight
from groma.live.understood import understood
from groma.live.verify import Deployed, verify
from workloads import designed_example

EXAMPLES = ["starter", "social-50k", "social-serverless"]
WHERE = ("us_east_1", "us_west_2")
OUTPUTS = {f"{name}_{where}": "x" for name in ("vpc_id", "instance_id") for where in WHERE}
OUTPUTS |= dict.fromkeys(("distribution_id", "domain_name", "alarm_topic_arn", "vpc_id", "api_id"), "x")
seeds = st.integers(0, 2**32)
some = settings(max_examples=15, deadline=None, derandomize=True)


@pytest.mark.parametrize("example", EXAMPLES)
@some
@given(seeds)
def test_verify_finds_or_says_what_it_does_not_understand(example: str, seed: int):
    architecture = designed_example(example).architecture
    with suppress(CloudError):
        assert verify(architecture, Deployed(OUTPUTS, RandomCloud(seed)))


@pytest.mark.parametrize("example", EXAMPLES)
@some
@given(seeds)
def test_status_shows_or_says_it_too(example: str, seed: int):
    architecture = designed_example(example).architecture
    with suppress(CloudError):
        seen = [each for part in architecture.parts for each in running(part, RandomCloud(seed), OUTPUTS)]
        assert len({each.element for each in seen}) == len(seen) > 1
    with suppress(CloudError):
        found = alarms_now(architecture, RandomCloud(seed))
        assert found
        assert figures(designed_example(example), found, RandomCloud(seed), 0.0)


@pytest.mark.parametrize("example", EXAMPLES)
@some
@given(seeds)
def test_before_anything_is_made_what_is_not_understood_cannot_be_told(example: str, seed: int):
    assert preflight(designed_example(example), RandomCloud(seed)).looks


def test_what_is_lacking_is_named():
    with pytest.raises(CloudError, match="it lacks 'Threshold'"), understood("alarms"):
        {}["Threshold"]


def test_alarms_are_asked_for_page_by_page_and_a_hundred_at_once():
    """CloudWatch gives 50 alarms in a page and takes 100 names."""
    part = designed_example("social-50k").architecture
    asked: list[list[str]] = []

    class Paged:
        def client(self, service: str, region: str | None = None) -> object:
            return self

        def can_paginate(self, operation: str) -> bool:
            return operation == "describe_alarms"

        def get_paginator(self, operation: str) -> object:
            return self

        def paginate(self, *, AlarmNames: list[str], AlarmTypes: list[str]) -> object:
            assert AlarmTypes == ["MetricAlarm", "CompositeAlarm"]
            asked.append(AlarmNames)
            return self

        def build_full_result(self) -> dict[str, object]:
            return {"MetricAlarms": [{"AlarmName": name, "StateValue": "OK"} for name in asked[-1]]}

    with patch.object(alarm_states, "ALARMS_AT_ONCE", 10):
        found = alarms_now(part, Paged())
    assert {each.state for each in found} == {"OK"}
    assert len(found) == sum(map(len, asked)) > 20
    assert max(map(len, asked)) == 10
