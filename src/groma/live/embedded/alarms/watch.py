"""Every alarm of the embedded CloudWatch, evaluated each minute, or when somebody asks for what was due.

An alarm is evaluated at full minutes (of high resolution at every tenth second), and once when it is put. A
state that somebody sets by hand lasts until then. While the cloud does not run nothing is evaluated, and a
machine that slept makes up for its last hour only.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from groma.live.embedded.alarms import holding, memory
from groma.live.embedded.alarms.notice import Notice, notices
from groma.live.embedded.alarms.published import Published, seconds
from groma.live.embedded.alarms.rules import Watched, watched
from groma.monitoring.evaluate import Reason, Standing, State, composed, evaluated
from groma.monitoring.evaluate.composite import named, parsed
from groma.monitoring.evaluate.windows import DAY_S, HIGH_RESOLUTION_S, MINUTE_S, every_s

CATCH_UP_S, KEPT_S = 3600, 15 * DAY_S
"""How far evaluations are made up for, and how long data of a minute are kept."""
TICK_S = 10
"""Alarms of high resolution are evaluated so often."""
_log = logging.getLogger(__name__)


def regions_of_moto() -> Iterator[Any]:
    """CloudWatch in every region that somebody has used."""
    from moto.cloudwatch.models import cloudwatch_backends

    for _, _, backend in cloudwatch_backends.iter_backends():
        yield backend


class Watch:
    """What evaluates the alarms of all regions. Whoever calls it holds back moto's other requests.

    Args:
        send: is given what the actions send, in their order.
        clock: seconds since 1970; tests give another.
        regions: moto's backends of CloudWatch.
        arrival_s: how long after a moment the evaluation for it is made, so that its data have come.
    """

    def __init__(
        self,
        send: Callable[[Notice], None],
        clock: Callable[[], float] = time.time,
        regions: Callable[[], Iterable[Any]] = regions_of_moto,
        arrival_s: float = 0,
    ) -> None:
        self._send, self._clock, self._regions, self._arrival_s = send, clock, regions, arrival_s
        self._published: WeakKeyDictionary[Any, Published] = WeakKeyDictionary()
        self._evaluated: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
        self._watched: WeakKeyDictionary[Any, Watched | None] = WeakKeyDictionary()
        self._forgot: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
        self._settled: WeakKeyDictionary[Any, str] = WeakKeyDictionary()

    def look(self) -> None:
        """Evaluate whatever has become due."""
        for backend in self._regions():
            if backend.alarms:
                self._look_at(backend)

    def set_by_hand(self, alarm: Any, state: State, reason: Reason) -> None:
        """SetAlarmState: the state lasts until the next evaluation, of a composite until a child moves."""
        backend = next(each for each in self._regions() if each.alarms.get(alarm.name) is alarm)
        self._moved(backend, alarm, Standing(state, reason, self._clock()))

    def _look_at(self, backend: Any) -> None:
        """All alarms of a region, moment by moment."""
        self._forget(backend)
        published = self._published.setdefault(backend, Published())
        published.read(backend.metric_data)
        for at_s in self._moments(backend):
            self._act(backend, at_s - 1)
            for alarm in [each for each in backend.alarms.values() if each.rule is None]:
                self._evaluate(backend, alarm, published, at_s)
            for alarm in [each for each in backend.alarms.values() if each.rule is not None]:
                if alarm not in self._evaluated:
                    self._evaluated[alarm] = at_s
                    self._compose(backend, alarm, "", at_s)
            self._act(backend, at_s)

    def _act(self, backend: Any, until_s: float) -> None:
        """Let composite alarms that have a suppressor say what they have waited with."""
        for alarm in backend.alarms.values():
            if alarm.rule is not None and holding.is_held(alarm):
                for notice in holding.due(backend, alarm, _account(alarm), until_s):
                    self._send(notice)

    def _forget(self, backend: Any) -> None:
        """Once a day leave out of moto's data what CloudWatch keeps no longer by the minute."""
        day = int(self._clock()) // DAY_S
        if self._forgot.get(backend) != day:
            self._forgot[backend] = day
            oldest_s = self._clock() - KEPT_S
            data = backend.metric_data
            if any(seconds(each.timestamp) < oldest_s for each in data):
                backend.metric_data = [each for each in data if seconds(each.timestamp) >= oldest_s]

    def _moments(self, backend: Any) -> Iterator[int]:
        """When something may be due: from the oldest evaluation on, at most an hour back."""
        is_quick = any(_period_s(each) in HIGH_RESOLUTION_S for each in backend.alarms.values())
        step_s = TICK_S if is_quick else MINUTE_S
        latest = int(self._clock() - self._arrival_s) // step_s * step_s
        known = [self._evaluated.get(alarm) for alarm in backend.alarms.values() if alarm.rule is None]
        oldest = min((at_s for at_s in known if at_s is not None), default=latest)
        if any(alarm not in self._evaluated for alarm in backend.alarms.values()):
            oldest = min(oldest, latest - step_s)
        oldest = max(oldest, latest - CATCH_UP_S) // step_s * step_s
        yield from range(oldest + step_s, latest + 1, step_s)

    def _evaluate(self, backend: Any, alarm: Any, published: Published, now_s: int) -> None:
        """One metric alarm, if it is due. One that cannot be evaluated stays as it is, and says so once."""
        try:
            if alarm not in self._watched:
                self._watched[alarm] = watched(alarm)
            found = self._watched[alarm]
            step_s = every_s(found.rule.period_s) if found else TICK_S
            due_s = now_s // step_s * step_s
            if self._evaluated.get(alarm, due_s - 1) >= due_s:
                return
            self._evaluated[alarm] = due_s
            if found is None:
                return
            data = {id_: published.of(source) for id_, source in found.sources.items()}
            is_silent = found.is_silent(data, due_s)
            if is_silent and self._settled.get(alarm) == alarm.state_value:
                return
            before = memory.standing(alarm)
            after = evaluated(found.rule, data, due_s, before)
            self._settled[alarm] = after.state if is_silent else ""
        except (ValueError, KeyError) as error:
            self._evaluated[alarm], self._watched[alarm] = now_s, None
            _log.warning("an alarm is not evaluated: %s: %s", alarm.name, error)
            return
        if after is not before:
            self._moved(backend, alarm, after)

    def _moved(self, backend: Any, alarm: Any, after: Standing) -> None:
        """An alarm comes into a state; those that are composed of it follow, then it acts.

        A state never begins before the one that it follows.
        """
        before = memory.standing(alarm)
        after = replace(after, since_s=max(after.since_s, before.since_s))
        memory.move(alarm, after)
        if after.state == before.state:
            return
        if not holding.is_held(alarm):
            for notice in notices(alarm, _account(alarm), before, after):
                self._send(notice)
        for parent in list(backend.alarms.values()):
            if parent.rule is not None and parent is not alarm:
                self._compose(backend, parent, alarm.name, after.since_s)

    def _compose(self, backend: Any, alarm: Any, changed: str, now_s: float) -> None:
        """One composite alarm, when a child changed or, without a name, when it was put."""
        try:
            arns = {each: _child(backend, each) for each in named(parsed(alarm.rule))}
            moved = [each for each, child in arns.items() if child.name == changed]
            if changed and not moved:
                return
            children = {each: memory.standing(child) for each, child in arns.items()}
            told = {each: child.alarm_arn for each, child in arns.items()} | {alarm.name: alarm.alarm_arn}
            before = memory.standing(alarm)
            first = moved[0] if moved else ""
            after = composed(alarm.name, alarm.rule, children, first, now_s, before, told)
        except (ValueError, KeyError) as error:
            _log.warning("a composite alarm is not evaluated: %s: %s", alarm.name, error)
            return
        if after is not before:
            self._moved(backend, alarm, after)


def _period_s(alarm: Any) -> int:
    """Of what it watches; of math, any of its metrics."""
    stats = [each.metric_stat for each in alarm.metric_data_queries if each.metric_stat]
    return int((stats[0].period if stats else alarm.period) or 0)


def _account(alarm: Any) -> str:
    return str(alarm.alarm_arn.split(":")[4])


def _child(backend: Any, name: str) -> Any:
    """The alarm that a rule names or gives the ARN of. Raises KeyError: there is none."""
    return backend.alarms[name.rpartition(":alarm:")[2]]
