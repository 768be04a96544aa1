"""Parts of the file: what all of them share, a request class, where the state is kept."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from groma.workload.quantities import Number, Positive
from groma.workload.texts import Code, Phrase


class Part(BaseModel):
    """What all parts of the file share: frozen, no unknown keys, no silent conversions.

    What checks a part is made with what checks the whole file, not once for each of them as well.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)


class Arrivals(Part):
    """How requests come within ten seconds: both values are guesses until they are measured.

    Where both are left out every user asks when he likes, whatever the others do: arrivals are Poisson.
    """

    at_once: Number = Field(
        default=1,
        ge=1,
        le=100,
        description="requests that come at the same moment, on average: 3 where a page asks three at once",
    )
    swing: Number = Field(
        default=0,
        ge=0,
        le=0.6,
        description="how far rates of ten seconds lie from that of the minute: standard deviation over mean",
    )


class RequestClass(Part):
    """One kind of request, and the work it makes in each tier on one vCPU of an m6i."""

    share: Number = Field(gt=0, le=1, description="share of all requests")
    web_ms: Positive = Field(description="CPU time on a web server, in ms")
    app_ms: Positive = Field(description="CPU time on an application server, in ms")
    reads: Number = Field(ge=0, description="database reads per request")
    writes: Number = Field(ge=0, description="database writes per request")
    cached_reads: Number | None = Field(
        default=None,
        ge=0,
        description="of the reads, those that a cache before the database may answer; when left out, all of "
        "an application of your own, those that the sample keeps there",
    )
    query_ms: Positive = Field(description="CPU time of one database query, in ms")
    table_calls: Number | None = Field(
        default=None,
        ge=0,
        description="calls of a key-value table, one after the other; reads and writes when left out",
    )
    read_units: Number | None = Field(
        default=None, ge=0, description="read units of a key-value table; the reads when left out"
    )
    write_units: Number | None = Field(
        default=None, ge=0, description="write units of a key-value table; the writes when left out"
    )
    posts: Number = Field(default=0.0, ge=0, description="posts per request that go to followers")
    source: Phrase = Field(default="the workload file", description="where the figures come from")

    @model_validator(mode="after")
    def _asks_the_database(self) -> Self:
        if self.reads + self.writes <= 0:
            raise ValueError("must make at least one database read or write: state 0.1 for one in ten")
        if self.cached_reads is not None and self.cached_reads > self.reads:
            raise ValueError("has more `cached_reads`, which a cache may answer, than `reads` in all")
        return self

    @property
    def units_read(self) -> float:
        """Read units of a key-value table per request."""
        return self.reads if self.read_units is None else self.read_units

    @property
    def units_written(self) -> float:
        """Write units of a key-value table per request."""
        return self.writes if self.write_units is None else self.write_units

    @property
    def calls_of_table(self) -> float:
        """Calls of a key-value table per request, one after the other."""
        return self.reads + self.writes if self.table_calls is None else self.table_calls


class State(Part):
    """Where a team keeps Terraform's state: a bucket that `groma init --state` makes."""

    bucket: str = Field(
        pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$",
        description="an S3 bucket: 3–63 letters, digits, '-'",
    )
    region: Code = Field(default="us-east-1", description="the bucket's AWS region")
