"""What a workload consists of: people, goals, request classes and the rest of the load, as frozen values."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from groma.application.own import Own
from groma.quantity import Range
from groma.terms import ASPECTS, NO_BOOK, Aspect, PriceBook
from groma.workload.application import ApplicationPart
from groma.workload.domains import DOMAIN, LONGEST_DOMAIN, ZONE, is_zone_id, lies_in
from groma.workload.kinds import KINDS, Blueprint
from groma.workload.lines import Lines, place
from groma.workload.machines import Machines
from groma.workload.parts import Part, RequestClass
from groma.workload.quantities import HourRatio, Message, Number, Positive, Quantity, Ratio, Share, SomeShare
from groma.workload.texts import EMAIL, Code, EnvironmentName, Label, Line, Tag, TagName

MOST_CLASSES = 50
"""Of requests: planning takes time in proportion, half a second for ten of them."""
Discipline = Literal["fifo", "processor-sharing"]


class Users(Part):
    """How many people there are, and how much they do."""

    total: int = Field(default=0, gt=0, le=10_000_000_000, description="registered users")
    registered: int | None = Field(
        default=None, gt=0, le=10_000_000_000, description="registered users, as `total`"
    )
    daily: int | None = Field(
        default=None, gt=0, le=10_000_000_000, description="users who are active on a day, instead of `total`"
    )
    concurrent: int | None = Field(
        default=None,
        gt=0,
        le=1_000_000_000,
        description="users at once at peak, instead of daily habits; `total` is then found by these",
    )
    think_s: Positive = Field(
        default=Range(10, 30, 60), description="pause of a concurrent user between two requests, in seconds"
    )
    active_daily: SomeShare = Field(description="share of all users who are active on a day")
    requests_per_active_day: Positive = Field(description="requests per active user and day")

    @model_validator(mode="after")
    def _are_counted_once(self) -> Self:
        counts = {"total": self.total, "registered": self.registered, "daily": self.daily}
        stated = [name for name, number in counts.items() if number]
        if len(stated) > 1:
            raise ValueError(f"are counted {len(stated)} times, by {' and '.join(stated)}: state one of them")
        if not stated and self.concurrent is None:
            raise ValueError("must say how many: registered, daily or concurrent")
        return self


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


class Disciplines(Part):
    """How the machines of each tier share themselves among the requests that they hold.

    `fifo` fits one process or event loop per CPU that finishes a piece of work before it takes the next,
    as nginx does, and a database behind pools of connections; `processor-sharing` fits a thread or process
    per request, all of which the kernel lets run in turn.
    """

    web: Discipline = "fifo"
    app: Discipline = "processor-sharing"
    database: Discipline = "fifo"


class Load(Part):
    """The load's other quantities; the profile describes each, with its source."""

    peak_hour_to_mean: HourRatio = Field(description="busiest hour over the day's mean")
    burst_to_peak_hour: Ratio = Field(description="busiest five minutes over the busiest hour")
    scv: Positive = Field(description="squared coefficient of variation of the service time")
    discipline: Discipline | Disciplines = Field(
        default_factory=lambda: Disciplines(),
        description="how a machine shares itself: fifo or processor-sharing, for all tiers or by tier",
    )
    web_working_gib: Positive = Field(description="memory that a web server needs, in GiB")
    app_working_gib: Positive = Field(description="memory that an application server needs, in GiB")
    database_hot_gib_per_million_users: Positive = Field(description="rows read on one day, in GiB")
    database_stored_gib_per_million_users: Positive = Field(description="rows in all, in GiB")
    storage_reads_per_read: Quantity = Field(description="storage operations per database read")
    storage_writes_per_write: Quantity = Field(description="storage operations per database write")
    response_kib: Positive = Field(description="size of one dynamic response, in KiB")
    page_views_per_request: Share = Field(description="full page loads per request")
    page_mb: Quantity = Field(description="static parts of one page, in MB")
    page_objects: Quantity = Field(description="static parts of one page, in number")
    browser_hit_share: Share = Field(description="share of static parts that the browser has")
    edge_hit_share: Share = Field(description="share of what the browser lacks that the edge has")
    uploads_per_active_day: Quantity = Field(description="pictures uploaded per active user and day")
    upload_mb: Quantity = Field(description="size of one uploaded picture, in MB")
    log_kib_per_request: Quantity = Field(description="logs taken in per request, in KiB")
    replaced_share: Share = Field(description="share of the pictures that is replaced or deleted in a year")
    database_changed_per_day: Share = Field(description="share of the database that changes on a day")
    query_kib: Quantity = Field(description="size of one database query with its answer, in KiB")
    monthly_active: Share = Field(description="share of all users who log in at least once in a month")
    logins_per_active_day: Quantity = Field(description="log-ins per active user and day")
    followers: Positive = Field(description="followers of the author of a post, on average over posts")
    followers_scv: Positive = Field(description="squared coefficient of variation of the followers of a post")
    most_followed_share: Share = Field(description="share of all users who follow the most followed one")
    hot_share: Share = Field(description="share of the reads that go to the page of the most read account")
    item_kib: Message = Field(description="size of one post or timeline entry in a table, in KiB")
    table_read_ms: Positive = Field(description="time of one read of a key-value table, in ms")
    table_write_ms: Positive = Field(description="time of one write to a key-value table, in ms")
    storage_ms: Positive = Field(description="time of one operation on an object in S3, in ms")
    gateway_ms: Positive = Field(description="time that API gateway and call add to a request, in ms")
    delivery_ms: Positive = Field(description="time from publishing a message to its function's call, in ms")
    entry_cpu_ms: Positive = Field(description="CPU time of one entry in a follower's timeline, in ms")
    picture_cpu_ms: Positive = Field(description="CPU time of checking and shrinking a picture, in ms")
    function_start_ms: Positive = Field(description="time of the cold start of a function, in ms")
    function_idle_min: Positive = Field(description="minutes until an idle function environment is gone")
    function_life_hours: Positive = Field(description="hours until a function environment is replaced")
    picture_working_mib: Positive = Field(description="memory that a function for pictures needs, in MiB")
    function_working_mib: Positive = Field(description="memory that a function needs, in MiB")
    call_log_kib: Quantity = Field(description="logs of one call of a function, in KiB")
    cache_hit_share: Share = Field(description="share of the reads that a cache before the database answers")
    key_value_share: Share = Field(description="share of the reads that are of timelines and sessions")
    cache_reads_per_s_per_node: Positive = Field(description="reads per second that one cache node answers")
    region_round_trip_ms: Quantity = Field(description="round trip between two regions, in ms")


class State(Part):
    """Where a team keeps Terraform's state: a bucket that `groma init --state` makes."""

    bucket: str = Field(
        pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$",
        description="an S3 bucket: 3–63 letters, digits, '-'",
    )
    region: Code = Field(default="us-east-1", description="the bucket's AWS region")


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
    tags: Mapping[TagName, Tag] = Field(
        default_factory=dict, max_length=40, description="tags of everything: {team: shop, stage: trial}"
    )
    log_days: Literal[1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 731, 1827, 3653] | None = Field(
        default=None, description="days for which it is kept who talked to whom; 30 when left out"
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
    sizing: Literal["likely", "least-regret"] = Field(
        default="likely",
        description="what is sized for: the likely values, or the least regret over all ranges",
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

    @model_validator(mode="after")
    def _has_a_domain(self) -> Self:
        if KINDS[self.blueprint].has_domain and self.domain is None:
            raise ValueError(f"{self.blueprint} needs a domain of its own: add `domain: app.example.com`")
        return self

    @model_validator(mode="after")
    def _has_an_image(self) -> Self:
        if KINDS[self.blueprint].has_image and self.application is None:
            raise ValueError(
                f"{self.blueprint} runs container images, and none is named: add "
                "`application: {image: acme/shop:1.4, port: 8000, health: /up}`; three-tier runs the sample"
            )
        return self

    @property
    def own(self) -> Own | None:
        """The application of one's own; None for the sample."""
        return None if self.application is None else self.application.own()

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
