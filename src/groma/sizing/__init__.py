"""Queueing laws, and the search for the cheapest sizes that meet the goals."""

from groma.sizing.search import Plan, size

__all__ = ["Plan", "size"]
