"""Ask the cloud for what a plan would make: what is there already, and by which id Terraform imports it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from groma.components.quotas import GLOBAL_REGION
from groma.live.listed import things
from groma.live.settling.foreseen import Making
from groma.live.settling.identities import IDENTITIES, Identity, NotKnown
from groma.live.target import Clients

_AT_ONCE = 8
_REFUSALS = frozenset(
    {"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"}
)
"""How services say, with whatever status, that somebody is not allowed to ask."""


@dataclass
class Cloud:
    """What the cloud lists; each list is asked for once.

    Attributes:
        clients: how it is asked.
        account: whose.
        refused: calls that these credentials may not make, so that nothing is found by them.
    """

    clients: Clients
    account: str
    refused: set[str] = field(default_factory=set)
    _listed: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    def find(self, wanted: Iterable[Making]) -> Mapping[str, tuple[str, ...]]:
        """By address the ids of what is there, for those of the wanted of which enough is known by now."""
        makings = [each for each in wanted if each.type in IDENTITIES]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            ids = list(pool.map(self._ids, makings))
        return {making.address: found for making, found in zip(makings, ids, strict=True) if found}

    def _ids(self, making: Making) -> tuple[str, ...]:
        identity = IDENTITIES[making.type]
        planned = {**making.planned, "account": self.account}
        try:
            things = self._things(identity, making.region or GLOBAL_REGION, identity.asked(planned))
            found = (identity.import_id(thing, planned) for thing in things if identity.is_of(thing, planned))
            return tuple(dict.fromkeys(found))
        except NotKnown:
            return ()

    def _things(self, identity: Identity, region: str, arguments: Mapping[str, Any]) -> tuple[Any, ...]:
        asked = json.dumps([identity.service, identity.operation, identity.result, region, arguments])
        if asked not in self._listed:
            self._listed[asked] = self._list(identity, region, arguments)
        return self._listed[asked]

    def _list(self, identity: Identity, region: str, arguments: Mapping[str, Any]) -> tuple[Any, ...]:
        from botocore.exceptions import ClientError

        client = self.clients.client(identity.service, region)
        try:
            return tuple(things(client, identity.operation, identity.result, arguments))
        except ClientError as error:
            code, status = (
                error.response["Error"]["Code"],
                error.response["ResponseMetadata"]["HTTPStatusCode"],
            )
            if status == 403 or code in _REFUSALS:
                self.refused.add(f"{identity.service}:{identity.operation}")
            elif status not in (400, 404) or not arguments or "Throttl" in code:
                raise
            return ()  # what it would belong to is not there
