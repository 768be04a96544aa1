"""SQS queues of workers: how long a message is hidden, how often it is tried, and where it is set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from groma.architecture import Architecture, Finding
from groma.components.work_queue import SetAside, WorkQueue, call_of
from groma.live.verify.findings import compare
from groma.live.verify.messaging import at_rest, attributes, keeps, redrive
from groma.live.verify.reading import Reading


def work_queue(component: WorkQueue, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """A line for each of these; a queue that is gone is missing in each."""
    found = attributes(reading.output(f"{call_of(component.worker)}_url"), reading)
    dead_letters = f"{architecture.name}-{component.worker}-dead-letter"
    lines = (
        (
            "visibility", "a message is hidden while it is worked on",
            f"{component.timeout_s} s", f"{found['VisibilityTimeout']} s" if found else None,
        ),
        (
            "redrive", "a message is tried",
            f"{component.tries} times, then {dead_letters}", redrive(found) if found else None,
        ),
        ("at-rest", "encryption", _key(architecture), _at_rest(found) if found else None),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{component.label}: {what}", expected, actual)


def set_aside(component: SetAside, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """How long it keeps a message, and how it is encrypted."""
    found = attributes(reading.output(f"{call_of(component.worker)}_dead_letter_url"), reading)
    yield keeps(component, found, _key(architecture), _at_rest(found) if found else "")


def _key(architecture: Architecture) -> str:
    return architecture.account.kms_key or "SQS's own key"


def _at_rest(found: Mapping[str, str]) -> str:
    return found.get("KmsMasterKeyId") or at_rest(found)
