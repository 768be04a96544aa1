"""What an application's requests ask for besides those of their classes, quantity by quantity."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from groma.workload.parts import Arrivals, Part
from groma.workload.quantities import BurstRatio, HourRatio, Message, Positive, Quantity, Share

Discipline = Literal["fifo", "processor-sharing"]
ServiceTimes = Literal["hyperexponential", "lognormal", "gamma"]


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
    burst_to_peak_hour: BurstRatio = Field(description="busiest five minutes over the busiest hour")
    scv: Positive = Field(description="squared coefficient of variation of the service time")
    service_distribution: ServiceTimes = Field(
        default="hyperexponential",
        description="distribution of the service time in simulations and certificates: hyperexponential, "
        "lognormal or gamma",
    )
    arrivals: Arrivals = Field(
        default_factory=Arrivals, description="how requests come within ten seconds: {at_once: 3, swing: 0.2}"
    )
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
