"""Drift: resources that are not as they were provisioned, each with what was designed and what it is now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from groma.live.beside import added
from groma.live.target import Clients
from groma.live.terraform_cli import Terraform
from groma.words import abridged

PLAN_FILE = "drift.tfplan"
HIDDEN = "(sensitive)"


@dataclass(frozen=True)
class Attribute:
    """One attribute of a resource: as it was designed, and as it is now."""

    name: str
    designed: str
    now: str

    def __str__(self) -> str:
        return f"{self.name}: {self.designed} → {self.now}"


@dataclass(frozen=True)
class Drifted:
    """A resource that `up` would mend, by what it would do, and what was changed of it."""

    address: str
    action: str
    attributes: tuple[Attribute, ...] = ()

    def lines(self) -> Iterator[str]:
        """For people: the resource, then a line for each attribute, designed → now."""
        yield f"{self.address}: {self.action}"
        yield from (f"  {attribute}" for attribute in self.attributes)

    def document(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def drifted(terraform: Terraform, clients: Clients) -> tuple[Drifted, ...]:
    """All that is not as it was provisioned, and what was added beside it. Asks for every resource.

    What Terraform only notes, such as a list that AWS fills in, does not count.
    """
    file = Path(PLAN_FILE)
    try:
        planned = terraform.plan(save_as=file)
        rows = terraform.shown(file).get("resource_changes") or () if planned.changes else ()
    finally:
        (terraform.directory / file).unlink(missing_ok=True)
    found = {row["address"]: row["change"] for row in rows if row.get("mode") == "managed"}
    changed = (
        Drifted(each.address, each.action, tuple(_attributes(found.get(each.address, {}))))
        for each in planned.changes
    )
    beside = (Drifted(str(each), "delete") for each in added(terraform.state(), clients))
    return (*changed, *beside)


def _attributes(change: Mapping[str, Any]) -> Iterator[Attribute]:
    """What differs, of a resource that is changed in place: Terraform's plan leads from now to designed."""
    if change.get("actions") != ["update"]:
        return
    now, designed = change.get("before") or {}, change.get("after") or {}
    unknown = change.get("after_unknown") or {}
    hidden = [change.get(side) or {} for side in ("before_sensitive", "after_sensitive")]
    for name in designed:
        if unknown.get(name) is True or now.get(name) == designed[name]:
            continue
        if any(isinstance(side, Mapping) and _holds(side.get(name)) for side in hidden):
            yield Attribute(name, HIDDEN, HIDDEN)
        else:
            yield from _differences(name, designed[name], now.get(name))


def _holds(sensitive: object) -> bool:
    """Whether something is sensitive in what Terraform says of an attribute and of all that is in it."""
    if isinstance(sensitive, Mapping):
        return any(map(_holds, sensitive.values()))
    return any(map(_holds, sensitive)) if isinstance(sensitive, list) else sensitive is True


def _differences(name: str, designed: object, now: object) -> Iterator[Attribute]:
    """Two values, and of blocks and maps only the parts that differ: `metadata_options.http_tokens`."""
    parts = [value[0] if isinstance(value, list) and len(value) == 1 else value for value in (designed, now)]
    first, second = parts
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        for key in dict.fromkeys((*first, *second)):
            if first.get(key) != second.get(key):
                yield from _differences(f"{name}.{key}", first.get(key), second.get(key))
    else:
        yield Attribute(name, _short(designed), _short(now))


def _short(value: object) -> str:
    return "none" if value is None else abridged(value, 80, quoted=False)
