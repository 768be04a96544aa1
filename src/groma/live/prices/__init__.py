"""Prices read afresh from AWS's public price list into the user's cache, and what the prices in use cover.

    figures.py   what a product of the list is in the catalog
    machines.py  EC2, databases and caches
    offers.py    all offers that are read, and what none of them tells
    plans.py     savings plans, for the machines of the offers
    stream.py    one file of the list, read as it arrives
    refresh.py   all of them, and the files that are written
    coverage.py  region by service: dates, and what is unknown

The list needs no credentials; what it says of a product is AWS's word for it.
"""

from groma.live.prices.coverage import Coverage, coverage
from groma.live.prices.refresh import PRICE_LIST_URL, Refresh, refresh
from groma.live.prices.stream import PriceListError

__all__ = ["PRICE_LIST_URL", "Coverage", "PriceListError", "Refresh", "coverage", "refresh"]
