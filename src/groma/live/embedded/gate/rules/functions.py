"""What Lambda, its queues and its gateway refuse."""

from __future__ import annotations

from groma.live.embedded.gate.account import Stage
from groma.live.embedded.gate.asked import Asked
from groma.live.embedded.gate.refusal import Refusal
from groma.live.embedded.gate.registry import rule, takes

RESERVED = frozenset(
    """
    _HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE
    AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY AWS_ACCESS_KEY_ID
    AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR
    """.split()  # noqa: SIM905
)
MOST_ENVIRONMENT_BYTES = 4096
MOST_VISIBILITY_S = 43_200
QUEUE_BATCH = 10


@rule(
    "lambda",
    "CreateFunction",
    "UpdateFunctionConfiguration",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
)
def environment(asked: Asked, stage: Stage) -> Refusal | None:
    """A function's environment has at most 4 KiB and none of Lambda's own variables."""
    variables = (asked.parameters.get("Environment") or {}).get("Variables") or {}
    own = sorted(set(variables) & RESERVED)
    if own:
        message = (
            "Lambda was unable to configure your environment variables because the environment variables you "
        )
        message += "have provided contains reserved keys that are currently not supported for modification. "
        message += f"Reserved keys used in this request: {', '.join(own)}"
        return Refusal("InvalidParameterValueException", message, "Lambda sets them itself")
    size = sum(len(name.encode()) + len(str(value).encode()) for name, value in variables.items())
    if size <= MOST_ENVIRONMENT_BYTES:
        return None
    message = (
        "Lambda was unable to configure your environment variables because the environment variables you "
    )
    message += f"have provided exceeded the 4KB limit. String measured: {size}"
    return Refusal("InvalidParameterValueException", message, "keep large settings elsewhere")


@rule(
    "lambda",
    "CreateEventSourceMapping",
    "UpdateEventSourceMapping",
    source="https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html",
)
def batches(asked: Asked, stage: Stage) -> Refusal | None:
    """A batch of more than ten messages of a queue is waited for, a second at least."""
    queue = ":sqs:" in str(asked.parameters.get("EventSourceArn") or "")
    size, window = (
        asked.parameters.get("BatchSize") or 0,
        asked.parameters.get("MaximumBatchingWindowInSeconds"),
    )
    if not queue or int(size) <= QUEUE_BATCH or window:
        return None
    message = (
        "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
    )
    return Refusal("InvalidParameterValueException", message, "give the mapping a window, or smaller batches")


@takes("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def remember_timeout(asked: Asked, stage: Stage) -> None:
    """How long a function may take, for the queue that calls it."""
    timeout = asked.parameters.get("Timeout")
    if timeout is not None:
        stage.held["timeout", asked.region, str(asked.parameters["FunctionName"])] = int(timeout)


@takes("sqs", "CreateQueue")
def remember_visibility(asked: Asked, stage: Stage) -> None:
    """For how long a message of a queue is hidden once it was received."""
    attributes = asked.parameters.get("Attributes") or {}
    seconds = int(attributes.get("VisibilityTimeout", 30))
    stage.held["visibility", asked.region, str(asked.parameters["QueueName"])] = seconds


@rule(
    "lambda",
    "CreateEventSourceMapping",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
)
def visibility(asked: Asked, stage: Stage) -> Refusal | None:
    """A queue hides a message at least as long as the function that it calls may take."""
    queue = str(asked.parameters.get("EventSourceArn") or "").rpartition(":")[2]
    function = str(asked.parameters.get("FunctionName") or "").rpartition(":")[2]
    hidden = stage.held.get(("visibility", asked.region, queue))
    timeout = stage.held.get(("timeout", asked.region, function))
    if isinstance(hidden, str) or isinstance(timeout, str) or hidden is None or timeout is None:
        return None
    if hidden >= timeout:
        return None
    message = (
        f"Queue visibility timeout: {hidden:.0f} seconds is less than Function timeout: {timeout:.0f} seconds"
    )
    return Refusal("InvalidParameterValueException", message, "else a message is worked on twice at once")


@rule(
    "sqs",
    "CreateQueue",
    "SetQueueAttributes",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
)
def hidden(asked: Asked, stage: Stage) -> Refusal | None:
    """A message is hidden for at most twelve hours, and kept for 1 minute to 14 days."""
    attributes = asked.parameters.get("Attributes") or {}
    bounds = {"VisibilityTimeout": (0, MOST_VISIBILITY_S), "MessageRetentionPeriod": (60, 1_209_600)}
    for name, (least, most) in bounds.items():
        value = attributes.get(name)
        if value is not None and not least <= int(value) <= most:
            message = f"Invalid value for the parameter {name}."
            return Refusal("InvalidAttributeValue", message, f"{least:,} to {most:,} s, not {value}")
    return None
