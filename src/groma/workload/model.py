"""What a workload consists of: people, goals, request classes and the rest of the load, as frozen values."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from groma.application.own import Own
from groma.terms import ASPECTS, NO_BOOK, Aspect, PriceBook
from groma.workload.application import ApplicationPart
from groma.workload.database import Database, of_application
from groma.workload.domains import DOMAIN, LONGEST_DOMAIN, ZONE, is_zone_id, lies_in
from groma.workload.existing import in_network
from groma.workload.kinds import KINDS, Blueprint
from groma.workload.lines import Lines, folder_of, place
from groma.workload.load_values import Load
from groma.workload.machines import Machines
from groma.workload.network import Network
from groma.workload.parts import Part, RequestClass, State
from groma.workload.quantities import Number
from groma.workload.texts import (
    BOUNDARY,
    EMAIL,
    KMS_KEY,
    PREFIX,
    Code,
    EnvironmentName,
    Label,
    Line,
    Tag,
    TagName,
)
from groma.workload.users import Users

MOST_CLASSES = 50
"""Of requests: planning takes time in proportion, half a second for ten of them."""


class Goals(Part):
    """What the design must reach, measured at the public load balancer."""

    p99_ms: Number = Field(
        default=500,
        gt=0,
        le=60_000,
        description="99th percentile of the response time, in ms",
    )
    p99_of: Literal["all", "each"] = Field(
        default="all", description="what is to keep it: all requests together, or each class of them"
    )
    availability: Number = Field(
        default=0.999, gt=0, lt=1, description="share of requests answered, for example 0.9995"
    )
    freshness_s: Number = Field(
        default=10,
        gt=0,
        le=3600,
        description="99th percentile of the time until a post is in its followers' timelines, in s",
    )
    recovery_s: Number | None = Field(
        default=None, gt=0, description="longest time until all requests are answered after a fault, in s"
    )
    data_loss_s: Number | None = Field(
        default=None, ge=0, description="the last writes that a fault may cost at most, in s"
    )


class Workload(Part):
    """A workload, complete: the file's own values over those of its profile.

    `source` is the file it came from and `line_of` says where in it a field stands, so that whoever finds
    a value impossible later (a region without prices, a goal out of reach) can still name the line.
    """

    name: str = Field(
        pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        min_length=2,
        max_length=18,
        description="the stack's name: 2–18 lower-case letters, digits and hyphens",
    )
    owner: Line = Field(default="", description="the author, printed on every diagram; one line")
    date: datetime.date | None = Field(
        default=None, strict=False, description="the day of this workload, YYYY-MM-DD"
    )
    blueprint: Blueprint = Field(description="which kind of architecture")
    regions: tuple[Code, ...] = Field(
        default=("us-east-1",), min_length=1, max_length=40, description="AWS regions"
    )
    availability_zones: tuple[Code, ...] = Field(
        default=(),
        max_length=40,
        description="zones to stand in, where an account lacks the usual ones: [us-west-1a]",
    )
    shares: tuple[Number, ...] | None = Field(
        default=None, description="share of the users that each region serves; equal when left out"
    )
    domain: str | None = Field(
        default=None,
        pattern=DOMAIN,
        max_length=LONGEST_DOMAIN,
        description="the domain that users type: chirp.example.com",
    )
    zone: str | None = Field(
        default=None,
        pattern=ZONE,
        max_length=253,
        description="the Route 53 zone that exists already and holds the domain, by name or id; "
        "made when left out",
    )
    waf: Literal["on", "off"] = Field(
        default="on",
        description="whether AWS WAF guards what is public: on or off",
        json_schema_extra={"type": ["string", "boolean"], "enum": ["on", "off", True, False]},
    )
    alerts: str | None = Field(
        default=None,
        pattern=EMAIL,
        max_length=254,
        description="the e-mail address that alarms go to",
    )
    profile: str = Field(default="social-media", description="where values that are left out come from")
    application: ApplicationPart | None = Field(
        default=None,
        description="an application of one's own: {image: acme/shop:1.4, port: 8000, health: /up}; the "
        "sample when left out",
    )
    machines: Machines = Field(default_factory=Machines, description="which machines servers may be made of")
    network: Network = Field(
        default_factory=Network, description="the network: zones, addresses, ways out, or a VPC that exists"
    )
    database: Database = Field(
        default_factory=Database,
        description="the database: engine, version, a standby of its master, replicas, or one that exists",
    )
    tags: Mapping[TagName, Tag] = Field(
        default_factory=dict, max_length=40, description="tags of everything: {team: shop, stage: trial}"
    )
    prefix: str | None = Field(
        default=None,
        pattern=PREFIX,
        description="what every name begins with, before the stack's: acme for acme-shop",
    )
    boundary: str | None = Field(
        default=None,
        pattern=BOUNDARY,
        description="the permissions boundary of every role: arn:aws:iam::123456789012:policy/boundary",
    )
    kms_key: str | None = Field(
        default=None,
        pattern=KMS_KEY,
        description="a key that exists already and encrypts volumes, database, buckets, queues, logs and "
        "mails: arn:aws:kms:us-east-1:123456789012:key/…; one of the stack's own when left out",
    )
    log_days: Literal[1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 731, 1827, 3653] | None = Field(
        default=None, description="days for which it is kept who talked to whom; 30 when left out"
    )
    traced_share: Number | None = Field(
        default=None, gt=0, le=1, description="share of the requests that X-Ray traces; none when left out"
    )
    standby: Code | None = Field(
        default=None,
        description="a second region in which the same stands smaller, with a copy of the database, for when "
        "the first is lost: us-west-2; needs `domain`",
    )
    environment: EnvironmentName | None = Field(
        default=None, description="which of `environments` this is; `--env` says it on the command line"
    )
    environments: Mapping[EnvironmentName, Mapping[str, Any]] = Field(
        default_factory=dict,
        max_length=20,
        description="several stacks of one file, each with the keys that it states otherwise: "
        "{staging: {users: {total: 500}}, production: {}}",
    )
    users: Users
    slo: Goals = Field(default_factory=Goals)
    budget_usd_per_month: Number | None = Field(
        default=None, gt=0, description="the most it may cost, in USD"
    )
    spend: tuple[Aspect, ...] | None = Field(
        default=None,
        min_length=1,
        description="what the whole budget is spent on, what is worth most first: "
        "[availability, headroom, latency, recovery, observability, security]; nothing when left out",
    )
    purchase: Literal["on-demand", "reserved-1y", "reserved-3y", "mixed", "savings-plan-1y"] = Field(
        default="on-demand", description="how machines are bought; sizes are the cheapest at these prices"
    )
    price_book: str | None = Field(
        default=None, min_length=1, description="a CSV file of one's own prices, beside this file: prices.csv"
    )
    sizing: Literal["likely", "least-regret", "certified"] = Field(
        default="likely",
        description="what is sized for: the likely values, the least regret over all ranges, or the likely "
        "values with every request simulated before anything is bought",
    )
    state: State | None = Field(default=None, description="where a team keeps Terraform's state")
    load: Load
    requests: Mapping[Label, RequestClass] = Field(
        min_length=1, max_length=MOST_CLASSES, description="the request classes"
    )

    _source: str = PrivateAttr(default="")
    _lines: Lines = PrivateAttr(default_factory=dict)
    _text: str = PrivateAttr(default="")
    _book: PriceBook = PrivateAttr(default=NO_BOOK)

    @field_validator("name")
    @classmethod
    def _name_is_free(cls, name: str) -> str:
        taken = ("internal", "sg")
        if name.split("-")[0] in taken:
            raise ValueError("must not begin with 'internal' or 'sg', which AWS keeps for itself")
        return name

    @field_validator("waf", mode="before")
    @classmethod
    def _switch(cls, stated: object) -> object:
        """`on` and `off` are booleans to readers of YAML 1.1, and whoever thinks of those writes `false`."""
        return {True: "on", False: "off"}[stated] if isinstance(stated, bool) else stated

    @field_validator("zone")
    @classmethod
    def _zone_holds_the_domain(cls, zone: str | None, info: ValidationInfo) -> str | None:
        if zone is None or "domain" not in info.data:
            return zone
        domain = info.data["domain"]
        if domain is None:
            raise ValueError("has no domain to hold: add `domain: app.acme.dev`")
        if not is_zone_id(zone) and not lies_in(domain, zone):
            raise ValueError(f"does not hold {domain}: name a zone that is the domain or a parent of it")
        return zone

    @field_validator("requests")
    @classmethod
    def _shares_add_up(cls, requests: Mapping[str, RequestClass]) -> Mapping[str, RequestClass]:
        total = sum(request.share for request in requests.values())
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the shares of the request classes add up to {total:g}, not to 1")
        return requests

    @field_validator("shares")
    @classmethod
    def _regions_share_the_users(
        cls, shares: tuple[float, ...] | None, info: ValidationInfo
    ) -> tuple[float, ...] | None:
        if shares is None or "regions" not in info.data:
            return shares
        regions = len(info.data["regions"])
        if len(shares) != regions or min(shares) <= 0:
            raise ValueError(f"shares must name a share above 0 for each of the {regions} regions")
        if abs(sum(shares) - 1) > 1e-6:
            raise ValueError(f"the shares of the regions add up to {sum(shares):g}, not to 1")
        return shares

    @field_validator("spend")
    @classmethod
    def _can_be_bought(
        cls, spend: tuple[Aspect, ...] | None, info: ValidationInfo
    ) -> tuple[Aspect, ...] | None:
        if spend is None:
            return None
        if info.data.get("budget_usd_per_month", 0) is None:
            raise ValueError("has no money to spend: add `budget_usd_per_month: 10_000`")
        if len(set(spend)) < len(spend):
            raise ValueError("must name each aspect once")
        sold = KINDS[info.data["blueprint"]].buys if "blueprint" in info.data else ASPECTS
        if strange := [aspect for aspect in spend if aspect not in sold]:
            named = f"{info.data['blueprint']} has nothing to buy for {' and '.join(strange)}"
            raise ValueError(f"{named}, only for {' and '.join(sold)}")
        return spend

    @field_validator("sizing")
    @classmethod
    def _is_decided_once(cls, sizing: str, info: ValidationInfo) -> str:
        if sizing == "certified" and info.data.get("spend") is not None:
            raise ValueError("certified is the cheapest design that keeps the goals: leave out `spend`")
        return sizing

    @field_validator("log_days")
    @classmethod
    def _logs_are_ours(cls, days: int | None, info: ValidationInfo) -> int | None:
        network = info.data.get("network")
        if days is not None and network is not None and network.exists:
            raise ValueError("is of a VPC that exists already: what is logged of it is its owner's to say")
        return days

    @field_validator("database")
    @classmethod
    def _application_speaks_to_it(cls, database: Database, info: ValidationInfo) -> Database:
        if "application" in info.data:
            of_application(database, info.data["application"])
        if "network" in info.data:
            in_network(database.existing, info.data["network"])
        return database

    @field_validator("kms_key")
    @classmethod
    def _key_is_here(cls, key: str | None, info: ValidationInfo) -> str | None:
        here, its = info.data.get("regions", ("",))[0], key.split(":")[3] if key else ""
        if here and its and its != here:
            raise ValueError(f"is a key of {its}, and nothing in {here} can use it")
        return key

    @model_validator(mode="after")
    def _has_a_domain(self) -> Self:
        if KINDS[self.blueprint].has_domain and self.domain is None:
            raise ValueError(f"{self.blueprint} needs a domain of its own: add `domain: app.example.com`")
        return self

    @model_validator(mode="after")
    def _is_run_by_its_blueprint(self) -> Self:
        if self.not_run:
            raise ValueError(self.not_run)
        return self

    @property
    def not_run(self) -> str:
        """Why its blueprint, if it runs container images alone, cannot run it; empty when it can."""
        if not KINDS[self.blueprint].has_image:
            return ""
        if self.application is None:
            return (
                f"{self.blueprint} runs container images, and none is named: add "
                "`application: {image: acme/shop:1.4, port: 8000, health: /up}`; three-tier runs the sample"
            )
        if self.application.tells_workers_a_secret:
            return "tells workers where their queue is as QUEUE_URL: call that secret otherwise"
        of_servers = self.application.of_servers
        refused = {
            f"application with {' and '.join(of_servers)}": bool(of_servers),
            "database of MySQL": self.database.engine == "mysql",
            "network without a way out": self.network.nat == "none",
        }
        stated = next((what for what, is_stated in refused.items() if is_stated), "")
        return stated and f"{self.blueprint} has tasks, no servers, and takes no {stated}; three-tier does"

    @property
    def own(self) -> Own | None:
        """The application of one's own; None for the sample."""
        if self.application is None:
            return None
        own = self.application.own(self.beside)
        if self.database.existing is not None:
            return replace(own, finds_database=True)
        if self.database.hosts_to_read < 2:
            return own
        return own.before_replicas(is_postgresql=self.database.engine == "postgresql")

    @property
    def beside(self) -> Path:
        """The folder of the file, in which lies what it names."""
        return folder_of(self._source)

    @property
    def text(self) -> str:
        """The file as it was read; empty for a workload of another origin."""
        return self._text

    @property
    def book(self) -> PriceBook:
        """What the price book says; empty when there is none."""
        return self._book

    def where(self, *path: str | int) -> str:
        """The place of a field for an error message: `groma.yaml:7: regions`."""
        return place(self._source, self._lines, path)
