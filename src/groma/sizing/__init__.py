"""Queueing laws, and the search for the cheapest sizes that meet the goals."""

from groma.sizing.search import Plan, at_load, size, why

__all__ = ["Plan", "at_load", "size", "why"]
