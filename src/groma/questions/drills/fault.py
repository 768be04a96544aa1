"""A fault as a value: what goes wrong, for how long, who is to be told of it, when, and what somebody does.

What a fault does is a list of effects. Some act on the simulation, so that symptoms follow by themselves:
servers break, work grows, users come. Others act on a metric, where nothing is simulated: a disk fills.
"""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass

from groma.answers import Severity

Role = str
"""Which tier: `front`, the first; `data`, the last; `app`, the last that scales before that; or its name."""
PROMISE_S = 300.0
"""Within which a page comes, where a fault does not say otherwise."""


ALL: tuple[int, ...] = ()
"""Instead of the numbers of servers: all of them, however many there are."""
SPOT: tuple[int, ...] = (-1,)
"""Instead of the numbers of servers: those beyond the minimum, where they are bought as Spot."""


@dataclass(frozen=True, slots=True)
class Break:
    """Servers of a tier break: replaced by their group, or back after a time.

    Attributes:
        row: which tier; places: which servers, from 0; or `ALL`, or `SPOT`.
        back_s: how long until they answer again; None where their group replaces them or nobody does.
        back_without_standby_s: the same of a database that has no standby; None for as long as `back_s`.
    """

    row: Role
    places: tuple[int, ...] = (0,)
    back_s: float | None = None
    back_without_standby_s: float | None = None


@dataclass(frozen=True, slots=True)
class LoseZone:
    """A zone is lost with all that stands in it; 0 is that of the database's master."""

    zone: int = 0


@dataclass(frozen=True, slots=True)
class LoseRegion:
    """One of several regions answers nothing, for good; 0 is the first."""

    region: int = 0


@dataclass(frozen=True, slots=True)
class LoseHome:
    """The home region of a design with a standby is lost, for good: users are led to the standby, to read."""


@dataclass(frozen=True, slots=True)
class Roll:
    """Servers of a tier are replaced one by one, a new one first; all of them, or so many."""

    row: Role
    servers: int | None = None


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many times as many users as are there at that time."""

    times: float


@dataclass(frozen=True, slots=True)
class Slow:
    """A tier, or a function, that works so many times as long on each request."""

    row: Role
    times: float


@dataclass(frozen=True, slots=True)
class Cold:
    """The cache before a tier answers nothing."""

    row: Role


@dataclass(frozen=True, slots=True)
class Impatient:
    """Clients that wait so long and then ask again, so many times, for the whole drill."""

    timeout_s: float
    retries: int


@dataclass(frozen=True, slots=True)
class Fail:
    """A share of what a tier, or the function that answers requests, answers is an error, at once.

    Attributes:
        share: of its answers; burns: over the share that the error budget allows, in its place.
        for_good: whether it goes on when the fault is over.
    """

    row: Role
    share: float = 0.0
    burns: float = 0.0
    for_good: bool = False


@dataclass(frozen=True, slots=True)
class Reads:
    """A metric reads something else than it would.

    Attributes:
        metric: its namespace and name: `CWAgent/disk_used_percent`; `*` for any part of it.
        component: the id of the component, or of such in every region that serves; `*` for any.
        alone: whether it is of that component and of no other that is called so in its region.
        to: what it reads at last; None where it is not published any more.
        per_server: how much more for each server that the component's group may have.
        ramps: whether it goes there evenly from what it was; else it is there at once.
        samples: of how many samples it consists, where that is not as many as usual: each task of a service
            tells its CPU, by which they are counted.
    """

    metric: str
    to: float | None
    component: str = "*"
    ramps: bool = False
    per_server: float = 0.0
    samples: int | None = None
    alone: bool = False

    def is_of(self, component: str, namespace: str, name: str) -> bool:
        """Whether it is a metric of a component, by its id in the whole architecture."""
        names = {component} if self.alone else {component, component.rpartition("/")[2]}
        known = any(fnmatch.fnmatchcase(each, self.component) for each in names)
        return known and fnmatch.fnmatchcase(f"{namespace}/{name}", self.metric)


Effect = Break | LoseZone | LoseRegion | LoseHome | Roll | Crowd | Slow | Cold | Impatient | Fail | Reads
SIMULATED = (Break, LoseZone, LoseRegion, LoseHome, Roll, Crowd, Slow, Cold, Impatient, Fail)
"""Effects of which a simulation makes the symptoms."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault.

    Attributes:
        name: short, with hyphens: `zone-loss`; what: one sentence, for people.
        effects: what it does.
        lasts_s: for how long.
        told: as what it must be told; None where nobody may be told.
        within_s: how long after it began that must have happened.
        if_hurt_s: for how long the goal of users has to be missed, for that to be owed; 0 where it is always.
        because: why not within five minutes by a page; empty where it is so.
        do: what a person has to do.
        at_s: the time of day at which it begins; None for shortly before the busiest minutes.
        of_cluster: the same where the database is an Aurora cluster of one region; None where it is no other.
    """

    name: str
    what: str
    effects: tuple[Effect, ...]
    lasts_s: float
    told: Severity | None = "page"
    within_s: float = PROMISE_S
    if_hurt_s: float = 0.0
    because: str = ""
    do: str = ""
    at_s: float | None = None
    of_cluster: Fault | None = None

    @property
    def is_simulated(self) -> bool:
        """Whether requests are served differently while it lasts."""
        return any(isinstance(each, SIMULATED) for each in self.effects)

    @property
    def is_of_one(self) -> bool:
        """Whether it is of one component at a time: all that it does is to change metrics."""
        return bool(self.effects) and all(isinstance(each, Reads) for each in self.effects)
