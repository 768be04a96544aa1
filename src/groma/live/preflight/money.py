"""Whether the budget holds, and whether anybody will read the alarms' mails."""

from __future__ import annotations

from collections.abc import Iterator

from groma.bill import bill, within_budget
from groma.design import Design
from groma.live.preflight.look import Look, looks
from groma.live.target import Clients


def money(clients: Clients, design: Design) -> Iterator[Look]:
    """The bill against the budget, and the subscription of the address."""
    priced, budget = bill(design.architecture), design.workload.budget_usd_per_month
    usd = f"{priced.least}${priced.monthly_usd.likely:,.0f} a month"
    if budget is None:
        yield Look("the bill", "ok", f"{usd}; no budget is stated")
    else:
        held = within_budget(priced, budget)
        hint = "" if held.ok else "raise budget_usd_per_month, or ask `groma plan --budget`"
        yield Look("the bill", "ok" if held.ok else "will fail", f"{usd} of ${budget:,.0f}", hint)
    address = design.workload.alerts
    if address is None:
        hint = "write `alerts: you@example.com` into the workload"
        yield Look("alarms' mails", "cannot tell", "no address is stated", hint)
    else:
        yield _confirmed(clients, design.architecture.region, address)


@looks("alarms' mails")
def _confirmed(clients: Clients, region: str, address: str) -> Look:
    pages = clients.client("sns", region).get_paginator("list_subscriptions").paginate()
    own = [each for page in pages for each in page["Subscriptions"] if each.get("Endpoint") == address]
    if any(each["SubscriptionArn"].startswith("arn:") for each in own):
        return Look("alarms' mails", "ok", f"{address} has confirmed")
    waits = "has not confirmed yet" if own else "will be asked to confirm"
    return Look("alarms' mails", "cannot tell", f"{address} {waits}", "follow the link in AWS's mail")
