"""Cases → outcomes, each with the reason where it differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from groma.errors import InputError
from groma.monitoring.cases.model import (
    SAME,
    Case,
    Combination,
    Course,
    Formula,
    Outcome,
    Outcomes,
    Published,
    Sight,
)
from groma.monitoring.cases.notation import duration, shown, shown_value
from groma.monitoring.cases.reading import CaseFile
from groma.monitoring.evaluate import (
    Acted,
    Data,
    MathError,
    Reason,
    Rule,
    Sample,
    Standing,
    Turn,
    acted,
    composed,
    evaluated,
    followed,
    newborn,
)
from groma.monitoring.evaluate.datapoints import seen
from groma.monitoring.evaluate.metric_math import result
from groma.monitoring.evaluate.metric_math.values import Series

Found = tuple[str, str, tuple[str, ...]]
"""What was expected, what came, and why if they differ."""


def run(file: CaseFile) -> Outcomes:
    """What comes of all cases of a file. Raises InputError: an expression cannot be computed."""
    return Outcomes(file.source, tuple(map(_outcome, file.cases)))


def _outcome(case: Case) -> Outcome:
    asks = case.asks
    try:
        match asks:
            case Sight():
                found = _looked(asks)
            case Course():
                found = _went(asks)
            case Combination():
                found = _combined(asks)
            case Formula():
                found = _computed(asks)
    except MathError as error:
        hint = "correct the expression, or give data of each metric that it names"
        raise InputError(str(error), where=case.where, hint=hint) from None
    expected, came, why = found
    return Outcome(case.name, case.where, expected, came, why if expected != came else ())


def _looked(asks: Sight) -> Found:
    """One evaluation for each treatment of missing data."""
    rule, length = asks.rule, max(map(len, asks.data.values()))
    now_s = length * rule.period_s
    data = _samples(asks.data, 0, rule.period_s)
    before = Standing(asks.before, Reason(""), 0)
    expected, came, why = [], [], []
    for treatment, state in asks.gives.items():
        asked = replace(rule, missing=treatment)
        after = evaluated(asked, data, now_s, before)
        label = f"{treatment}: " if len(asks.gives) > 1 else ""
        came.append(label + (SAME if after is before and state == SAME else after.state))
        expected.append(label + state)
        if expected[-1] != came[-1]:
            why.append(f"{label}{_why(after, before, asked, data, now_s)}")
    return ", ".join(expected), ", ".join(came), tuple(why)


def _went(asks: Course) -> Found:
    """Every evaluation until the last moment that is asked for."""
    data = _samples(asks.data, asks.start_s, asks.every_s)
    before = replace(newborn(asks.start_s), state=asks.before)
    end_s = asks.start_s + max(asks.expected)
    standings = dict(followed(asks.rule, data, asks.start_s, end_s, before))
    came = {after_s: standings[asks.start_s + after_s] for after_s in asks.expected}
    why: tuple[str, ...] = ()
    for after_s, standing in came.items():
        if standing.state != asks.expected[after_s]:
            told = _why(standing, before, asks.rule, data, asks.start_s + after_s)
            since = duration(standing.since_s - asks.start_s)
            first = f"after {duration(after_s)}: {standing.state} since {since}, not {asks.expected[after_s]}"
            why = (first, told)
            break
    return shown(asks.expected.values()), shown(standing.state for standing in came.values()), why


def _why(standing: Standing, before: Standing, rule: Rule, data: Data, now_s: int) -> str:
    """The reason of a state, and what the alarm saw."""
    saw = shown(shown_value(point.value) for point in seen(rule, data, now_s).points)
    reason = standing.reason.text if standing is not before else "nothing changed its state"
    return f"{reason} (it saw {saw})"


def _combined(asks: Combination) -> Found:
    """The states and actions of a composite alarm."""
    steps = max((len(line) for line in asks.inputs.values()), default=len(asks.expected) or 1)
    standings = _composed(asks, steps)
    expected, came = shown(asks.expected), shown(each.state for each in standings) if asks.expected else ""
    why = tuple(
        f"after {duration(step * asks.every_s)}: {came_as.reason.text}"
        for step, (wanted, came_as) in enumerate(zip(asks.expected, standings, strict=False))
        if wanted != came_as.state
    )[:1]
    if asks.actions is None:
        return expected, came, why
    done = _acted(asks, standings)
    held = ", ".join(
        f"{each.by} from {duration(each.start_s)}"
        + (f" to {duration(each.end_s)}" if each.end_s < float("inf") else "")
        for each in done.held
    )
    planned = ", ".join(f"{duration(at_s)} {state}" for at_s, state in asks.actions) or "none"
    acts = ", ".join(f"{duration(turn.at_s)} {turn.state}" for turn in done.actions) or "none"
    return _both(expected, planned), _both(came, acts), (*why, f"held back by {held or 'nothing'}")


def _both(states: str, actions: str) -> str:
    return f"{states}; acts: {actions}" if states else f"acts: {actions}"


def _composed(asks: Combination, steps: int) -> list[Standing]:
    """Where the composite alarm stands in each step."""
    children: dict[str, Standing] = {}
    standing, found = newborn(0), []
    for step in range(steps):
        at_s = float(step * asks.every_s)
        turned = [name for name, line in asks.inputs.items() if step == 0 or line[step] != line[step - 1]]
        children |= {name: Standing(asks.inputs[name][step], Reason(""), at_s) for name in turned}
        if step == 0 or turned:
            standing = composed("composite", asks.rule, children, turned[-1] if step else "", at_s, standing)
        found.append(standing)
    return found


def _acted(asks: Combination, standings: list[Standing]) -> Acted:
    """What it does; in the state of the first step it has been for long."""
    own = tuple(
        Turn(after.since_s, after.state) for before, after in pairwise(standings) if after is not before
    )
    if asks.suppressor is None:
        return Acted(own, ())
    suppressor, line = asks.suppressor
    first = (Turn(0, line[0]),)
    turns = tuple(
        Turn(step * asks.every_s, state)
        for step, state in enumerate(line)
        if step and state != line[step - 1]
    )
    return acted(own, (*first, *turns), suppressor)


def _computed(asks: Formula) -> Found:
    """The values of an expression."""
    axis = [step * asks.period_s for step in range(len(asks.values))]
    metrics: Mapping[str, Series] = {
        name: Series(tuple(item[0][0] if item else None for item in items), asks.period_s)
        for name, items in asks.data.items()
    }
    values = result(asks.expression, axis, metrics)
    return shown(map(shown_value, asks.values)), shown(map(shown_value, values)), (asks.expression,)


def _samples(data: Published, start_s: int, every_s: int) -> Data:
    """What is published, each step's at its beginning."""
    return {
        name: tuple(
            Sample(start_s + step * every_s, value, count)
            for step, item in enumerate(items)
            for value, count in item
        )
        for name, items in data.items()
    }
