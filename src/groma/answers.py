"""What components answer with: lines of a bill, alarms, calls of Terraform modules, what of them runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from groma.quantity import Range

Statistic = str
"""`Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, or a percentile such as `p99`."""

Comparison = Literal[">", ">=", "<", "<="]
MissingData = Literal["missing", "ignore", "notBreaching"]
"""Not `breaching`, which would fire at birth, before there are any data: see `Alarm.tells_gaps`."""


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of the bill: quantity × unit price.

    `quantity` is per month, as a range. `unit_usd` is the price of one unit; with tiers it is the
    average over the likely quantity. `monthly_usd` is None where the price is not known: unknown is
    never counted as 0. `meter` names the price of the catalog (service, key, region) that it goes
    through, since lines of one meter fill its tiers and use its free allowance together.
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


@dataclass(frozen=True, slots=True)
class Uptime:
    """How often a component answers: a share of time, with the agreement or formula that it comes from."""

    component: str
    share: float
    because: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A Terraform expression, written as it is: `module.network.vpc_id`."""

    expression: str


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
class Alarm:
    """One CloudWatch alarm, with the reason for its threshold.

    Attributes:
        id: unique in the architecture: `web-cpu`.
        component: id of the component that it watches.
        title: what it says when it fires, for people.
        because: from which numbers its threshold comes.
        watches: a metric or metric math.
        comparison: how the value is compared with the threshold to be an alarm.
        threshold: in the metric's own unit.
        evaluation_periods: the window N of "M of N".
        datapoints: the M of "M of N".
        missing_data: what no data means.
        tells_gaps: whether it mails when there is no data any more, which there was; at birth it does not.
        tells_its_end: whether it mails as well when all is well again, which it also does at its first data.
    """

    id: str
    component: str
    title: str
    because: str
    watches: Metric | Expression
    comparison: Comparison
    threshold: float
    evaluation_periods: int
    datapoints: int
    missing_data: MissingData = "missing"
    tells_gaps: bool = False
    tells_its_end: bool = False


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
