"""Quotas of AWS: how much of a thing an account has on its first day, and in use."""

from __future__ import annotations

from dataclasses import dataclass

from groma.catalog._store import memo, table, unknown


@dataclass(frozen=True, slots=True)
class Quota:
    """How much of something AWS gives an account in a region.

    Attributes:
        id: our name of it, such as "ec2-vcpus".
        service, code: how Service Quotas knows it; the code is "" where it has none.
        name: what AWS calls it.
        unit: what is counted.
        new: what an account has on its first day.
        grown: the default of an account in use.
        is_raised: whether AWS raises it on request.
        source, as_of: where and when it was read.
    """

    id: str
    service: str
    code: str
    name: str
    unit: str
    new: float
    grown: float
    is_raised: bool
    source: str
    as_of: str


@memo
def quota(name: str, region: str = "") -> Quota:
    """The quota of that name, such as "ec2-vcpus", in a region; InputError when there is none."""
    data = table("quotas")
    if name not in data["rows"]:
        raise unknown("quota", name, data["rows"])
    *cells, regional, index = data["rows"][name]
    service, code, title, unit, new, grown, is_raised = cells
    if region in regional:
        new, grown = min(new, regional[region]) if new < grown else regional[region], regional[region]
    return Quota(name, service, code, title, unit, new, grown, is_raised, **data["sources"][index])


def quota_names() -> tuple[str, ...]:
    """The names of all quotas."""
    return tuple(table("quotas")["rows"])
