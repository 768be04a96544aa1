"""What components answer with: lines of a bill, alarms, calls of Terraform modules, what of them runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from groma.quantity import Range

Statistic = str
"""`Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, or a percentile such as `p99`."""

Comparison = Literal[">", ">=", "<", "<="]
MissingData = Literal["missing", "ignore", "notBreaching"]
"""Not `breaching`, which would fire at birth, before there are any data: see `Missing.told`."""
Severity = Literal["page", "ticket"]
"""Whether somebody is to get up for it, since users are hurt, or to look at it in the hours of work."""


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of the bill: quantity × unit price.

    `quantity` is per month, as a range. `unit_usd` is the price of one unit; with tiers it is the
    average over the likely quantity. `monthly_usd` is None where the price is not known: unknown is
    never counted as 0. `meter` names the price of the catalog (service, key, region) that it goes
    through, since lines of one meter fill its tiers and use its free allowance together. `group` is the
    part of the design that the component belongs to: the lane in which it is drawn.
    """

    component: str
    item: str
    quantity: Range
    unit: str
    unit_usd: float | None
    monthly_usd: Range | None
    source: str
    as_of: str
    note: str = ""
    meter: tuple[str, str, str] | None = None
    group: str = ""

    def of(self, component: str) -> BillLine:
        """The same of a component by another name."""
        return BillLine(
            component,
            *(self.item, self.quantity, self.unit, self.unit_usd, self.monthly_usd),
            *(self.source, self.as_of, self.note, self.meter, self.group),
        )

    def at(self, unit_usd: float, monthly_usd: Range, source: str, as_of: str) -> BillLine:
        """The same at another price."""
        return BillLine(
            *(self.component, self.item, self.quantity, self.unit, unit_usd, monthly_usd, source, as_of),
            *(self.note, self.meter, self.group),
        )


@dataclass(frozen=True, slots=True)
class Uptime:
    """How often a component answers: a share of time, with the agreement or formula that it comes from."""

    component: str
    share: float
    because: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A Terraform expression, written as it is: `module.network.vpc_id`.

    Attributes:
        of_root: whether it speaks of the root's calls also where its region has one of that name.
    """

    expression: str
    of_root: bool = False


def in_region(call: str, region: str) -> str:
    """A call of a module in another region, as the root names it: `module.key_us_west_2`."""
    return f"module.{call}_{region.replace('-', '_')}"


@dataclass(frozen=True, slots=True)
class Template:
    """A text made by Terraform's `templatefile` from a file that is delivered with the root."""

    file: str
    variables: Mapping[str, Value]


Value = str | int | float | bool | None | Ref | Template | Sequence["Value"] | Mapping[str, "Value"]
"""What an argument of a Terraform module can be."""


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """What a component adds to the call of a Terraform module.

    Several components may add to one call (`module "network"` is made by the VPC, its subnets and the
    NAT gateway); mappings are merged, lists are joined, and two different values for one argument are
    a mistake.

    `providers` names the region of each provider that the module asks for, by the module's own name for it
    (`aws.us_east_1`); a module that is not mentioned gets the provider of its component's region as `aws`.
    """

    name: str
    module: str
    arguments: Mapping[str, Value] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Metric:
    """One CloudWatch metric: where it is published, and how its points are read."""

    namespace: str
    name: str
    statistic: Statistic
    dimensions: Mapping[str, str | Ref]
    period_s: int = 60


@dataclass(frozen=True, slots=True)
class Expression:
    """Metric math over several metrics, by CloudWatch's own syntax: `100 * errors / requests`."""

    label: str
    expression: str
    metrics: Mapping[str, Metric]


@dataclass(frozen=True, slots=True)
class Missing:
    """What it means that an alarm has no data.

    Attributes:
        treatment: what CloudWatch takes it for.
        because: why that is right of this metric.
        told: as what it is told that data which there were have stopped; None where silence is no fault.
            At birth, before there are any, nothing is told.
    """

    treatment: MissingData
    because: str
    told: Severity | None = None


@dataclass(frozen=True, slots=True)
class Runbook:
    """What somebody needs who gets the mail at night, a sentence or two each.

    Attributes:
        means: what it means for users.
        look: what to look at first.
        do: what to do then.
    """

    means: str
    look: str
    do: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """One CloudWatch alarm, with the reason for its threshold and what to do when it fires.

    Attributes:
        id: unique in the architecture: `web-cpu`.
        component: id of the component that it watches.
        title: what it says when it fires, for people.
        severity: as what it is told.
        derived_from: the figures from which its threshold comes.
        watches: a metric or metric math.
        comparison: how the value is compared with the threshold to be an alarm.
        threshold: in the metric's own unit.
        evaluation_periods: the window N of "M of N".
        datapoints: the M of "M of N".
        missing: what no data mean, and why.
        runbook: what to do.
        part_of: the composite alarm that speaks for it; empty for one that speaks for itself. It follows from
            the composite alarms, and is set by `groma.monitoring.alarms` alone.
        region: where its metric is published, if AWS does so in one region alone; empty for where it stands.
    """

    id: str
    component: str
    title: str
    severity: Severity
    derived_from: str
    watches: Metric | Expression
    comparison: Comparison
    threshold: float
    evaluation_periods: int
    datapoints: int
    missing: Missing
    runbook: Runbook
    part_of: str = ""
    region: str = ""

    def is_seen_from(self, region: str) -> bool:
        """Whether CloudWatch of a region has its metric."""
        return self.region in ("", region)


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What keeps a composite alarm quiet: while that is on, and for a while before and after.

    Attributes:
        by: the id of an alarm in the same region.
        wait_s: how long it is waited for, if the composite alarm is on first.
        extension_s: how long after it all stays quiet.
    """

    by: str
    wait_s: int
    extension_s: int


@dataclass(frozen=True, slots=True)
class Composite:
    """An alarm that is on while all, or any, of some other alarms are on; these say nothing themselves.

    Attributes:
        id, component, title, severity, derived_from, runbook: as of an `Alarm`.
        all_of, any_of: the ids of those alarms; one of both is empty.
        tells_its_end: whether it mails as well when all is well again, as it is when it is made: before an
            address of a new stack can have been confirmed. A metric alarm is so with its first data, later.
        suppressed: what it leaves to another alarm to tell; None for what it always tells.
    """

    id: str
    component: str
    title: str
    severity: Severity
    derived_from: str
    runbook: Runbook
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    tells_its_end: bool = False
    suppressed: Suppressed | None = None

    @classmethod
    def of_one(cls, alarm: Alarm, id_: str, title: str, unless: Suppressed) -> Composite:
        """What speaks for one alarm, unless another alarm does."""
        return cls(
            id_, alarm.component, title, alarm.severity, alarm.derived_from, alarm.runbook,
            all_of=(alarm.id,), suppressed=unless,
        )  # fmt: skip

    @property
    def parts(self) -> tuple[str, ...]:
        """The ids of the alarms that it speaks for."""
        return self.all_of + self.any_of

    def rule(self, name: Callable[[str], str]) -> str:
        """As CloudWatch takes it.

        Args:
            name: from an alarm's id to its name.
        """
        return (" AND " if self.all_of else " OR ").join(f'ALARM("{name(each)}")' for each in self.parts)


@dataclass(frozen=True, slots=True)
class QuotaNeed:
    """How much of one of AWS's quotas a component takes.

    Attributes:
        quota: its id in the catalog: `ec2-vcpus`.
        most: what it may come to take.
        start: what it takes as soon as it is provisioned, where that is less.
        region: where, when not in the component's own region.
        each: whether the quota is of each such thing by itself, rather than of all of them together.
    """

    quota: str
    most: float
    start: float | None = None
    region: str = ""
    each: bool = False


class Ask(Protocol):
    """One read-only question to the cloud, in the region of whoever is asked."""

    def __call__(self, service: str, operation: str, **arguments: object) -> Mapping[str, Any] | None:
        """The answer, all of its pages; None when what is asked for does not exist.

        Args:
            service: as boto3 calls it: `ec2`.
            operation: as boto3 calls it: `describe_vpcs`.
            arguments: of the call, with AWS's names.

        Raises:
            CloudError: the call failed for another reason.
        """

    def output(self, name: str) -> str | None:
        """What Terraform has noted of the stack under the name of an output; None when it has no such text.

        So a thing is found by its id where it has no name but in a tag, which anybody may change.
        """


@dataclass(frozen=True, slots=True)
class Running:
    """One element of what is deployed, its state and more: `web servers`, `2 of 2 in service`, `2 in …a`."""

    element: str
    state: str
    detail: str = ""


MISSING = "missing"
"""The state of what was designed and is not there."""
