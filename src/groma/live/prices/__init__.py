"""Prices read afresh from AWS's public price list into the user's cache."""

from groma.live.prices.refresh import PRICE_LIST_URL, Refresh, refresh
from groma.live.prices.stream import PriceListError

__all__ = ["PRICE_LIST_URL", "PriceListError", "Refresh", "refresh"]
