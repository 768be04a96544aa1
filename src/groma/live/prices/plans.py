"""Savings plans: what a machine costs by the hour under a commitment of one year without upfront.

A plan has a file for each region, beside those of the offers, which names what it discounts by SKU. Its
products are the plans themselves; only those of one family, term and payment are taken, and of their rates
the machines that the offers have. AWS Billing guide, "service price list file for a Savings Plan", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from groma.catalog.prices import Purchase
from groma.live.prices.figures import Machine
from groma.live.prices.stream import Found, PriceListError, changed, sink

PURCHASE: Purchase = "savings-plan-1y"
TERM = {"purchaseOption": "No Upfront", "purchaseTerm": "1yr"}
RATE = "terms.savingsPlan.item.rates.item"


@dataclass(frozen=True)
class Plan:
    """A kind of savings plan: AWS's code of its files, and the family of the products that are taken."""

    code: str
    family: str


PLANS = (
    Plan("AWSComputeSavingsPlan", "ComputeSavingsPlans"),
    Plan("AWSDatabaseSavingsPlans", "DatabaseSavingsPlans"),
)
"""Compute for EC2, whatever the family and the region; its files hold EC2 Instance plans too, left out here.
Database for RDS, Aurora and Valkey of generation 7 and later, from 2025-12."""


def region_index(plan: Plan) -> str:
    """Where the list of a plan's regions lies."""
    return f"/savingsPlan/v1.0/aws/{plan.code}/current/region_index.json"


def version_url(body: Mapping[str, Any], region: str, url: str) -> object:
    """Where the file of a region lies; None when the plan is not sold there."""
    regions = body.get("regions")
    if not isinstance(regions, list) or not all(isinstance(each, dict) for each in regions):
        raise changed(url, "a list of regions", type(regions).__name__)
    return next((each.get("versionUrl", "") for each in regions if each.get("regionCode") == region), None)


def read_plan(chunks: Iterable[bytes], plan: Plan, machines: Mapping[str, Machine], url: str) -> Found:
    """The hourly prices of the machines under a plan.

    Raises:
        PriceListError: it is not JSON, or is laid out differently; says what was expected.
    """
    import ijson

    reader = _Reader(plan, machines)
    products = ijson.items_coro(sink(reader.product), "products.item")
    events = ijson.parse_coro(sink(reader.event))
    try:
        for chunk in chunks:
            products.send(chunk)
            events.send(chunk)
        products.close()
        events.close()
    except ijson.JSONError as error:
        reason = str(error).strip().splitlines()[0]
        raise PriceListError(f"the price list holds broken JSON: {reason}", where=url) from error
    if not reader.plans:
        expected = f"a product of {plan.family}, {TERM['purchaseTerm']}, {TERM['purchaseOption']}"
        raise changed(url, expected, "none")
    if not reader.found.hourly:
        raise changed(url, f"rates of {plan.family} for machines by their SKU", "none of them")
    return reader.found


class _Reader:
    """Keeps the plans that are wanted, and of their rates those of known machines."""

    def __init__(self, plan: Plan, machines: Mapping[str, Machine]) -> None:
        self.plan, self.machines = plan, machines
        self.plans: set[str] = set()
        self.found = Found()
        self.of = ""
        self.rate: dict[str, str] = {}

    def product(self, product: Any) -> None:
        attributes = product.get("attributes") if isinstance(product, dict) else None
        if not isinstance(attributes, dict) or product.get("productFamily") != self.plan.family:
            return
        if all(attributes.get(key) == value for key, value in TERM.items()):
            self.plans.add(str(product.get("sku")))

    def event(self, prefix: str, event: str, value: Any) -> None:
        """A part of the file as it comes by: the plan that rates belong to stands before them."""
        if prefix == "terms.savingsPlan.item.sku":
            self.of = str(value)
        elif self.of in self.plans and prefix.startswith(RATE):
            if event == "start_map" and prefix == RATE:
                self.rate = {}
            elif event == "end_map" and prefix == RATE:
                self._keep()
            elif event in ("string", "number"):
                self.rate[prefix.removeprefix(f"{RATE}.")] = str(value)

    def _keep(self) -> None:
        machine = self.machines.get(self.rate.get("discountedSku", ""))
        price, currency = (
            self.rate.get("discountedRate.price"),
            self.rate.get("discountedRate.currency", "USD"),
        )
        if machine is not None and price is not None and currency == "USD":
            self.found.add_hourly(machine.places[PURCHASE], float(price))
