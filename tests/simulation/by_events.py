"""A network of servers event by event, in plain Python: what the compiled one is held against.

Every attempt of a request is a process that runs until it waits, and is told how the wait ended. Only the
random numbers and the tables of service times are those of the compiled code.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections import Counter, deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

import numpy as np

from groma.simulation.kernels.draws import key_of, quantile, uniform
from groma.simulation.kernels.endings import OF_PAUSE, OF_THOUGHT
from groma.simulation.network import SAVED_AT_FIRST, Behaviour, Kind, Tier
from groma.simulation.running import Change
from groma.simulation.shapes import table_of

OFF, SERVING, DRAINING, BROKEN = range(4)
GOOD, REFUSED, NO_TARGET, TIMED_OUT, LOST = range(5)
CHANGE, DONE, WAKE, GONE, ARRIVAL = range(5)
"""Events, in the order in which those of one time are handled."""
Process = Generator[None, str, int]


@dataclass(eq=False)
class Request:
    """A request as its client sees it."""

    serial: int
    born_s: float
    kind: int = 0
    attempt: int = 0


@dataclass(eq=False)
class Attempt:
    """One try of a request."""

    request: Request
    key: np.uint64
    drawn: int = 0
    gone: bool = False
    over: bool = False
    process: Process | None = None

    def draw(self) -> float:
        self.drawn += 1
        return float(uniform(self.key, self.drawn))


@dataclass(eq=False)
class Server:
    """A server: what each attempt on its processors still has to be given, and who waits."""

    tier: Tier
    number: int
    state: int
    touched: int
    life: int = 0
    sent: int = 0
    held: int = 0
    left: dict[Attempt, float] = field(default_factory=dict)
    since_s: float = 0.0
    busy_s: float = 0.0
    plan: int = 0
    for_processor: deque[tuple[Attempt, float]] = field(default_factory=deque)
    for_worker: deque[Attempt] = field(default_factory=deque)

    @property
    def rate(self) -> float:
        """Work that each of those on the processors is given in a second."""
        return self.tier.speed * min(1.0, self.tier.cores / max(len(self.left), 1))


@dataclass(eq=False)
class Link:
    """Connections from one server to another."""

    used: int = 0
    waiting: deque[Attempt] = field(default_factory=deque)


class ByEvents:
    """A run of a network; `log`, `outcomes`, `failures`, `visited`, `retried` tell of it."""

    def __init__(
        self, tiers: Sequence[Tier], kinds: Sequence[Kind], behaviour: Behaviour, seed: int, logged: int
    ) -> None:
        self.tiers, self.kinds, self.behaviour, self.seed = tiers, kinds, behaviour, seed
        self.now_s, self.stamps, self.saved = 0.0, 0, SAVED_AT_FIRST
        self.events: list[tuple[float, int, int, int, Callable[[], None]]] = []
        self.order = itertools.count()
        self.rows: list[list[Server]] = []
        number = 0
        total = sum(tier.places for tier in tiers)
        for tier in tiers:
            states = [SERVING] * tier.servers + [OFF] * (tier.places - tier.servers)
            row = [Server(tier, number + i, state, number + i - total) for i, state in enumerate(states)]
            self.rows.append(row)
            number += len(row)
        self.all = [server for row in self.rows for server in row]
        self.links: dict[tuple[Server, Server], Link] = {}
        self.turns = [-1] * len(tiers)
        self.log = [math.nan] * logged
        self.outcomes: Counter[tuple[int, int]] = Counter()
        self.failures: Counter[int] = Counter()
        self.visited, self.retried, self.most_waiting = [0] * len(tiers), 0, 0

    def run(self, arrivals_s: Sequence[float], changes: Sequence[Change], until_s: float) -> None:
        for at_s, server, state in changes:
            self.at(at_s, CHANGE, lambda server=server, state=state: self.change(self.all[server], state))
        for serial, at_s in enumerate(arrivals_s):
            self.at(at_s, ARRIVAL, lambda serial=serial: self.ask(Request(serial, self.now_s)))
        while self.events and self.events[0][0] < until_s:
            self.now_s, _, _, _, happen = heapq.heappop(self.events)
            happen()

    def at(self, at_s: float, sort: int, happen: Callable[[], None], number: int = 0) -> None:
        heapq.heappush(self.events, (at_s, sort, number, next(self.order), happen))

    # Clients

    def ask(self, request: Request) -> None:
        one = Attempt(request, np.uint64(key_of(self.seed, request.serial, request.attempt)))
        if request.attempt == 0:
            request.born_s = self.now_s
            shares = np.cumsum([kind.share for kind in self.kinds])
            request.kind = int(np.searchsorted(shares / shares[-1], one.draw()))
        if self.behaviour.timeout_s < math.inf:
            self.at(self.now_s + self.behaviour.timeout_s, GONE, lambda: self.give_up(one))
        one.process = self.visit(one, 0, True, None)
        self.go(one, None)

    def go(self, one: Attempt, told: str | None) -> None:
        """Let an attempt go on, and answer its client when it has ended."""
        assert one.process is not None
        try:
            if told is None:
                next(one.process)
            else:
                one.process.send(told)
        except StopIteration as end:
            one.over = True
            if not one.gone:
                self.answer(one, end.value)

    def answer(self, one: Attempt, outcome: int) -> None:
        if outcome == GOOD:
            self.saved += min(self.behaviour.budget, 1.0)
            self.finish(one, GOOD)
        else:
            self.fail(one, outcome)

    def give_up(self, one: Attempt) -> None:
        if not one.over:
            one.gone = True
            self.fail(one, TIMED_OUT)

    def fail(self, one: Attempt, outcome: int) -> None:
        self.failures[outcome] += 1
        request, limited = one.request, self.behaviour.budget < math.inf
        if request.attempt >= self.behaviour.retries or (limited and self.saved < 1):
            self.finish(one, outcome)
            return
        self.saved -= 1 if limited else 0
        self.retried += 1
        most_s = self.behaviour.backoff_s * 2**request.attempt
        request.attempt += 1
        self.at(self.now_s + most_s * uniform(one.key, OF_PAUSE), WAKE, lambda: self.ask(request))

    def finish(self, one: Attempt, outcome: int) -> None:
        request = one.request
        self.outcomes[request.kind, outcome] += 1
        if request.serial < len(self.log):
            self.log[request.serial] = self.now_s - request.born_s if outcome == GOOD else -float(outcome)
        if self.behaviour.think_s > 0:
            chance = uniform(one.key, OF_THOUGHT)
            thought_s = self.behaviour.think_s * quantile(table_of("hyperexponential", 1.0), chance)
            following = Request(request.serial + self.behaviour.stride, self.now_s)
            self.at(self.now_s + thought_s, WAKE, lambda: self.ask(following))

    # A visit, with all those that it makes to the tier behind

    def visit(self, one: Attempt, tier: int, write: bool, source: Server | None) -> Process:
        server = self.choose(one, tier, write)
        if server is None:
            return NO_TARGET
        if server.state == BROKEN:
            return LOST
        if server.held >= server.tier.workers + server.tier.backlog:
            return REFUSED
        life, link = server.life, self.link(source, server)
        self.count(server, 1)
        if link is not None:
            if link.used == server.tier.pool:
                link.waiting.append(one)
                self.most_waiting = max(self.most_waiting, len(link.waiting))
                if (told := (yield)) != "granted":
                    self.count(server, -1 if told == "source lost" else 0)
                    return LOST
            else:
                link.used += 1
        server.held += 1
        if server.held > server.tier.workers:
            server.for_worker.append(one)
            if (yield) == "lost":
                return LOST
        asked = self.kinds[one.request.kind].visits[tier]
        work_s = asked.work_s * quantile(table_of(asked.shape, asked.scv), one.draw())
        self.visited[tier] += 1
        self.ask_processor(server, one, work_s)
        if (yield) == "lost":
            return LOST
        reads, writes = self.whole(one, asked.reads), self.whole(one, asked.writes)
        outcome = GOOD
        for writing in [False] * reads + [True] * writes:
            if not writing and asked.hits > 0 and one.draw() < asked.hits:
                continue
            if writing and asked.away_s > 0:
                self.at(self.now_s + asked.away_s, WAKE, lambda: self.go(one, "awake"))
                yield
            if server.life == life:
                outcome = yield from self.visit(one, tier + 1, writing, server)
            if outcome != GOOD or server.life != life:
                break
        if server.life != life:
            return outcome or LOST
        self.leave(server, link)
        return outcome

    def whole(self, one: Attempt, mean: float) -> int:
        return int(mean) + (mean > int(mean) and one.draw() < mean - int(mean))

    def link(self, source: Server | None, server: Server) -> Link | None:
        if source is None or not server.tier.pool:
            return None
        return self.links.setdefault((source, server), Link())

    def leave(self, server: Server, link: Link | None) -> None:
        self.count(server, -1)
        server.held -= 1
        if server.for_worker:
            self.go(server.for_worker.popleft(), "granted")
        if link is not None and link.waiting:
            self.go(link.waiting.popleft(), "granted")
        elif link is not None:
            link.used -= 1

    def count(self, server: Server, by: int) -> None:
        if by:
            self.stamps += 1
            server.sent, server.touched = server.sent + by, self.stamps

    def choose(self, one: Attempt, tier: int, write: bool) -> Server | None:
        able = [server for server in self.rows[tier] if server.state in (SERVING, BROKEN)]
        routing = self.tiers[tier].routing
        if not able:
            return None
        if len(able) == 1 or (routing == "by-role" and write):
            return able[0]
        if routing == "round-robin":
            self.turns[tier] = self.turns[tier] + 1 if self.turns[tier] + 1 < len(able) else 0
            return able[self.turns[tier]]
        if routing == "least-outstanding":
            return min(able, key=lambda server: (server.sent, server.touched))
        others = able if routing == "random" else able[1:]
        return others[int(one.draw() * len(others))]

    # Processors

    def ask_processor(self, server: Server, one: Attempt, work_s: float) -> None:
        if server.tier.shared or len(server.left) < server.tier.cores:
            self.pass_time(server)
            server.left[one] = work_s
            self.expect(server)
        else:
            server.for_processor.append((one, work_s))

    def pass_time(self, server: Server) -> None:
        passed_s = self.now_s - server.since_s
        server.busy_s += passed_s * min(len(server.left), server.tier.cores)
        for one in server.left:
            server.left[one] -= passed_s * server.rate
        server.since_s = self.now_s

    def expect(self, server: Server) -> None:
        """Plan the next end of a request on the processors; earlier plans are void."""
        server.plan += 1
        if server.left:
            plan, one = server.plan, min(server.left, key=server.left.__getitem__)
            at_s = self.now_s + max(server.left[one], 0.0) / server.rate
            self.at(at_s, DONE, lambda: self.done(server, one, plan), server.number)

    def done(self, server: Server, one: Attempt, plan: int) -> None:
        if plan != server.plan:
            return
        self.pass_time(server)
        del server.left[one]
        if server.for_processor:
            other, work_s = server.for_processor.popleft()
            server.left[other] = work_s
        self.expect(server)
        self.go(one, "done")

    # Servers that come and go

    def change(self, server: Server, state: int) -> None:
        self.pass_time(server)
        server.state = state
        if state in (OFF, BROKEN):
            self.lose(server)

    def lose(self, server: Server) -> None:
        lost = sorted(server.left, key=server.left.__getitem__)
        lost += [one for one, _ in server.for_processor] + list(server.for_worker)
        server.life, server.sent, server.held = server.life + 1, 0, 0
        server.left, server.plan = {}, server.plan + 1
        server.for_processor.clear()
        server.for_worker.clear()
        for one in lost:
            self.go(one, "lost")
        ends = sorted(self.links, key=lambda pair: (pair[0].number, pair[1].number))
        for pair in (pair for pair in ends if pair[1] is server):
            self.links[pair].used = 0
            self.drop(self.links[pair], "lost")
        for pair in (pair for pair in ends if pair[0] is server):
            self.drop(self.links[pair], "source lost")

    def drop(self, link: Link, told: str) -> None:
        waiting, link.waiting = link.waiting, deque()
        for one in waiting:
            self.go(one, told)
