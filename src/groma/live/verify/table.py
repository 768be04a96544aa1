"""DynamoDB: how the table is paid for, its keys, its time to live and its backups."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.table import DynamoTable
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Answer, Reading


def dynamo_table(component: DynamoTable, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """A line for each of them."""
    name = reading.output(f"{component.role}_name")
    answer = reading.ask("dynamodb", "describe_table", TableName=name) if name else None
    table = answer["Table"] if answer else None
    mode = "PAY_PER_REQUEST" if component.size.mode == "on-demand" else "PROVISIONED"
    keys = "; ".join((f"{component.hash_key}, {component.range_key}", *_of_index(component.index)))
    lines = (
        ("table", "state, and how it is paid for", f"ACTIVE, {mode}", _state(table) if table else None),
        ("keys", "keys, and those of its index", keys, _keys(table) if table else None),
        (
            "ttl",
            "attribute by which items end",
            component.ttl or "none",
            _ttl(name, reading) if table else None,
        ),
        ("backups", "restored to any second", "ENABLED", _backups(name, reading) if table else None),
    )
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{component.label}: {what}", expected, actual)


def _of_index(index: tuple[str, str, str] | None) -> tuple[str, ...]:
    return () if index is None else (f"{index[0]}: {index[1]}, {index[2]}",)


def _state(table: Answer) -> str:
    return f"{table['TableStatus']}, {table.get('BillingModeSummary', {}).get('BillingMode', 'PROVISIONED')}"


def _keys(table: Answer) -> str:
    own = listed(key["AttributeName"] for key in table["KeySchema"])
    indexes = (
        f"{index['IndexName']}: {listed(key['AttributeName'] for key in index['KeySchema'])}"
        for index in table.get("GlobalSecondaryIndexes") or ()
    )
    return "; ".join([own, *indexes])


def _ttl(name: str | None, reading: Reading) -> str:
    answer = reading.ask("dynamodb", "describe_time_to_live", TableName=name) or {}
    found = answer.get("TimeToLiveDescription") or {}
    return str(found["AttributeName"]) if found.get("TimeToLiveStatus") in ("ENABLED", "ENABLING") else "none"


def _backups(name: str | None, reading: Reading) -> str:
    answer = reading.ask("dynamodb", "describe_continuous_backups", TableName=name) or {}
    found = answer.get("ContinuousBackupsDescription", {}).get("PointInTimeRecoveryDescription", {})
    return str(found.get("PointInTimeRecoveryStatus", "DISABLED"))
