"""The servers call what they are given the right to, and need all of it."""

from __future__ import annotations

from typing import Any

import pytest
from world_region import Here

from chirp import world
from chirp.shipping.functions import IN_TABLE, IN_TIMELINES
from chirp.shipping.servers import REGIONAL_SERVERS

pytestmark = pytest.mark.slow


def test_what_the_servers_do_is_what_they_may(here: Here) -> None:
    used: set[tuple[str, str]] = set()

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        assert not params.get("IndexName")
        table = params.get("TableName", "") or "".join(params.get("RequestItems", ""))
        used.add((table, f"{model.service_model.signing_name}:{model.name}"))

    writer, follower = here.app.person("writer"), here.app.person("follower")
    clients = (here.cloud.store.client, here.cloud.clients["sns"])  # forms are signed without asking S3
    for client in clients:
        client.meta.events.register("provide-client-params.*.*", note)
    try:
        here.app.person("another")
        follower.follows(writer)
        key = writer.call("POST", "/api/pictures", {"content_type": "image/png", "bytes": 9}).content["key"]
        writer.says("look", picture=key)
        assert writer.all_texts() == ["look"]
        assert follower.call("DELETE", f"/api/following/{writer.handle}").status == 204
        assert here.host.standing()[0]
        here.host.announcer.stop()
    finally:
        for client in clients:
            client.meta.events.unregister("provide-client-params.*.*", note)
    allowed = {right.resource: right.actions for right in REGIONAL_SERVERS.rights}
    names = {IN_TABLE: here.cloud.store.name, IN_TIMELINES: here.cloud.timelines.name}
    granted = {(name, action) for where, name in names.items() for action in allowed[where]}
    assert used == granted | {("", "sns:PublishBatch")}
    assert all(f"`{action}`" in (world.__doc__ or "") for _, action in granted)
