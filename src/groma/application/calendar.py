"""When a command is due: cron and rate expressions, as systemd writes calendars. All times are UTC."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_RATE = re.compile(r"rate\(([1-9][0-9]{0,3}) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\((.*)\)")
_PART = re.compile(r"(?:(\*)|(\w+)(?:-(\w+))?)(?:/([0-9]+))?")
_WHOLE = {"minute": 60, "hour": 24, "day": 1}
HOW = "write five fields of cron (0 3 * * *), cron(0 3 * * ? *) or rate(15 minutes), in UTC"


@dataclass(frozen=True)
class _Field:
    """A field of cron: its name, its bounds, and names for its values from the lower bound on."""

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()

    def number(self, word: str) -> int:
        named = {name.lower(): self.least + at for at, name in enumerate(self.names)}
        value = named.get(word.lower()[:3] if self.names and word.isalpha() else word)
        value = int(word) if value is None and word.isdigit() else value
        if value is None or not self.least <= value <= self.most:
            raise ValueError(f"has {word!r} for its {self.name}, which is {self.least} to {self.most}; {HOW}")
        return value


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, MONTHS),
)
_WEEKDAY, _WEEKDAY_OF_AWS = _Field("weekday", 0, 7, DAYS), _Field("weekday", 1, 7, DAYS)


def calendar_of(expression: str) -> str:
    """The calendar of systemd that means the same (systemd.time(7)).

    >>> calendar_of("30 3 * * mon-fri")
    'Mon..Fri *-*-* 3:30:00 UTC'

    Raises:
        ValueError: it is none, or means what systemd has no words for.
    """
    if found := _RATE.fullmatch(expression):
        return _of_rate(int(found[1]), found[2])
    of_aws = _CRON.fullmatch(expression)
    fields = (of_aws[1] if of_aws else expression).split()
    if of_aws and len(fields) == 6 and fields.pop() not in ("*", "?"):
        raise ValueError(f"names a year: leave it to *; {HOW}")
    if len(fields) != 5:
        raise ValueError(f"is no time that is due again and again: {HOW}")
    minute, hour, day, month = (
        _translated(text, field) for text, field in zip(fields[:4], _FIELDS, strict=True)
    )
    weekday = _weekdays(fields[4], _WEEKDAY_OF_AWS if of_aws else _WEEKDAY)
    if weekday and day != "*":
        raise ValueError("names both days of the month and weekdays: leave one to *")
    return f"{weekday}*-{month}-{day} {hour}:{minute}:00 UTC"


def _of_rate(number: int, unit: str) -> str:
    if _WHOLE[unit] % number:
        allowed = ", ".join(str(n) for n in range(1, _WHOLE[unit] + 1) if _WHOLE[unit] % n == 0)
        raise ValueError(f"comes at no fixed times: of {unit}s say {allowed}, or {HOW.partition(' or ')[0]}")
    due: Mapping[str, str] = {
        "minute": f"*-*-* *:0/{number}:00 UTC",
        "hour": f"*-*-* 0/{number}:0:00 UTC",
        "day": "*-*-* 0:0:00 UTC",
    }
    return due[unit]


def _translated(text: str, field: _Field) -> str:
    """`*/15` → `0/15`, `1-5` → `1..5`."""
    found = []
    for part in text.split(","):
        match = _PART.fullmatch("*" if part == "?" else part)
        if match is None:
            raise ValueError(f"has {part!r} for its {field.name}: {HOW}")
        every, first, last, step = match.groups()
        if step is not None and not 1 <= int(step) <= field.most:
            raise ValueError(f"has {part!r} for its {field.name}, a step out of bounds: {HOW}")
        if every:
            found.append("*" if step is None else f"{field.least}/{int(step)}")
            continue
        numbers = [field.number(word) for word in (first, last) if word is not None]
        if numbers != sorted(numbers):
            raise ValueError(f"has {part!r} for its {field.name}, which ends before it begins")
        found.append("..".join(map(str, numbers)) + (f"/{int(step)}" if step else ""))
    return "*" if "*" in found else ",".join(found)


def _weekdays(text: str, field: _Field) -> str:
    """`1-5` → `Mon..Fri `; nothing for every day."""
    translated = _translated(text, field)
    if translated == "*":
        return ""
    if "/" in translated:
        raise ValueError(f"has {text!r} for its weekday: name the days; {HOW}")
    shift = field.least
    return re.sub(r"\d+", lambda found: DAYS[(int(found[0]) - shift) % 7], translated) + " "
