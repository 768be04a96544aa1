"""From a quantity and a price of the catalog to a line of the bill."""

from __future__ import annotations

from groma import catalog
from groma.answers import BillLine
from groma.quantity import Range

MONTH_HOURS = 730


def hourly(component: str, item: str, machines: Range | float, price: catalog.Price | None) -> BillLine:
    """A line for machines that are paid by the hour, on average `machines` of them."""
    hours = machines * MONTH_HOURS if isinstance(machines, Range) else Range.exactly(machines * MONTH_HOURS)
    if price is None:
        return _unknown(component, item, hours, "hour")
    return BillLine(component, item, hours, "hour", price.usd, hours * price.usd, price.source, price.as_of)


def metered(
    component: str, item: str, quantity: Range | float, service: str, key: str, region: str, note: str = ""
) -> BillLine:
    """A line for what is paid by quantity a month, through the tiers of its price."""
    amount = quantity if isinstance(quantity, Range) else Range.exactly(quantity)
    price = catalog.unit_price(service, key, region)
    if price is None or not price.covers(amount.high):
        unit = price.unit if price else _unit_of(service, key)
        return _unknown(component, item, amount, unit, note)
    monthly = amount.map(price.cost)
    average = monthly.likely / amount.likely if amount.likely else price.marginal(0)
    return BillLine(component, item, amount, price.unit, average, monthly, price.source, price.as_of, note)


def _unit_of(service: str, key: str) -> str:
    return next((unit for s, k, unit in catalog.unit_keys() if (s, k) == (service, key)), "unit")


def _unknown(component: str, item: str, quantity: Range, unit: str, note: str = "") -> BillLine:
    return BillLine(component, item, quantity, unit, None, None, "no price in the catalog", "", note)
