"""What a bill is for: which month, how its machines are bought, at whose prices, and what more money buys."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from typing import Literal, get_args

from groma.errors import InputError

Buying = Literal["on-demand", "reserved-1y", "reserved-3y", "mixed", "savings-plan-1y"]
"""How machines are bought. `mixed`: what runs in most hours reserved for one year, or under a savings plan
where that is cheaper, the rest on demand; `savings-plan-1y`: the same under savings plans alone."""

Aspect = Literal["availability", "headroom", "latency", "recovery", "observability", "security"]
"""What money can make better beyond the goals."""
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
BUYINGS: tuple[Buying, ...] = get_args(Buying)
CALCULATOR_HOURS = 730
SHORTEST_HOURS, LONGEST_HOURS = 28 * 24, 31 * 24


@dataclass(frozen=True, slots=True)
class Month:
    """The hours that are billed. AWS bills by UTC, so that a calendar month has 24 hours on every day.

    Hours are paid as they come. Volumes (bytes, requests) are known for a month of 730 hours and go with the
    days. What is paid by the month (storage, keys, alarms) costs the same in every month.
    """

    hours: int = CALCULATOR_HOURS
    name: str = "a month of 730 hours"

    @property
    def share(self) -> float:
        """Of the volumes of a month of 730 hours."""
        return self.hours / CALCULATOR_HOURS

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `730h` or a calendar month such as `2026-11`.

        Raises:
            InputError: it is neither, or no month has that many hours.
        """
        if match := re.fullmatch(r"(\d{1,4})h", text):
            hours = int(match[1])
            if SHORTEST_HOURS <= hours <= LONGEST_HOURS:
                return cls(hours, f"a month of {hours} hours")
        elif match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text):
            year, month = int(match[1]), int(match[2])
            if year:
                hours = 24 * calendar.monthrange(year, month)[1]
                return cls(hours, f"{calendar.month_name[month]} {year}, {hours} hours")
        raise InputError(
            f"{text!r} is no month",
            where="--month",
            hint=f"write 730h ({SHORTEST_HOURS}h to {LONGEST_HOURS}h) or a calendar month such as 2026-11",
        )


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """A row of a price book, for a service or one key of it, in a region or, when that is empty, in all.

    `key` is that of a unit (`hour`) or a machine's name (`m7g.large`), and empty for the whole service.
    Either `discount`, a share that is taken off the catalog's price, or `usd`, which stands in its place.
    `purchase` is the way to buy machines that it is for: of a discount all when it is empty.
    """

    service: str
    key: str
    region: str
    purchase: str
    discount: float | None
    usd: float | None
    line: int
    as_of: str


@dataclass(frozen=True, slots=True)
class Currency:
    """What amounts are shown in: `rate` is how much of it a dollar is, on the day `as_of`."""

    code: str = "USD"
    rate: float = 1.0
    as_of: str = ""

    @property
    def sign(self) -> str:
        """What stands before an amount."""
        return "$" if self.code == "USD" else f"{self.code} "

    def of(self, usd: float) -> float:
        """An amount of dollars in this currency."""
        return usd * self.rate

    @property
    def told(self) -> str:
        """The rate in words; empty for dollars."""
        return "" if self.code == "USD" else f"1 USD = {self.rate:g} {self.code} on {self.as_of}"


DOLLARS = Currency()


@dataclass(frozen=True, slots=True)
class PriceBook:
    """One's own prices, which go before the catalog's; `name` is that of the file, empty for none."""

    name: str = ""
    prices: tuple[OwnPrice, ...] = ()
    currencies: tuple[Currency, ...] = ()

    def __hash__(self) -> int:
        """Of little, since every price that is looked up is kept by its book."""
        return hash((self.name, len(self.prices)))

    def of(self, service: str, key: str, region: str, purchase: str = "on-demand") -> OwnPrice | None:
        """The row that holds: of a key before that of its service, of a region before that of all."""
        fit = (
            each
            for each in self.prices
            if each.service == service
            and each.key in ("", key)
            and each.region in ("", region)
            and each.purchase in ("", purchase)
        )
        return max(
            fit, key=lambda each: (each.key != "", each.region != "", each.purchase != ""), default=None
        )

    def currency(self, code: str) -> Currency:
        """The currency of that code.

        Raises:
            InputError: the book has no rate for it.
        """
        if code == DOLLARS.code:
            return DOLLARS
        found = next((each for each in self.currencies if each.code == code), None)
        if found is not None:
            return found
        where = f"add a line to {self.name}" if self.name else "name a price_book in the workload file, with"
        raise InputError(
            f"there is no rate for {code!r}",
            where="--currency",
            hint=f"{where}: rate,{code if code.isalpha() else 'EUR'},,,,0.9,2026-11-01",
        )


NO_BOOK = PriceBook()


@dataclass(frozen=True, slots=True)
class Terms:
    """The month that is billed, how machines are bought, and whether what AWS gives for ever is taken off.

    Attributes:
        free_tier: whether the account has its free allowances left; one that uses them up elsewhere has not.
        book: one's own prices.
        currency: what amounts are shown in; they are reckoned in dollars.
    """

    month: Month = Month()
    purchase: Buying = "on-demand"
    free_tier: bool = True
    book: PriceBook = NO_BOOK
    currency: Currency = DOLLARS


USUAL_TERMS = Terms()
"""A month of 730 hours, on demand."""
