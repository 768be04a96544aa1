"""What is known of a kind of application's load, to be read: all profiles, or one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from groma.words import Table, Words
from groma.workload.profiles import SECTIONS, profile, profiles


@dataclass(frozen=True)
class Profiles:
    """All profiles."""

    def words(self) -> Words:
        """One line each."""
        rows = tuple((name, str(profile(name)["summary"])) for name in profiles())
        return Words(
            tables=(Table("", ("profile", "of what"), rows),),
            lines=("one of them in full: groma profiles web-shop",),
        )

    def document(self) -> dict[str, Any]:
        """Name → what it is of."""
        return {name: profile(name)["summary"] for name in profiles()}


@dataclass(frozen=True)
class Profile:
    """One profile."""

    name: str

    def words(self) -> Words:
        """Its quantities and request classes. Raises InputError when there is none of that name."""
        known = profile(self.name)
        return Words(
            f"{self.name}: {known['summary']}",
            tables=(
                *(_quantities(known, section) for section in SECTIONS),
                _classes(known),
            ),
            lines=("a workload overrides any of them by name; ? marks what nobody has published",),
        )

    def document(self) -> dict[str, Any]:
        """As it stands in its file, complete."""
        return dict(profile(self.name))


def _quantities(known: Any, section: str) -> Table:
    rows = tuple(
        (
            key,
            _range(entry["range"]),
            f"{entry['unit']}; {'? ' if entry.get('guess') else ''}{entry['source']}"
            + (f" (as {entry['of']})" if "of" in entry else ""),
        )
        for key, entry in known[section].items()
    )
    return Table(section, ("quantity", "low–likely–high", "what, and from where"), rows)


def _classes(known: Any) -> Table:
    rows = tuple(
        (
            name,
            f"{each['share']:.0%}",
            _range(each["web_ms"]),
            _range(each["app_ms"]),
            f"{each['reads']:g} + {each['writes']:g} of {_range(each['query_ms'])} ms",
            str(each["source"]),
        )
        for name, each in known["requests"].items()
    )
    columns = ("class", "share", "web, ms", "app, ms", "reads + writes", "from where")
    return Table("requests", columns, rows, right=("share",))


def _range(value: Any) -> str:
    """A number, or low, likely and high."""
    return "–".join(f"{number:,g}" for number in value) if isinstance(value, tuple) else f"{value:,g}"
