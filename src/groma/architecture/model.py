"""Components and the whole: what a component answers, and how an architecture is asked and taken apart."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar, TypeVar

from groma.answers import Alarm, Ask, BillLine, Composite, ModuleCall, QuotaNeed, Running, Uptime
from groma.application import Application
from groma.application.choice import application_of
from groma.application.own import Own
from groma.architecture.account import NOTHING_ASKED, Account
from groma.architecture.elements import Lane, Link, Place, PlaceKind
from groma.architecture.finding import Finding
from groma.terms import USUAL_TERMS, Terms


@dataclass(frozen=True, kw_only=True)
class Component(ABC):
    """One element of the design: an AWS resource, or the people and machines outside.

    A subclass is one AWS service and lives in a file of its own under `groma.components`. What a
    service does not have (a bill, an alarm, a Terraform module) it does not answer.

    Attributes:
        id: unique in the architecture, short, used in names: `web`, `database-master`.
        places: ids of the places in which it stands: one, or one per zone for what spans zones.
        kind: what it is, in one word with hyphens: `server-group`.
        service: the AWS service's own name: `Amazon EC2 Auto Scaling`.
        icon: its icon in the `diagrams` package: `compute/ec2-auto-scaling`.
        lane: the column or strip of the diagram that it stands in.
        one_per_place: whether it has members in each of its places (an auto-scaling group), rather
            than being one thing between them (a load balancer).
        keeps: Terraform types of its resources that are lost with what users have put into them.
        protected: Terraform types of its resources that may refuse to be destroyed until it is allowed.
        service_roles: services whose service-linked roles it needs: `rds.amazonaws.com`.
    """

    kind: ClassVar[str]
    service: ClassVar[str]
    icon: ClassVar[str]
    lane: ClassVar[Lane]
    one_per_place: ClassVar[bool] = False
    keeps: ClassVar[tuple[str, ...]] = ()
    protected: ClassVar[tuple[str, ...]] = ()
    service_roles: ClassVar[tuple[str, ...]] = ()

    id: str
    places: tuple[str, ...]

    @property
    @abstractmethod
    def label(self) -> str:
        """Its name for people, one line: `web servers`."""

    @property
    def details(self) -> tuple[str, ...]:
        """Type and parameters, a line each: `2–6 × m7g.large`."""
        return ()

    @property
    def member(self) -> str:
        """What one of its members is called, when it has one per place: `web server`."""
        return self.label

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        """What it costs in the month of the architecture's terms."""
        return ()

    def uptime(self, architecture: Architecture) -> Uptime | None:
        """How often it answers; None when no request depends on it."""
        return None

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        """What it can carry, against what it is asked to carry."""
        return ()

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        """What it takes of AWS's quotas."""
        return ()

    def buckets(self, architecture: Architecture) -> tuple[str, ...]:
        """Names of its S3 buckets, which nobody else in the world may have; `{account}` is the account's."""
        return ()

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        """What can fail in it, and which alarm says so."""
        return ()

    def composites(self, architecture: Architecture) -> tuple[Composite, ...]:
        """Which of its alarms speak together, and what they then say."""
        return ()

    def module(self, architecture: Architecture) -> ModuleCall | None:
        """What it adds to the call of a Terraform module; calls of one name are merged."""
        return None

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        """What of it runs and in which state, as the cloud says; nothing where nothing can be up or down."""
        return ()

    def outputs(self) -> Mapping[str, str]:
        """Terraform outputs of the root it is found by, each with its expression."""
        return {}


HOME = "region"
"""The id of a region's place that is the only one, or has a standby: what stands there names no region."""


@dataclass(frozen=True)
class Part:
    """A region of an architecture, or what stands outside all of them, as an architecture of its own.

    Attributes:
        scope: the region's name; empty for what stands outside, for an architecture of one region, and for
            the home region of one that has a standby elsewhere.
        architecture: in which all ids are short: `web` for what the whole calls `us-west-2/web`.
    """

    scope: str
    architecture: Architecture

    def whole(self, id_: str) -> str:
        """The id in the whole architecture of something of this part."""
        return f"{self.scope}/{id_}" if self.scope else id_

    def short(self, id_: str) -> str:
        """The id in this part of something of the whole; the region itself is `region`."""
        return HOME if id_ == self.scope else id_.removeprefix(f"{self.scope}/")


def region_code(region: str) -> str:
    """A region in short, as AWS does in the ids of its zones: `us-east-1` is `use1`."""
    area, *direction, number = region.split("-")
    compass = "".join(direction).replace("central", "c")
    for word in ("north", "south", "east", "west"):
        compass = compass.replace(word, word[0])
    return area + compass + number


ComponentType = TypeVar("ComponentType", bound=Component)


@dataclass(frozen=True)
class Architecture:
    """Everything that will stand in the cloud, and where.

    Attributes:
        name: the stack's name, which every resource's name begins with.
        owner: the author printed on the diagram.
        dated: the day of the workload, ISO, or empty.
        alerts: the e-mail address that alarms go to.
        region: the home region.
        standby: the region in which the same stands smaller, for when home is lost; empty for none.
        tags: what everything is tagged with besides.
        terms: the month that its bill is for, and how its machines are bought.
        own: the application of one's own that it runs; None for the sample.
        account: what is asked of all that is made.
    """

    name: str
    owner: str
    dated: str
    blueprint: str
    alerts: str
    region: str
    places: tuple[Place, ...]
    components: tuple[Component, ...]
    links: tuple[Link, ...]
    standby: str = ""
    budget_usd_per_month: float | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    terms: Terms = USUAL_TERMS
    own: Own | None = None
    account: Account = NOTHING_ASKED

    def __post_init__(self) -> None:
        places = {place.id for place in self.places}
        components = {component.id for component in self.components}
        if len(places) != len(self.places) or len(components) != len(self.components):
            raise ValueError("two places or two components have the same id")
        astray = [c.id for c in self.components if not c.places or not set(c.places) <= places]
        loose = [link.id for link in self.links if not {link.source, link.target} <= components]
        orphans = [p.id for p in self.places if p.parent is not None and p.parent not in places]
        if astray or loose or orphans:
            raise ValueError(f"unknown places of {astray}, ends of {loose} or parents of {orphans}")

    @property
    def application(self) -> Application:
        """What its servers run."""
        return application_of(self.own)

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The names of all regions in which something stands, the home region first."""
        return tuple(dict.fromkeys((self.region, *(p.name for p in self.places if p.kind == "region"))))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """What stands outside every region, then each region as an architecture of its own.

        An architecture of one region is its own only part, and the home region of one with a standby is one
        with what stands outside: it is called what it was without. Within a part, ids are those of an
        architecture of one region, and the name carries the region, so that a component never has to know of
        others.
        """
        regions = [place for place in self.places if place.kind == "region" and place.id != HOME]
        if not regions:
            return (Part("", self),)
        return (self._outside_of(regions), *(self._inside_of(region) for region in regions))

    @property
    def serving(self) -> tuple[Part, ...]:
        """The parts to which requests come: all but a standby."""
        return tuple(part for part in self.parts if not part.scope or part.scope != self.standby)

    def _inside_of(self, region: Place) -> Part:
        part = Part(region.name, self)
        inside = {place.id for place in self.places if region in self.around(place.id)}
        own = {c.id for c in self.components if set(c.places) <= inside}
        places = [place for place in self.places if place.id in inside or place.id == region.parent]
        architecture = replace(
            self,
            name=f"{self.name}-{region_code(region.name)}",
            region=region.name,
            places=tuple(
                replace(p, id=part.short(p.id), parent=p.parent and part.short(p.parent)) for p in places
            ),
            components=tuple(
                replace(c, id=part.short(c.id), places=tuple(part.short(p) for p in c.places))
                for c in self.components
                if c.id in own
            ),
            links=tuple(
                replace(link, source=part.short(link.source), target=part.short(link.target))
                for link in self.links
                if {link.source, link.target} <= own
            ),
        )
        return replace(part, architecture=architecture)

    def _outside_of(self, regions: Iterable[Place]) -> Part:
        inside = {place.id for place in self.places if set(regions) & set(self.around(place.id))}
        own = {c.id for c in self.components if not set(c.places) & inside}
        architecture = replace(
            self,
            places=tuple(place for place in self.places if place.id not in inside),
            components=tuple(c for c in self.components if c.id in own),
            links=tuple(link for link in self.links if {link.source, link.target} <= own),
        )
        return Part("", architecture)

    @cached_property
    def _component_by_id(self) -> Mapping[str, Component]:
        return {component.id: component for component in self.components}

    @cached_property
    def _place_by_id(self) -> Mapping[str, Place]:
        return {place.id: place for place in self.places}

    def component(self, component_id: str) -> Component:
        """The component of that id; KeyError when there is none."""
        return self._component_by_id[component_id]

    def place(self, place_id: str) -> Place:
        """The place of that id; KeyError when there is none."""
        return self._place_by_id[place_id]

    def of_type(self, component_type: type[ComponentType]) -> tuple[ComponentType, ...]:
        """All components of one type, in the order of the architecture."""
        return tuple(c for c in self.components if isinstance(c, component_type))

    def around(self, place_id: str) -> Iterator[Place]:
        """The place itself and every place around it, from the inside out."""
        current: str | None = place_id
        while current is not None:
            place = self.place(current)
            yield place
            current = place.parent

    def enclosing(self, place_id: str, kind: PlaceKind) -> Place | None:
        """The nearest place of one kind at or around a place."""
        return next((place for place in self.around(place_id) if place.kind == kind), None)

    def zones_of(self, component: Component) -> tuple[str, ...]:
        """Names of the availability zones in which a component stands, in the order of its places."""
        zones = (self.enclosing(place_id, "zone") for place_id in component.places)
        return tuple(dict.fromkeys(zone.name for zone in zones if zone is not None))
