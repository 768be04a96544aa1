"""Lambda: how a function runs, what it may do, what calls it, and its log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.function import LOG_DAYS, LambdaFunction
from groma.components.site import ORIGIN_KEY_SHA256
from groma.live.verify.behaviours import sent_to_origins
from groma.live.verify.findings import compare, judge, listed
from groma.live.verify.key import OWN_KEY, encrypted
from groma.live.verify.reading import Answer, Reading
from groma.live.verify.rights import statements, texts

OWN_ACTIONS = (
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
    "kms:Decrypt",
    "kms:GenerateDataKey",
)
QUEUE_ACTIONS = (
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
)
"""What the module gives every function, and one that takes from a queue."""


def function(component: LambdaFunction, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """The function's settings, concurrency, rights, trigger and log."""
    name = reading.output(f"{component.module_name}_name")
    found = reading.ask("lambda", "get_function_configuration", FunctionName=name) if name else None
    there = name if found else None
    choice = component.size.choice
    yield compare(
        f"{component.id}.runs",
        f"{component.label}: runtime, size, timeout, tracing",
        listed(
            [component.runtime, choice.processor, *_size(choice.memory_mib, component.timeout_s), "Active"]
        ),
        _runs(found) if found else None,
    )
    yield compare(
        f"{component.id}.concurrency",
        f"{component.label}: calls at once",
        _concurrency(component.reserved),
        _concurrency(_reserved(there, reading)) if there else None,
    )
    yield _rights(component, found, reading)
    if component.trigger is not None:
        yield compare(
            f"{component.id}.trigger",
            f"{component.label}: takes from its queue",
            f"Enabled, {component.trigger.batch_size} in a batch, ReportBatchItemFailures",
            _trigger(there, reading) if there else None,
        )
    if ORIGIN_KEY_SHA256 in component.environment.values():
        yield compare(
            f"{component.id}.edge",
            f"{component.label}: answers what comes by the distribution alone",
            "knows its key",
            _knows(component, found, reading) if found else None,
        )
    yield _log(component, there, architecture, reading)


def _knows(component: LambdaFunction, found: Answer, reading: Reading) -> str:
    """Whether a key that the distribution sends is the one whose SHA-256 the function holds."""
    (name,) = (name for name, value in component.environment.items() if value == ORIGIN_KEY_SHA256)
    held = found.get("Environment", {}).get("Variables", {}).get(name)
    if not held:
        return "knows no key"
    sent = (value for values in sent_to_origins(reading).values() for (value,) in values)
    keys = {hashlib.sha256(value.encode()).hexdigest() for value in sent}
    return "knows its key" if held in keys else "knows a key that no distribution sends"


def _size(memory_mib: int, timeout_s: int) -> tuple[str, str]:
    return f"{memory_mib} MiB", f"{timeout_s} s"


def _runs(found: Answer) -> str:
    parts = [found["Runtime"], *found["Architectures"], *_size(found["MemorySize"], found["Timeout"])]
    return listed([*parts, found.get("TracingConfig", {}).get("Mode")])


def _reserved(name: str, reading: Reading) -> int | None:
    answer = reading.ask("lambda", "get_function_concurrency", FunctionName=name) or {}
    reserved: int | None = answer.get("ReservedConcurrentExecutions")
    return reserved


def _concurrency(reserved: int | None) -> str:
    return "what the account has" if reserved is None else f"{reserved} kept free"


def _rights(component: LambdaFunction, found: Answer | None, reading: Reading) -> Finding:
    """Exactly the designed actions, none of them on everything but traces."""
    expected = {*OWN_ACTIONS, *(QUEUE_ACTIONS if component.trigger else ())}
    for statement in component.statements:
        expected |= set(texts(statement["actions"]))
    role = found["Role"].rpartition("/")[2] if found else None
    written = statements(reading, role, "function") if role else None
    actual = {action for each in written or () for action in texts(each["Action"])}
    broad = {a for each in written or () if "*" in texts(each["Resource"]) for a in texts(each["Action"])}
    wrong = [
        *(f"without {action}" for action in sorted(expected - actual)),
        *(f"with {action}" for action in sorted(actual - expected)),
        *(f"{action} on everything" for action in sorted(broad) if not action.startswith("xray:")),
    ]
    said = f"{len(expected)} actions"
    return judge(
        f"{component.id}.rights",
        f"{component.label}: what its role may do",
        said,
        (listed(wrong) if wrong else said) if written is not None else None,
        not wrong,
    )


def _trigger(name: str, reading: Reading) -> str:
    rows = reading.all("lambda", "list_event_source_mappings", "EventSourceMappings", FunctionName=name)
    return listed(
        (
            f"{row['State']}, {row['BatchSize']} in a batch, {listed(row.get('FunctionResponseTypes') or ())}"
            for row in rows
        ),
        "from nothing",
    )


def _log(
    component: LambdaFunction, name: str | None, architecture: Architecture, reading: Reading
) -> Finding:
    rows = (
        reading.all("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=f"/aws/lambda/{name}")
        if name
        else ()
    )
    group = next((row for row in rows if row["logGroupName"] == f"/aws/lambda/{name}"), None)
    actual = None
    if group:
        actual = (
            f"{group.get('retentionInDays')} days, {encrypted(group.get('kmsKeyId'), architecture, reading)}"
        )
    return compare(f"{component.id}.log", f"{component.label}: log", f"{LOG_DAYS} days, {OWN_KEY}", actual)
