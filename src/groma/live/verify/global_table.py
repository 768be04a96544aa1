"""DynamoDB global table: the table, and its copy in every region."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.global_table import GlobalTable
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Reading
from groma.live.verify.table import dynamo_table


def global_table(component: GlobalTable, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """What every table is asked, and the regions of its copies."""
    yield from dynamo_table(component, architecture, reading)
    name = reading.output("table_name")
    answer = reading.ask("dynamodb", "describe_table", TableName=name) if name else None
    rows = answer["Table"].get("Replicas") or () if answer else ()
    there = {row["RegionName"] for row in rows if row.get("ReplicaStatus", "ACTIVE") == "ACTIVE"}
    yield compare(
        f"{component.id}.copies",
        f"{component.label}: regions with a copy",
        listed(sorted(component.shares)),
        listed(sorted({*there, reading.region})) if answer else None,
    )
