"""Queueing laws, and the search for the cheapest sizes that meet the goals."""

from groma.sizing.search import at_load, size, why

__all__ = ["at_load", "size", "why"]
