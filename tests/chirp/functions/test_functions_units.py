"""What the functions ask of the table, in read units, is what the profile prices."""

from __future__ import annotations

import math
from typing import Any

import pytest
from behaviour import App
from functions_cloud import Cloud

from chirp.functions.names import CONSISTENT
from chirp.shipping.functions import TABLE
from groma.workload.profiles import profile

READ_BYTES = 4096
PAGE = 20


class Counting:
    """A client of DynamoDB that counts the read units of what it answers."""

    def __init__(self, client: Any) -> None:
        self._client, self.units, self.consistent = client, 0.0, set[bool]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def _count(self, sizes: list[int], consistent: bool) -> None:
        self.consistent.add(consistent)
        self.units += sum(max(1, math.ceil(size / READ_BYTES)) for size in sizes) * (1 if consistent else 0.5)

    def query(self, **call: Any) -> Any:
        answer = self._client.query(**call)
        if "IndexName" not in call:
            self._count([sum(map(size, answer["Items"]))], call["ConsistentRead"])
        return answer

    def get_item(self, **call: Any) -> Any:
        answer = self._client.get_item(**call)
        self._count([size(answer.get("Item", {}))], call["ConsistentRead"])
        return answer

    def batch_get_item(self, **call: Any) -> Any:
        answer = self._client.batch_get_item(**call)
        for name, items in answer["Responses"].items():
            self._count([size(item) for item in items], call["RequestItems"][name]["ConsistentRead"])
        return answer


def size(item: dict[str, Any]) -> int:
    """Bytes of names and values, as DynamoDB counts texts."""
    return sum(len(name) + len(str(value).encode()) for name, value in item.items())


@pytest.fixture
def counting(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Counting:
    counting = Counting(cloud.store.client)
    object.__setattr__(cloud.store, "client", counting)
    return counting


@pytest.mark.parametrize(
    ("kind", "path"), [("home_timeline", "/api/timeline"), ("user_timeline", "/api/users/{}/posts")]
)
def test_a_page_takes_the_read_units_that_are_priced(
    kind: str, path: str, app: App, cloud: Cloud, counting: Counting
) -> None:
    """A full page of posts as large as the profile says; the state of a picture among them is a unit more."""
    writer = app.person("writer")
    for _ in range(PAGE + 2):
        writer.says("é" * 280)
    (largest, *_) = cloud.store.newest(f"posts#{writer.handle}", None, 1)
    low, _, high = profile("social-media")["load"]["item_kib"]["range"]
    assert low * 1024 < size(largest) < high * 1024
    counting.units = 0
    reply = writer.call("GET", path.format(writer.handle))
    assert reply.status == 200, reply.body
    assert len(reply.content["posts"]) == PAGE
    priced = profile("social-media")["requests"][kind]["read_units"]
    assert 0 <= priced - counting.units <= 1
    assert counting.consistent == {CONSISTENT} == {TABLE.consistent_reads}
