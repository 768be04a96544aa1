"""The one DynamoDB table: what lies in it, and how it is read and written.

    pk                  sk           other attributes
    account#<handle>    account      created_ms
    account#<handle>    counts       followers, following
    posts#<handle>      <post id>    text, picture?
    timeline#<handle>   <post id>    author, text? (of short posts), picture?, expires_s
    following#<handle>  <followee>   since_ms
    followers#<handle>  <follower>   since_ms
    unfollowed#<handle> <followee>   expires_s
    request#<handle>    <key>        post, expires_s
    outbox#<post id>    <handle>     todo, todo_ms
    picture#<key>       picture      state (pending, ready, rejected, abandoned), todo?, todo_ms?

A page of anything is one query, because ids sort by time. Writes that belong together are one transaction.
Counts lie beside the account, so that posting and being followed never touch the same item. A timeline entry
holds a copy of a short post, for it still costs one write unit (1 KiB); a long one is fetched from `posts#`.

The index `todo` is sparse: it holds only items that somebody has to come back to. Its hash key is
`<what>#<shard>`, its range key since when. `expires_s` is the table's time to live, in seconds since 1970;
DynamoDB may take two days to remove what has expired, so readers leave it out themselves.

Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html (25 writes and
100 reads in a batch, 100 actions in a transaction) and …/transaction-apis.html (a conflict cancels one of two
transactions).
"""

from __future__ import annotations

import random
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from boto3.dynamodb.types import TypeDeserializer

from chirp.functions.names import CONSISTENT, INDEX, SHARDS, TTL
from chirp.social.errors import Unavailable

Item = dict[str, Any]
Key = tuple[str, str]
Action = Mapping[str, Any]
T = TypeVar("T")


_WRITES, _READS = 25, 100
_ATTEMPTS = 9
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.02, 1.0


class Cancelled(Exception):
    """A condition of a transaction did not hold; nothing was written.

    Attributes:
        failed: position of each action whose condition failed → the item as it is (empty when there is none).
    """

    def __init__(self, failed: Mapping[int, Item]) -> None:
        super().__init__(f"conditions of actions {sorted(failed)} failed")
        self.failed = failed


@dataclass(frozen=True)
class Store:
    """The table's operations, with retries where DynamoDB asks for them.

    Attributes:
        client: the client of a boto3 DynamoDB resource: it takes and gives Python values.
        name: the table's name.
        clock_s: seconds since 1970.
        sleep: waits so many seconds.
    """

    client: Any
    name: str
    clock_s: Callable[[], float] = time.time
    sleep: Callable[[float], object] = time.sleep
    jitter: Callable[[], float] = field(default=random.random)

    @property
    def now_ms(self) -> int:
        """Milliseconds since 1970."""
        return int(self.clock_s() * 1000)

    def expiry_s(self, days: float) -> int:
        """The time to live of what is to be kept for so many days from now."""
        return int(self.clock_s() + days * 86_400)

    def is_alive(self, item: Item) -> bool:
        """Whether an item has not expired yet."""
        return bool(item.get(TTL, self.clock_s() + 1) > self.clock_s())

    def get(self, key: Key) -> Item | None:
        """An item as it is now, or None."""
        answer = self.client.get_item(TableName=self.name, Key=_key(key), ConsistentRead=CONSISTENT)
        item: Item | None = answer.get("Item")
        return item

    def get_all(self, keys: Iterable[Key]) -> dict[Key, Item]:
        """The items of these keys that there are."""
        found: dict[Key, Item] = {}
        for batch in _batches(dict.fromkeys(keys), _READS):
            ask: Mapping[str, Any] = {
                self.name: {"Keys": [_key(key) for key in batch], "ConsistentRead": CONSISTENT}
            }
            for _ in self._attempts():
                answer = self.client.batch_get_item(RequestItems=ask)
                found |= {(item["pk"], item["sk"]): item for item in answer["Responses"].get(self.name, [])}
                ask = answer.get("UnprocessedKeys") or {}
                if not ask:
                    break
        return found

    def put_all(self, items: Iterable[Item]) -> int:
        """Write items, each over the one with the same key; returns how many."""
        written = 0
        for batch in _batches(items, _WRITES):
            ask: Mapping[str, Any] = {self.name: [{"PutRequest": {"Item": item}} for item in batch]}
            for _ in self._attempts():
                ask = self.client.batch_write_item(RequestItems=ask).get("UnprocessedItems") or {}
                if not ask:
                    break
            written += len(batch)
        return written

    def newest(self, pk: str, before: str | None, limit: int) -> list[Item]:
        """Up to `limit` items of a partition whose sort key is less than `before`, greatest first."""
        return list(islice(self._query(pk, "<", before, limit, forward=False), limit))

    def from_start(self, pk: str, after: str | None, limit: int) -> list[Item]:
        """Up to `limit` items of a partition whose sort key is greater than `after`, least first."""
        return list(islice(self._query(pk, ">", after, limit, forward=True), limit))

    def waiting(self, what: str, older_than_s: float) -> Iterator[Item]:
        """Items that somebody has to come back to, and that have waited for so many seconds."""
        latest = int((self.clock_s() - older_than_s) * 1000)
        for shard in range(SHARDS):
            yield from self._pages(
                IndexName=INDEX,
                KeyConditionExpression="todo = :todo AND todo_ms <= :latest",
                ExpressionAttributeValues={":todo": f"{what}#{shard}", ":latest": latest},
            )

    def transact(self, actions: Sequence[Mapping[str, Any]]) -> None:
        """Write all or nothing. Another transaction on the same item at the same time is waited for.

        Raises:
            Cancelled: a condition does not hold.
            Unavailable: the others do not end.
        """
        items = [
            {kind: {"TableName": self.name, **what} for kind, what in action.items()} for action in actions
        ]
        for _ in self._attempts():
            try:
                self.client.transact_write_items(TransactItems=items)
                return
            except self.client.exceptions.TransactionCanceledException as error:
                _raise_unless_conflict(error)

    def update(self, key: Key, expression: str, condition: str, **values: Any) -> bool:
        """Change an item; False when the condition does not hold. `values` are those of `:<name>`."""
        try:
            self.client.update_item(TableName=self.name, **change(key, expression, condition, **values))
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def delete(self, key: Key) -> None:
        """Remove an item, if there is one."""
        self.client.delete_item(TableName=self.name, Key=_key(key))

    def _query(
        self, pk: str, comparison: str, bound: str | None, limit: int, forward: bool
    ) -> Iterator[Item]:
        condition, values = "pk = :pk", {":pk": pk}
        if bound is not None:
            condition, values = f"{condition} AND sk {comparison} :bound", {**values, ":bound": bound}
        return self._pages(
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            ScanIndexForward=forward,
            ConsistentRead=CONSISTENT,
            Limit=limit,
        )

    def _pages(self, **query: Any) -> Iterator[Item]:
        """Every item of a query; DynamoDB gives at most 1 MB at once."""
        while True:
            answer = self.client.query(TableName=self.name, **query)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _attempts(self) -> Iterator[int]:
        """Count attempts, with a growing random pause between; `Unavailable` after the last."""
        for attempt in range(_ATTEMPTS):
            if attempt:
                pause_s = min(_FIRST_PAUSE_S * 2 ** (attempt - 1), _LONGEST_PAUSE_S)
                self.sleep(pause_s * (0.5 + self.jitter() / 2))
            yield attempt
        raise Unavailable("too much is being written at once; try again in a moment")


def shard(what: str, name: str) -> str:
    """The hash key under which the index `todo` holds this name, the same on every machine."""
    return f"{what}#{zlib.crc32(name.encode()) % SHARDS}"


def put(item: Item, condition: str | None = None, **values: Any) -> Action:
    """A transaction's action: write an item; under a condition, an item that fails it is told."""
    return {"Put": {"Item": item, **_condition(condition, values)}}


def update(key: Key, expression: str, condition: str | None = None, **values: Any) -> Action:
    """A transaction's action: change an item."""
    return {"Update": change(key, expression, condition, **values)}


def delete(key: Key, condition: str | None = None) -> Action:
    """A transaction's action: remove an item."""
    return {"Delete": {"Key": _key(key), **_condition(condition, {})}}


def change(key: Key, expression: str, condition: str | None, **values: Any) -> Item:
    """What an update says. `#state` stands for the attribute `state`, which is a reserved word."""
    said = {"Key": _key(key), "UpdateExpression": expression, **_condition(condition, values)}
    if "#state" in f"{expression}{condition}":
        said["ExpressionAttributeNames"] = {"#state": "state"}
    return said


def _condition(condition: str | None, values: Mapping[str, Any]) -> Item:
    said: Item = {}
    if condition is not None:
        said |= {"ConditionExpression": condition, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    if values:
        said["ExpressionAttributeValues"] = {f":{name}": value for name, value in values.items()}
    return said


def _key(key: Key) -> Item:
    return {"pk": key[0], "sk": key[1]}


def _raise_unless_conflict(error: Any) -> None:
    """A failed condition is final; a conflict or throttling is worth another attempt."""
    reasons = error.response.get("CancellationReasons", [])
    codes = {reason.get("Code") for reason in reasons} - {None, "None"}
    if "ConditionalCheckFailed" in codes:
        failed = {
            position: _values(reason.get("Item") or {})
            for position, reason in enumerate(reasons)
            if reason.get("Code") == "ConditionalCheckFailed"
        }
        raise Cancelled(failed) from error
    if not codes or codes - {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}:
        raise error


def _values(typed: Mapping[str, Any]) -> Item:
    """An item in an error, which comes with DynamoDB's types, in Python's."""
    read = TypeDeserializer().deserialize
    return {name: read(value) for name, value in typed.items()}


def _batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch
