"""What the functions behind queues share: a batch of messages, of which each may fail alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord


class Poisoned(ValueError):
    """A message that nothing can be done with."""


def consume(handle: Callable[[SQSRecord], object], event: dict[str, Any], context: Any) -> Any:
    """Handle each message of a batch by itself; the answer names those that failed."""
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event, handle, processor, context)
