"""A file of faults → faults, those built in as well; whatever is wrong in it is named with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path

from groma.answers import Severity
from groma.errors import InputError, WorkloadError
from groma.files import read_text
from groma.monitoring.cases.notation import NotationError, seconds
from groma.monitoring.cases.parts import Part
from groma.questions.drills.fault import (
    ALL,
    PROMISE_S,
    SPOT,
    Break,
    Cold,
    Crowd,
    Effect,
    Fail,
    Fault,
    Impatient,
    LoseHome,
    LoseRegion,
    LoseZone,
    Reads,
    Roll,
    Slow,
)
from groma.workload.lines import MOST_BYTES, parse_yaml

GUIDE = "docs/guides/faults.md shows every key"
OF_CLUSTER = "of a cluster"
KEYS = ("name", "what", "effects", "lasts", "told", "within", "if hurt", "because", "do", "at")
KEYS_OF_CLUSTER = ("what", "effects", "told", "within", "if hurt", "because", "do")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MOST_LASTS_S = 24 * 3600
MOST_TIMES = 1000.0


@cache
def built_in() -> tuple[Fault, ...]:
    """The faults that Groma knows, in their order."""
    text = resources.files(__package__).joinpath("faults.yaml").read_text(encoding="utf-8")
    return read(text, "faults.yaml")


def load(path: Path) -> tuple[Fault, ...]:
    """The faults of a file.

    Raises:
        InputError: it cannot be read, is not YAML, or says something that is not allowed.
    """
    return read(read_text(path, MOST_BYTES, GUIDE), str(path))


def read(text: str, source: str) -> tuple[Fault, ...]:
    """The faults of a text. Raises InputError."""
    try:
        stated, lines = parse_yaml(text, source, as_text=True, hint=GUIDE)
    except WorkloadError as error:
        raise InputError(error.what, where=error.where, hint=error.hint) from None
    whole = Part(source, lines, (), stated)
    whole.allow("faults")
    found: dict[str, Fault] = {}
    for part in whole.parts("faults"):
        fault = _fault(part)
        if fault.name in found:
            raise part.error(f"there are two faults {fault.name}", "name each once", "name")
        found[fault.name] = fault
    return tuple(found.values())


def _fault(part: Part) -> Fault:
    """A fault, with what it is where the database is a cluster: all but its name, length and hour anew."""
    part.allow(*KEYS, OF_CLUSTER)
    fault = _stated(part, part.read("name", _name), part.text("what"), part.read("lasts", _lasts))
    fault = replace(fault, at_s=part.read("at", _time) if part.has("at") else None)
    if not part.has(OF_CLUSTER):
        return fault
    other = part.part(OF_CLUSTER)
    other.allow(*KEYS_OF_CLUSTER)
    own = _stated(other, fault.name, other.text("what", fault.what), fault.lasts_s)
    effects = own.effects if other.has("effects") else fault.effects
    return replace(fault, of_cluster=replace(own, effects=effects, at_s=fault.at_s))


def _stated(part: Part, name: str, what: str, lasts_s: float) -> Fault:
    told: dict[str, Severity | None] = {"page": "page", "ticket": "ticket", "nobody": None}
    severity = told[part.one_of("told", tuple(told), "page")]
    within_s = part.read("within", seconds) if part.has("within") else PROMISE_S
    if (severity != "page" or within_s > PROMISE_S) and not part.text("because", ""):
        raise part.error(
            "who is told by less than a page within 5 minutes must be told why", "add `because:`"
        )
    return Fault(
        name=name,
        what=what,
        effects=tuple(map(_effect, part.parts("effects"))) if part.has("effects") else (),
        lasts_s=lasts_s,
        told=severity,
        within_s=within_s,
        if_hurt_s=part.read("if hurt", seconds, "0s"),
        because=part.text("because", ""),
        do=part.text("do", ""),
    )


def _effect(part: Part) -> Effect:
    kinds = [kind for kind in EFFECTS if part.has(kind)]
    if len(kinds) != 1:
        raise part.error("an effect is one of a kind", f"begin it with one of {', '.join(EFFECTS)}")
    allowed, make = EFFECTS[kinds[0]]
    part.allow(kinds[0], *allowed)
    return make(part)


def _break(part: Part) -> Effect:
    def optional(key: str) -> float | None:
        return part.read(key, seconds) if part.has(key) else None

    return Break(
        part.text("break"),
        part.read("servers", _places, "0"),
        optional("back"),
        optional("back without standby"),
    )


def _reads(part: Part) -> Effect:
    ramps = part.one_of("ramps", ("yes", "no"), "no") == "yes"
    return Reads(
        part.text("metric"),
        part.read("to", float),
        part.text("component", "*"),
        ramps,
        part.read("per server", float, "0"),
        part.read("samples", _whole) if part.has("samples") else None,
    )


def _fails(part: Part) -> Effect:
    if part.has("share") == part.has("burns"):
        raise part.error(
            "fails either a share, or so many times the error budget", "share: 0.2, or burns: 10"
        )
    if part.has("share"):
        return Fail(part.text("fail"), share=part.read("share", _share))
    return Fail(part.text("fail"), burns=part.read("burns", _times))


EFFECTS: Mapping[str, tuple[tuple[str, ...], Callable[[Part], Effect]]] = {
    "break": (("servers", "back", "back without standby"), _break),
    "zone": ((), lambda part: LoseZone(part.read("zone", _whole))),
    "region": ((), lambda part: part.read("region", _region)),
    "roll": (
        ("servers",),
        lambda part: Roll(part.text("roll"), part.read("servers", _whole) if part.has("servers") else None),
    ),
    "crowd": ((), lambda part: Crowd(part.read("crowd", _times))),
    "slow": (("times",), lambda part: Slow(part.text("slow"), part.read("times", _times))),
    "cold": ((), lambda part: Cold(part.text("cold"))),
    "impatient": (
        ("retries",),
        lambda part: Impatient(part.read("impatient", seconds), part.read("retries", _whole)),
    ),
    "fail": (("share", "burns"), _fails),
    "metric": (("to", "per server", "component", "ramps", "samples"), _reads),
    "stops": (("component",), lambda part: Reads(part.text("stops"), None, part.text("component", "*"))),
}
"""The key with which an effect begins, what it may say besides, and what is made of it."""


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise NotationError(f"{text!r} is no name of a fault", "write small letters and hyphens: cache-loss")
    return text


def _lasts(text: str) -> float:
    found = float(seconds(text))
    if not 60 <= found <= MOST_LASTS_S:
        raise NotationError(f"{text} is no length of a fault", "from 1m to 1d")
    return found


def _time(text: str) -> float:
    found = re.fullmatch(r"(\d\d?):(\d\d)", text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise NotationError(f"{text!r} is no time of day", "write 03:30 in quotes")
    return float(int(found[1]) * 3600 + int(found[2]) * 60)


def _places(text: str) -> tuple[int, ...]:
    """Numbers of servers, or which by a word."""
    if not text.strip():
        raise NotationError("no server is named", "servers: 0 1, or servers: all, or servers: spot")
    named = {"all": ALL, "spot": SPOT}
    return named[text] if text in named else tuple(_whole(each) for each in text.split())


def _whole(text: str) -> int:
    if not text.isdecimal() or int(text) > MOST_TIMES:
        raise NotationError(f"{text!r} is no whole number", "count from 0")
    return int(text)


def _region(text: str) -> Effect:
    if text == "home":
        return LoseHome()
    if not text.isdecimal():
        raise NotationError(
            f"{text!r} is no region", "count from 0: region: 1; or region: home, of a standby"
        )
    return LoseRegion(_whole(text))


def _times(text: str) -> float:
    found = float(text)
    if not 0 < found <= MOST_TIMES:
        raise NotationError(f"{text} is no factor", f"above 0, up to {MOST_TIMES:,.0f}")
    return found


def _share(text: str) -> float:
    found = float(text)
    if not 0 < found <= 1:
        raise NotationError(f"{text} is no share", "above 0, up to 1")
    return found
