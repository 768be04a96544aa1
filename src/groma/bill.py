"""architecture → bill: what it costs a month, line by line."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from groma.answers import BillLine
from groma.architecture import Architecture, Finding
from groma.catalog import own_prices, unit_price
from groma.components.pricing import ADVICE, NO_ALLOWANCE, charged
from groma.quantity import ZERO, Range
from groma.terms import DOLLARS, NO_BOOK, Currency, PriceBook
from groma.words import Table, price_of

Meter = tuple[str, str, str]
"""Service, key and region of a price."""
FREE_BY_REGION = frozenset({"dynamodb"})
"""Services whose allowance AWS gives in every region anew
(https://aws.amazon.com/dynamodb/pricing/on-demand/, free tier "per-Region, per-payer account", 2026)."""
SHARED = {
    ("lambda", "requests_arm"): ("lambda", "requests"),
    ("lambda", "gb_second_arm"): ("lambda", "gb_second_x86"),
}
"""Prices that share one allowance: Lambda's is for functions on both processors together
(https://aws.amazon.com/lambda/pricing/, free tier, 2026)."""

OTHER_COLUMNS = ("currency", "per_usd", "monthly", "low", "high")
"""What else a bill in another currency than dollars has."""
COLUMNS = (
    *("component", "item", "quantity", "unit", "unit_usd", "monthly_usd", "low_usd", "high_usd"),
    *("source", "as_of", "note", "group"),
)
NUMBERS = ("quantity", "$/month")
GROUPS = ("edge", "public", "application", "data", "asynchronous", "operations")
"""The parts of a design, as they are drawn from the users inwards."""
SMALL_USD = 0.5
"""Lines below this are told together."""
CENT_USD = 0.01
UNKNOWN = "Unknown prices come on top: `groma prices refresh` reads AWS's price list; until then at least."


@dataclass(frozen=True)
class Bill:
    """A list of lines, in dollars. Lines without a price are unknown: the total is then "at least".

    `book` is the price book that some lines may be priced by, `currency` what amounts are shown in.
    """

    lines: tuple[BillLine, ...]
    book: PriceBook = NO_BOOK
    currency: Currency = DOLLARS

    @cached_property
    def monthly_usd(self) -> Range:
        """The sum of all lines whose price is known."""
        low = likely = high = 0.0
        for line in self.lines:
            if line.monthly_usd is not None:
                usd = line.monthly_usd
                low, likely, high = low + usd.low, likely + usd.likely, high + usd.high
        return Range.around(low, likely, high)

    @property
    def unknown(self) -> tuple[BillLine, ...]:
        """The lines whose price is not in the catalog."""
        return tuple(line for line in self.lines if line.monthly_usd is None)

    def of(self, component: str) -> float:
        """What one component costs a month, likely."""
        lines = (line for line in self.lines if line.component == component)
        return sum(line.monthly_usd.likely for line in lines if line.monthly_usd is not None)

    def to_csv(self) -> str:
        """The bill as a table, one line each, unknown prices left empty."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        other = self.currency != DOLLARS
        writer.writerow([*COLUMNS, *(OTHER_COLUMNS if other else ())])
        for line in self.lines:
            monthly = line.monthly_usd
            cases = () if monthly is None else (monthly.likely, monthly.low, monthly.high)
            usd = [f"{value:.2f}" for value in cases] or [""] * 3
            unit_usd = "" if line.unit_usd is None else f"{line.unit_usd:.10g}"
            quantity = f"{line.quantity.likely:.10g}"
            row = [_cell(line.component), _cell(line.item), quantity, _cell(line.unit), unit_usd, *usd]
            shown = [f"{self.currency.of(value):.2f}" for value in cases] or [""] * 3
            more = [self.currency.code, f"{self.currency.rate:g}", *shown] if other else []
            writer.writerow([*row, *map(_cell, (line.source, line.as_of, line.note, line.group)), *more])
        return text.getvalue()

    @property
    def groups(self) -> tuple[Group, ...]:
        """What each part of the design costs, in the order of the lines."""
        found: dict[str, list[BillLine]] = {}
        for line in self.lines:
            found.setdefault(line.group, []).append(line)
        return tuple(Group(name, tuple(lines)) for name, lines in found.items())

    @property
    def total(self) -> str:
        """The likely total for people, in the currency that it is shown in: `at least $1,224.06`."""
        return f"{self.least}{self.currency.sign}{self.currency.of(self.monthly_usd.likely):,.2f}"

    @property
    def least(self) -> str:
        """What stands before a total to which unknown prices come: `at least `; else nothing."""
        return "at least " if self.unknown else ""

    def table(self, regions: Sequence[str]) -> Table:
        """The bill for people: elements that stand in every region added up, and small lines together.

        Each part of the design begins with what it costs as a whole, its dearest lines come first.
        """
        currency, head = self.currency, NUMBERS[1].replace("$", self.currency.sign.strip())
        rows: list[tuple[str, ...]] = []
        bold: list[int] = []
        for group in self.groups:
            bold.append(len(rows))
            rows.append((group.name or "all", "", "", "", group.shown(currency)))
            rows += _rows(together(group.lines, regions), currency)
        rows.append(("total", "", "", "", self.total.replace(currency.sign, "")))
        added = "Elements that stand in every region are added up; bill.csv and --json have each by itself."
        notes = dict.fromkeys(f"{each.component}: {each.note}" for each in self.lines if ADVICE in each.note)
        advice = dict.fromkeys(_of_every_region(note, regions) for note in notes)
        unknown = [UNKNOWN] if self.unknown else []
        return Table(
            "Bill",
            ("component", "item", NUMBERS[0], "unit price", head),
            tuple(rows),
            right=(NUMBERS[0], head),
            bold=(*bold, len(rows) - 1),
            notes=(*([added] if len(regions) > 1 else []), *unknown, *self.told, *advice),
        )

    @property
    def told(self) -> tuple[str, ...]:
        """By whose prices and in which currency, in words; nothing for the catalog's in dollars."""
        by_book = sum(f"price book {self.book.name}, line " in line.source for line in self.lines)
        prices = f"Own prices of {self.book.name} in {by_book} of {len(self.lines)} lines; the rest: catalog."
        return (
            *([prices] if self.book.name else []),
            *([f"{self.currency.told}; reckoned in USD."] if self.currency.told else []),
        )

    def document(self) -> dict[str, Any]:
        """The bill as plain values, every line by itself."""
        total = self.monthly_usd
        return {
            "monthly_usd": round(total.likely, 2),
            "monthly_usd_low": round(total.low, 2),
            "monthly_usd_high": round(total.high, 2),
            "at_least": bool(self.unknown),
            "groups": {group.name: round(group.usd, 2) for group in self.groups},
            "lines": [_values(line) for line in self.lines],
            "unknown": [f"{line.component}: {line.item}" for line in self.unknown],
            "price_book": self.book.name or None,
            "currency": self._in_currency(),
        }

    def _in_currency(self) -> dict[str, Any]:
        """The total in the currency that is asked for, with its rate and day."""
        currency, total = self.currency, self.monthly_usd
        return {
            **asdict(currency),
            "monthly": round(currency.of(total.likely), 2),
            "monthly_low": round(currency.of(total.low), 2),
            "monthly_high": round(currency.of(total.high), 2),
        }


@dataclass(frozen=True)
class Group:
    """The lines of one part of a design."""

    name: str
    lines: tuple[BillLine, ...]

    @property
    def usd(self) -> float:
        """The likely sum of what is known."""
        return sum(line.monthly_usd.likely for line in self.lines if line.monthly_usd is not None)

    def shown(self, currency: Currency) -> str:
        """The same for people, without a sign: at least, where a price is unknown."""
        least = "at least " if any(line.monthly_usd is None for line in self.lines) else ""
        return f"{least}{currency.of(self.usd):,.2f}"


def _rows(lines: Sequence[BillLine], currency: Currency) -> list[tuple[str, ...]]:
    """The lines of a group, the small ones in one row and those that cost nothing only counted."""
    small = [line for line in lines if line.monthly_usd and line.monthly_usd.likely < SMALL_USD]
    rows = [_row(line, currency) for line in lines if line not in small]
    paid = [line for line in small if line.monthly_usd and line.monthly_usd.likely >= CENT_USD / 2]
    nothing = len(small) - len(paid)
    rest = sum(line.monthly_usd.likely for line in small if line.monthly_usd)
    most = f"{currency.sign}{currency.of(SMALL_USD):.2f}"
    texts = [f"{len(paid)} below {most} each"] if paid else []
    texts += [f"{nothing} at {currency.sign}0.00"] if nothing else []
    return [*rows, ("", ", ".join(texts), "", "", f"{currency.of(rest):,.2f}")] if texts else rows


def _row(line: BillLine, currency: Currency) -> tuple[str, ...]:
    return (
        line.component,
        line.item,
        f"{line.quantity.likely:,.0f}",
        "unknown"
        if line.unit_usd is None
        else price_of(currency.of(line.unit_usd), line.unit, currency.sign),
        "unknown" if line.monthly_usd is None else f"{currency.of(line.monthly_usd.likely):,.2f}",
    )


def _of_every_region(note: str, regions: Sequence[str]) -> str:
    scope, _, short = note.partition("/")
    return short if scope in regions else note


def _in_order(lines: Iterable[BillLine]) -> tuple[BillLine, ...]:
    """By the part of the design, and in it the dearest first; what nobody knows might be dearer."""

    def place(line: BillLine) -> tuple[int, float]:
        usd = math.inf if line.monthly_usd is None else line.monthly_usd.likely
        return GROUPS.index(line.group) if line.group in GROUPS else len(GROUPS), -usd

    return tuple(sorted(lines, key=place))


def _values(line: BillLine) -> dict[str, Any]:
    """A line with its likely quantity and cost, and the ranges of both behind everything else."""
    usd = line.monthly_usd
    return {
        **asdict(line),
        "quantity": line.quantity.likely,
        "monthly_usd": None if usd is None else usd.likely,
        "quantity_range": asdict(line.quantity),
        "monthly_usd_range": None if usd is None else asdict(usd),
    }


def together(lines: Sequence[BillLine], regions: Sequence[str]) -> list[BillLine]:
    """The lines of all regions, those of the same element and item added up; unknown prices stay apart."""
    found: dict[tuple[object, ...], BillLine] = {}
    for line in lines:
        scope, _, short = line.component.partition("/")
        if scope not in regions or not short:
            found[line.component, line.item, len(found)] = line
            continue
        key = (short, line.item, line.unit, line.monthly_usd is None)
        before = found.get(key)
        found[key] = replace(line, component=short) if before is None else _sum(before, line)
    return list(found.values())


def _sum(first: BillLine, second: BillLine) -> BillLine:
    """Two lines of one unit; the price of a unit is then that of all of them on average."""
    quantity = first.quantity + second.quantity
    if first.monthly_usd is None or second.monthly_usd is None:
        return replace(first, quantity=quantity)
    usd = first.monthly_usd + second.monthly_usd
    unit = usd.likely / quantity.likely if quantity.likely else first.unit_usd
    return replace(first, quantity=quantity, monthly_usd=usd, unit_usd=unit)


def bill(architecture: Architecture) -> Bill:
    """The bill of an architecture: the lines of all its components, part by part, the dearest first.

    Lines of one meter fill its tiers together, earlier components first, since an account pays by the whole.
    Tiers are those of a region, a free allowance is that of the account: of several regions the first to
    have lines uses it, and leaves to the others what it does not need. An account that uses its allowances up
    elsewhere has none. Prices are those of the terms' price book, where it has them.
    """
    terms = architecture.terms
    with own_prices(terms.book):
        return Bill(_in_order(_charged(architecture)), terms.book, terms.currency)


def _charged(architecture: Architecture) -> tuple[BillLine, ...]:
    unpriced = tuple(_lines(architecture))
    free = _allowances(unpriced) if architecture.terms.free_tier else _nothing(unpriced)
    used: dict[Meter, Range] = {}
    lines = []
    for line in unpriced:
        if line.meter is not None:
            before = used.get(line.meter, ZERO)
            used[line.meter] = before + line.quantity
            price = unit_price(*line.meter)
            if price and (before.high or line.meter in free):
                line = charged(line, price, before, free.get(line.meter))
        lines.append(line)
    return tuple(lines)


def _nothing(lines: Iterable[BillLine]) -> dict[Meter, Sequence[float]]:
    return {line.meter: NO_ALLOWANCE for line in lines if line.meter is not None}


def _allowances(lines: Iterable[BillLine]) -> dict[Meter, Sequence[float]]:
    """What each region has of the account's free allowance, low, likely and high, where several share one."""
    wanted: dict[tuple[str, str], dict[Meter, Range]] = {}
    for line in lines:
        if line.meter is not None and line.meter[0] not in FREE_BY_REGION:
            meters = wanted.setdefault(SHARED.get(line.meter[:2], line.meter[:2]), {})
            meters[line.meter] = meters.get(line.meter, ZERO) + line.quantity
    found: dict[Meter, Sequence[float]] = {}
    for meters in wanted.values():
        prices = [price for meter in meters if (price := unit_price(*meter))]
        if len(meters) < 2 or not any(price.free_quantity for price in prices):
            continue
        left = [max(price.free_quantity for price in prices)] * 3
        for meter, quantity in meters.items():
            own = (quantity.low, quantity.likely, quantity.high)
            found[meter] = [min(room, need) for room, need in zip(left, own, strict=True)]
            left = [room - taken for room, taken in zip(left, found[meter], strict=True)]
    return found


def _lines(architecture: Architecture) -> Iterator[BillLine]:
    for part in architecture.parts:
        for component in part.architecture.components:
            for line in component.bill(part.architecture):
                whole = part.whole(line.component)
                yield line if whole == line.component else line.of(whole)


def within_budget(priced: Bill, budget_usd_per_month: float) -> Finding:
    """Whether a bill stays within the budget that the workload states."""
    least, usd = priced.least, priced.monthly_usd
    return Finding(
        id="budget",
        what="the bill stays within the budget",
        expected=f"at most ${budget_usd_per_month:,.2f} a month",
        actual=f"{least}${usd.likely:,.2f} a month (${usd.low:,.0f} to ${usd.high:,.0f})",
        ok=usd.likely <= budget_usd_per_month,
        hint="no design that meets the goals costs less: raise budget_usd_per_month or lower the goals",
    )


def _cell(text: str) -> str:
    """A text of a CSV file that no spreadsheet takes for a formula (OWASP, "CSV Injection")."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
