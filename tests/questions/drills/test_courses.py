"""An alarm through many minutes comes into the states that CloudWatch's rules give for each of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import pytest

from groma.monitoring.evaluate import Rule, changes, followed, newborn
from groma.questions.drills.courses import course
from groma.questions.drills.drilling import calm_evening
from groma.questions.drills.published import When
from groma.questions.drills.reading import built_in
from groma.questions.drills.samples import Published
from groma.questions.drills.sight import Points
from groma.questions.drills.stage import stage_of
from groma.questions.drills.watching import courses_of, guards_of
from workloads import designed_example

RULES = {
    (str(each.rule), each.rule.treatment): each.rule
    for name in ("social-50k", "social-serverless")
    for each in guards_of(designed_example(name).architecture)
    if each.rule is not None
}
HOURS_S = 8 * 3600


def drawn(rule: Rule, draw: random.Random) -> dict[str, Published]:
    """Hours of a metric around its limit, with gaps, in blocks that are alike, of whole or broken numbers."""

    def minutes() -> Iterator[Points]:
        whole = draw.random() < 0.5
        while True:
            scale = draw.choice((0.0, 0.3, 0.9, 1.1, 3.0, 400.0))
            limit = abs(getattr(rule.limit, "threshold", 1.0)) or 1.0
            values = [limit * scale * draw.random() + draw.random() for _ in range(draw.choice((1, 3, 6)))]
            block = [(float(round(each)) if whole else each, draw.randint(1, 40)) for each in values]
            yield from [block if draw.random() < 0.8 else ()] * draw.choice((1, 7, 40, 90))

    return {name: Published(0, tuple(islice(minutes(), HOURS_S // 60))) for name in rule.metrics}


def states(rule: Rule, data: dict[str, Published]) -> Sequence[tuple[float, str, str]]:
    before = newborn(3600)
    found = changes(followed(rule, data, 3600, HOURS_S, before), before)
    return [(each.at_s, each.after.state, each.after.reason.text) for each in found]


@pytest.mark.parametrize("number", range(0, len(RULES), 5))
def test_states_and_reasons_are_those_of_every_minutes_evaluation(number: int) -> None:
    rule, draw = list(RULES.values())[number], random.Random(number)
    data = drawn(rule, draw)
    found = [(each.since_s, each.state, each.reason.text) for each in course(rule, data, 3600, HOURS_S)]
    assert found == states(rule, data)
    assert found


def test_what_no_fault_changes_is_looked_at_once_and_comes_out_the_same():
    made = designed_example("social-50k")
    stage = stage_of(made, guards_of(made.architecture), 1)
    calm = calm_evening(stage)
    (fault,) = (each for each in built_in() if each.name == "attack")
    begin_s, whole = calm.scenes.at_s(400), calm.end_s
    for end_s, lasts in ((begin_s + 7200, 60), (begin_s + 3600, 30), (begin_s + 20_000, 200), (whole, 90)):
        series = calm.changed(When(fault, 435, 435 + lasts))
        once = courses_of(stage.guards, series, begin_s, end_s, calm)
        anew = courses_of(stage.guards, series, begin_s, end_s)
        assert once.by_id == anew.by_id
    assert any(len(each.standings) for each in calm.courses.values())
    laxer = tuple(replace(each, rule=replace(each.rule, datapoints=1)) for each in stage.guards if each.rule)
    once, anew = (courses_of(laxer, calm.series, begin_s, whole, usual) for usual in (calm, None))
    assert once.by_id == anew.by_id
