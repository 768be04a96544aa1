"""What of a stack is still in the cloud after it was taken down, by asking the cloud itself.

A thing belongs to the stack when it carries the stack's tag, or when Terraform's state held a resource of its
kind with its name or id before the destroy. A name that merely begins like the stack's may be another
stack's, and a name that something of another kind has, such as a cache's user `application`, says nothing.

What AWS deletes, it goes on listing for a while; so what is found is looked for again before it is left over.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal, cast

import jmespath

from groma.components.quotas import GLOBAL_REGION
from groma.live.listed import argument, tags_of, things
from groma.live.target import Clients

ENDED = frozenset({"terminated", "shutting-down", "deleted", "deleting", "pendingdeletion", "retained"})
"""States of what is gone, or goes by itself: copies of backups that RDS retains until their days are over."""
IDENTIFYING = ("id", "name", "arn", "identifier", "bucket", "uuid", "url")
"""What a resource is known by; not `zone_id`, which of a record is that of a zone that may be anybody's."""

WITHIN_S, EVERY_S = 300.0, 15.0
"""How long AWS may go on listing what it has deleted, and how often it is asked meanwhile."""

NOWHERE: Mapping[str, frozenset[str]] = {}
"""A stack that has nothing beside its own regions."""
Names = frozenset[tuple[str, str]]
"""Types of Terraform's resources, each with a name or id."""
Reach = Literal["", "global", "edge", "beside"]
"""Where a kind is listed: in each region, in none of them, in each region and also for CloudFront, or
beside them, in other regions where the state had one: who takes other stacks down need not be allowed to
look there.
"""


@dataclass(frozen=True)
class Listing:
    """How the things of one kind are listed.

    Attributes:
        kind: what people call one.
        types: Terraform's resources that make one; none where only its tag tells whose it is.
        service, operation: of boto3.
        result, name: where in the answer the things stand, and in a thing its name, as JMESPath. Without
            `name` the operation lists bare names.
        reach: where it is asked.
        arguments: those that the operation needs.
    """

    kind: str
    types: frozenset[str]
    service: str
    operation: str
    result: str
    name: str
    reach: Reach
    arguments: Mapping[str, str | int | tuple[str, ...]]

    def regions(self, stack_regions: Sequence[str], beside: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
        """Where to ask for a stack of these regions, and what it had in others."""
        if self.reach == "beside":
            return tuple(region for region, kinds in beside.items() if kinds & self.types)
        own = () if self.reach == "global" else tuple(stack_regions)
        return tuple(dict.fromkeys((*own, *((GLOBAL_REGION,) if self.reach else ()))))


def _listing(row: Mapping[str, str]) -> Listing:
    pairs = (pair.split("=", 1) for pair in row["arguments"].split())
    return Listing(
        kind=row["kind"],
        types=frozenset(row["types"].split()),
        service=row["service"],
        operation=row["operation"],
        result=row["result"],
        name=row["name"],
        reach=cast(Reach, row["reach"]),
        arguments={key: _frozen(argument(value)) for key, value in pairs},
    )


def _frozen(value: str | int | list[str]) -> str | int | tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else value


LISTINGS = tuple(
    map(
        _listing,
        csv.DictReader((resources.files(__package__) / "listings.csv").read_text("utf-8").splitlines()),
    )
)


def left_over(
    stack: str,
    names: Names,
    regions: Sequence[str],
    clients: Clients,
    say: Callable[[str], None],
    beside: Mapping[str, frozenset[str]] = NOWHERE,
    *,
    within_s: float = WITHIN_S,
    now_s: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
) -> tuple[str, ...]:
    """What of a stack is still there when the cloud has had `within_s` to let go of it; see `leftovers`."""
    until_s = now_s() + within_s
    while (found := leftovers(stack, names, regions, clients, beside)) and now_s() < until_s:
        say(f"waiting until the cloud no longer lists {', '.join(found[:2])}")
        sleep(EVERY_S)
    return found


def leftovers(
    stack: str,
    names: Names,
    regions: Sequence[str],
    clients: Clients,
    beside: Mapping[str, frozenset[str]] = NOWHERE,
) -> tuple[str, ...]:
    """The kinds and names of everything that still belongs to a stack, instances included.

    Args:
        stack: the value of the Stack tag.
        names: what Terraform's state held before the destroy, see `names_in`.
        regions: where the stack stood, the home region first; things of the others are given with theirs.
        clients: how the cloud is asked.
        beside: other regions, each with the types of what the state held there.
    """
    asked = [(listing, region) for listing in LISTINGS for region in listing.regions(regions, beside)]
    with ThreadPoolExecutor(8) as pool:
        listed = list(pool.map(lambda ask: list(_listed(ask[0], ask[1], stack, names, clients)), asked))
    found = {
        _placed(name, region, listing.reach, regions[0])
        for (listing, region), names_found in zip(asked, listed, strict=True)
        for name in names_found
    }
    return tuple(sorted(found))


def _placed(name: str, region: str, reach: Reach, home: str) -> str:
    return name if reach == "global" or region == home else f"{name} in {region}"


def names_in(state: Mapping[str, Any]) -> Names:
    """The names, ids and ARNs of all managed resources in a state, as Terraform keeps it, by their types."""
    return frozenset(
        (resource["type"], name)
        for resource in state.get("resources", ())
        if resource["mode"] == "managed"
        for instance in resource["instances"]
        for key in IDENTIFYING
        if isinstance(name := (instance.get("attributes") or {}).get(key), str)
    )


def _listed(listing: Listing, region: str, stack: str, names: Names, clients: Clients) -> Iterator[str]:
    client = clients.client(listing.service, region)
    for thing in things(client, listing.operation, listing.result, listing.arguments):
        name = str(jmespath.search(listing.name or "@", thing)).removeprefix("/hostedzone/")
        details = thing if listing.name else {}
        is_known = any((kind, name) in names for kind in listing.types)
        is_ours = is_known or tags_of(details).get("Stack") == stack
        if is_ours and not _has_ended(details) and _stands(client, listing, name):
            yield f"{listing.kind} {name}"


def _stands(client: Any, listing: Listing, name: str) -> bool:
    """Whether what is listed by its name alone is still there: ECS lists clusters for days that are deleted,
    INACTIVE (https://github.com/gruntwork-io/cloud-nuke/pull/146, read 2026-11-29).
    """
    if (listing.service, listing.operation) != ("ecs", "list_clusters"):
        return True
    found = client.describe_clusters(clusters=[name]).get("clusters", ())
    return any(each["status"] != "INACTIVE" for each in found)


def _has_ended(thing: dict[str, Any]) -> bool:
    """Whether a thing is only still listed. Some services give a state as a word, some as an object."""
    words = jmespath.search("[State, Status, State.Name]", thing)
    return any(isinstance(word, str) and word.lower() in ENDED for word in words) or "DeletedDate" in thing
