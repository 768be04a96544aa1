"""One's own prices, laid over the catalog's while they are in use.

Whoever designs or bills says whose prices hold, ``with own_prices(book)``; everything that is asked for a
price inside then answers by the book. What is kept of answers is kept for each book by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar

from groma.catalog._store import memo
from groma.terms import NO_BOOK, OwnPrice, PriceBook

P = ParamSpec("P")
T = TypeVar("T")

_book: ContextVar[PriceBook] = ContextVar("price book", default=NO_BOOK)


class _Price(Protocol):
    """What a book may change: a price by the hour."""

    @property
    def usd(self) -> float: ...
    @property
    def source(self) -> str: ...


@contextmanager
def own_prices(book: PriceBook) -> Iterator[None]:
    """Prices inside are those of the book, and the catalog's where it has none."""
    before = _book.set(book)
    try:
        yield
    finally:
        _book.reset(before)


def memo_of_prices(function: Callable[P, T]) -> Callable[P, T]:
    """As ``memo``, for what depends on prices: answers are kept for each price book by itself."""

    kept_without = memo(function)

    @memo
    def kept(book: PriceBook, *args: P.args, **kwargs: P.kwargs) -> T:
        return function(*args, **kwargs)

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        book = _book.get()
        return kept_without(*args, **kwargs) if not book.name else kept(book, *args, **kwargs)

    return asked


def own(service: str, key: str, region: str, purchase: str = "on-demand") -> OwnPrice | None:
    """The row of the book in use that holds for a price; None where it has none."""
    return _book.get().of(service, key, region, purchase)


def said(row: OwnPrice, source: str) -> str:
    """Where a price of one's own comes from."""
    book = f"price book {_book.get().name}, line {row.line}"
    return book if row.discount is None else f"{row.discount * 100:g} % off by {book}: {source}"
