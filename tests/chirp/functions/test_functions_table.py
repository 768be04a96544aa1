"""The table under contention: conflicts, throttling, partial batches, pages."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from functions_cloud import Cloud

from chirp.functions import table
from chirp.functions.names import SHARDS
from chirp.functions.table import Cancelled, Store, shard
from chirp.social.errors import Unavailable


class Canceled(ClientError):
    """What boto3 raises for a transaction that was not carried out."""

    def __init__(self, *codes: str, **item: Any) -> None:
        reasons = [{"Code": code, **({"Item": item} if item else {})} for code in codes]
        error: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
        super().__init__(error, "TransactWriteItems")


@dataclass
class Client:
    """A DynamoDB that answers each call with the next of what it was given; an exception is raised."""

    answers: Iterator[Any]
    calls: list[dict[str, Any]] = field(default_factory=list)

    class exceptions:
        TransactionCanceledException = Canceled

    def _next(self, **call: Any) -> Any:
        self.calls.append(call)
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    transact_write_items = batch_get_item = batch_write_item = query = _next


def store_over(*answers: Any) -> tuple[Store, Client, list[float]]:
    client, pauses = Client(iter(answers)), []
    return Store(client, "t", clock_s=lambda: 1e9, sleep=pauses.append, jitter=lambda: 0.5), client, pauses


WRITE = [table.put({"pk": "a", "sk": "b"})]


def test_a_conflict_with_another_transaction_is_tried_again_after_a_pause() -> None:
    conflict = Canceled("None", "TransactionConflict")
    store, client, pauses = store_over(conflict, conflict, conflict, {})
    store.transact(WRITE)
    assert len(client.calls) == 4
    assert pauses == sorted(pauses)
    assert len(pauses) == 3


def test_conflicts_that_do_not_end_are_told_as_such() -> None:
    store, client, pauses = store_over(*[Canceled("TransactionConflict")] * 20)
    with pytest.raises(Unavailable):
        store.transact(WRITE)
    assert len(client.calls) == len(pauses) + 1 < 20
    assert sum(pauses) < 10  # the function's timeout


def test_a_condition_that_fails_tells_which_and_what_is_there() -> None:
    store, client, _ = store_over(
        Canceled("None", "ConditionalCheckFailed", "TransactionConflict", post={"S": "x"}, n={"N": "3"})
    )
    with pytest.raises(Cancelled) as cancelled:
        store.transact(WRITE)
    assert cancelled.value.failed == {1: {"post": "x", "n": 3}}
    assert len(client.calls) == 1


@pytest.mark.parametrize("codes", [("ValidationError",), ("TransactionConflict", "ItemCollectionSizeLimit")])
def test_a_transaction_that_can_never_succeed_is_not_repeated(codes: tuple[str, ...]) -> None:
    store, client, _ = store_over(Canceled(*codes))
    with pytest.raises(Canceled):
        store.transact(WRITE)
    assert len(client.calls) == 1


def test_what_a_batch_left_unwritten_is_written_by_the_next() -> None:
    rest = {"t": [{"PutRequest": {"Item": {"pk": "a", "sk": "2"}}}]}
    store, client, pauses = store_over({"UnprocessedItems": rest}, {"UnprocessedItems": {}}, {})
    assert store.put_all({"pk": "a", "sk": str(n)} for n in range(26)) == 26
    assert [len(call["RequestItems"]["t"]) for call in client.calls] == [25, 1, 1]
    assert client.calls[1]["RequestItems"] == rest
    assert len(pauses) == 1


def test_a_batch_that_is_never_taken_is_a_failure_and_no_silence() -> None:
    rest = {"t": [{"PutRequest": {"Item": {"pk": "a", "sk": "2"}}}]}
    store, _, _ = store_over(*[{"UnprocessedItems": rest}] * 20)
    with pytest.raises(Unavailable):
        store.put_all([{"pk": "a", "sk": "2"}])


def test_what_a_batch_left_unread_is_read_by_the_next() -> None:
    one, two = {"pk": "a", "sk": "1"}, {"pk": "a", "sk": "2"}
    store, client, _ = store_over(
        {"Responses": {"t": [one]}, "UnprocessedKeys": {"t": {"Keys": [two]}}}, {"Responses": {"t": [two]}}
    )
    assert store.get_all([("a", "1"), ("a", "2"), ("a", "1")]) == {("a", "1"): one, ("a", "2"): two}
    assert len(client.calls[0]["RequestItems"]["t"]["Keys"]) == 2


def test_nothing_is_asked_for_when_there_is_nothing_to_ask_for() -> None:
    store, client, _ = store_over()
    assert (store.get_all([]), store.put_all([]), client.calls) == ({}, 0, [])


def test_a_query_goes_on_where_dynamodb_broke_off() -> None:
    last = {"pk": "a", "sk": "1"}
    store, client, _ = store_over(
        {"Items": [{"sk": "1"}], "LastEvaluatedKey": last}, {"Items": [{"sk": "0"}, {"sk": "/"}]}
    )
    assert store.newest("a", "2", 3) == [{"sk": "1"}, {"sk": "0"}, {"sk": "/"}]
    assert client.calls[1]["ExclusiveStartKey"] == last


def test_names_are_spread_over_the_shards_and_stay_there() -> None:
    shards = [shard("outbox", f"name {n}") for n in range(1_000)]
    assert len(set(shards)) == SHARDS
    assert shards == [shard("outbox", f"name {n}") for n in range(1_000)]
    assert shard("outbox", "name 0") == "outbox#7"  # not to change: old items would not be found


def test_what_waits_is_found_in_every_shard_once_it_is_old_enough(cloud: Cloud) -> None:
    now = cloud.store.now_ms
    cloud.store.put_all(
        {"pk": f"outbox#{n}", "sk": "x", "todo": shard("outbox", str(n)), "todo_ms": now - age_s * 1000}
        for n, age_s in enumerate([10] * 30 + [100] * 30)
    )
    assert {item["pk"] for item in cloud.store.waiting("outbox", 60)} == {
        f"outbox#{n}" for n in range(30, 60)
    }
    assert list(cloud.store.waiting("upload", 0)) == []


def test_what_has_expired_is_not_alive_even_when_it_is_still_there(cloud: Cloud) -> None:
    item = {"expires_s": cloud.store.expiry_s(1)}
    assert cloud.store.is_alive(item)
    assert cloud.store.is_alive({})
    assert not replace(cloud.store, clock_s=lambda: cloud.now_s() + 86_401).is_alive(item)


def test_many_followers_at_once_are_counted_exactly(cloud: Cloud) -> None:
    """moto does one transaction at a time; the embedded cloud's test has them at once."""
    accounts = [f"person{n}" for n in range(12)]
    for handle in ("star", *accounts):
        cloud.social.accounts._open(handle)  # type: ignore[attr-defined]

    def follow(handle: str) -> None:
        with cloud.lock:
            cloud.social.follows.follow(handle, "star")
            cloud.social.follows.follow(handle, "star")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(follow, accounts))
    assert cloud.social.follows.profile("star").followers == 12
    for handle in accounts[:5]:
        cloud.social.follows.unfollow(handle, "star")
        cloud.social.follows.unfollow(handle, "star")
    assert cloud.social.follows.profile("star").followers == 7
