"""What the design takes of AWS's quotas, against what this very account has."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture
from groma.components.quotas import CONCURRENCY, Taken, taken
from groma.live.preflight.look import Look, looks
from groma.live.target import Clients


def quotas(clients: Clients, architecture: Architecture) -> Iterator[Look]:
    """A look at each quota that the account has a number for."""
    for each in taken(architecture):
        yield _look(clients, _title(each), each)


def _title(each: Taken) -> str:
    return f"{each.region}: {each.quota.unit}"


@looks("{0}")
def _look(clients: Clients, title: str, each: Taken) -> Look:
    given = _given(clients, each)
    if given is None:
        usual = f"{each.most:,.0f} needed, {each.quota.grown:,.0f} by default"
        if each.fits_grown:
            return Look(title, "ok", usual)
        return Look(title, "cannot tell", usual, each.request)
    least = "" if each.start == each.most else f"{each.start:,.0f} to "
    found = f"{least}{each.most:,.0f} needed, {given:,.0f} given"
    if each.most <= given:
        return Look(title, "ok", found)
    if each.start <= given:
        return Look(title, "cannot tell", f"{found}: enough to begin with", each.request)
    return Look(title, "will fail", found, each.request)


def _given(clients: Clients, each: Taken) -> float | None:
    """What the account has; None where Service Quotas has no code to ask by."""
    if each.quota.id == CONCURRENCY:
        limits = clients.client("lambda", each.region).get_account_settings()["AccountLimit"]
        return float(limits["ConcurrentExecutions"])
    if not each.quota.code:
        return None
    asked = {"ServiceCode": each.quota.service, "QuotaCode": each.quota.code}
    return float(clients.client("service-quotas", each.region).get_service_quota(**asked)["Quota"]["Value"])
