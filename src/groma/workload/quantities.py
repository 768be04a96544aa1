"""Quantities as a file states them: one number or `[low, likely, high]`, each kind with its bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from groma.catalog import fact
from groma.quantity import Range

LEAST, MOST = 1e-9, 1e12
"""Nothing that a workload states is nearer to 0 than the first, unless it is 0, or beyond the second.

Products and squares of several such numbers are still numbers. The most that is meant, ten billion users or a
minute in ms, lies far within.
"""


def _within_reason(value: float) -> float:
    if value and not LEAST <= abs(value) <= MOST:
        raise ValueError(f"must be 0 or between {LEAST:g} and {MOST:g}")
    return value


def _as_range(value: object) -> Range:
    if isinstance(value, Range):
        return value
    numbers: Sequence[Any] = value if isinstance(value, list | tuple) else [value]
    if len(numbers) not in (1, 3) or not all(_is_number(n) for n in numbers):
        raise ValueError("must be a number or [low, likely, high]")
    for number in numbers:
        _within_reason(number)
    low, likely, high = (float(numbers[0]), float(numbers[len(numbers) // 2]), float(numbers[-1]))
    if not low <= likely <= high:
        raise ValueError("must be in the order low <= likely <= high")
    return Range(low, likely, high)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")


def _above_zero(value: Range) -> Range:
    if value.low <= 0:
        raise ValueError("must be above 0")
    return value


def _at_least_zero(value: Range) -> Range:
    if value.low < 0:
        raise ValueError("must be 0 or more")
    return value


def _peak_of_an_hour(value: Range) -> Range:
    if not 1 <= value.low <= value.high <= 12:
        raise ValueError("must be between 1 and 12: an hour's load in five minutes is 12 times its mean")
    return value


def _peak_of_a_day(value: Range) -> Range:
    if not 1 <= value.low <= value.high <= 24:
        raise ValueError("must be between 1 and 24: a day's load in one hour is 24 times the mean")
    return value


def _share(value: Range) -> Range:
    if value.low < 0 or value.high > 1:
        raise ValueError("must be a share between 0 and 1")
    return value


def _somebody(value: Range) -> Range:
    if value.likely <= 0:
        raise ValueError("must be above 0, likely: where nobody is active there is nothing to design")
    return _share(value)


def _fits_a_message(value: Range) -> Range:
    most = fact("sns.message_kib").value
    if value.high > most:
        raise ValueError(f"must be at most {most:,.0f} KiB: posts are told to a topic, which takes no more")
    return _above_zero(value)


_QUANTITY_SCHEMA = WithJsonSchema(
    {
        "oneOf": [
            {"type": "number"},
            {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3},
        ],
        "description": "one number, or [low, likely, high]",
    }
)
Number = Annotated[float, AfterValidator(_within_reason)]
"""One number that is no range."""
Quantity = Annotated[Range, BeforeValidator(_as_range), AfterValidator(_at_least_zero), _QUANTITY_SCHEMA]
Positive = Annotated[Range, BeforeValidator(_as_range), AfterValidator(_above_zero), _QUANTITY_SCHEMA]
BurstRatio = Annotated[Range, BeforeValidator(_as_range), AfterValidator(_peak_of_an_hour), _QUANTITY_SCHEMA]
HourRatio = Annotated[Range, BeforeValidator(_as_range), AfterValidator(_peak_of_a_day), _QUANTITY_SCHEMA]
Message = Annotated[Range, BeforeValidator(_as_range), AfterValidator(_fits_a_message), _QUANTITY_SCHEMA]
SomeShare = Annotated[Range, BeforeValidator(_as_range), AfterValidator(_somebody), _QUANTITY_SCHEMA]
Share = Annotated[Range, BeforeValidator(_as_range), AfterValidator(_share), _QUANTITY_SCHEMA]
