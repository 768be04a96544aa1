"""Reads from AWS, each question asked once: what is gone is None, what cannot be read is an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from groma.errors import CloudError
from groma.live.target import Clients, Web

Answer = Mapping[str, Any]
"""A part of what AWS answered, in the form that boto3 gives it."""


@runtime_checkable
class Site(Clients, Protocol):
    """A cloud whose distributions and APIs can be visited, too."""

    def web(self, host: str) -> Web:
        """How a host name of the cloud is reached."""


@dataclass(frozen=True)
class Deployed:
    """What was deployed, and the way to it.

    Attributes:
        outputs: values of the Terraform outputs by name.
        clients: makes the boto3 clients.
    """

    outputs: Mapping[str, object]
    clients: Clients


class Reading:
    """What is deployed in one region. Nothing is asked twice."""

    def __init__(self, deployed: Deployed, region: str) -> None:
        self.region = region
        self._deployed = deployed
        self._outputs = deployed.outputs
        self._make_client = deployed.clients.client
        self._clients: dict[str, Any] = {}
        self._answers: dict[str, Answer | None] = {}

    def in_region(self, region: str) -> Reading:
        """What is deployed in another region."""
        return Reading(self._deployed, region)

    def output(self, name: str) -> str | None:
        """A Terraform output that is a text; None when it has no value."""
        value = self._outputs.get(name)
        return value if isinstance(value, str) else None

    def outputs(self, name: str) -> Mapping[str, str]:
        """A Terraform output that is a map; empty when it has no value."""
        value = self._outputs.get(name)
        return value if isinstance(value, Mapping) else {}

    def ask(self, service: str, operation: str, **arguments: object) -> Answer | None:
        """The answer to one call, all of its pages, as `groma.answers.Ask` says."""
        question = f"{service} {operation} {sorted(arguments.items())}"
        if question not in self._answers:
            self._answers[question] = self._ask(service, operation, arguments)
        return self._answers[question]

    def all(self, service: str, operation: str, key: str, **arguments: object) -> tuple[Answer, ...]:
        """What an answer lists under `key`; empty when what is asked for does not exist."""
        answer = self.ask(service, operation, **arguments) or {}
        return tuple(answer.get(key) or ())

    def first(self, service: str, operation: str, key: str, **arguments: object) -> Answer | None:
        """The first of what an answer lists under `key`; None when there is none."""
        return next(iter(self.all(service, operation, key, **arguments)), None)

    def _ask(self, service: str, operation: str, arguments: Mapping[str, object]) -> Answer | None:
        from botocore.exceptions import BotoCoreError, ClientError

        where = f"{service} {operation} in {self.region}"
        try:
            client = self._client(service)
            if client.can_paginate(operation):
                pages: Answer = client.get_paginator(operation).paginate(**arguments).build_full_result()
                return pages
            answer: Answer = getattr(client, operation)(**arguments)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if means_missing(code):
                return None
            raise CloudError(str(error), where=where, hint=_hint(code)) from error
        except BotoCoreError as error:
            raise CloudError(str(error), where=where, hint=_hint(type(error).__name__)) from error
        return answer

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self._make_client(service, self.region)
        return self._clients[service]


def means_missing(code: str) -> bool:
    """Whether an error code says that the thing asked for does not exist.

    Every service has its own words: `InvalidVpcID.NotFound`, `DBInstanceNotFound`, `NoSuchBucket`,
    `ResourceNotFoundException`, `AWS.SimpleQueueService.NonExistentQueue`, and S3's HEAD calls have only the
    number.
    """
    words = ("notfound", "nonexistent", "doesnotexist")
    return any(word in code.lower() for word in words) or code.startswith("NoSuch") or code == "404"


_HINTS = (
    (("AccessDenied", "Unauthorized", "AuthorizationError"), "let these credentials read this (read-only)"),
    (("Expired", "InvalidClientToken", "UnrecognizedClient", "AuthFailure"), "sign in to AWS again"),
    (("Credentials", "ProfileNotFound", "Token"), "name credentials: AWS_PROFILE, or `aws configure`"),
    (("Throttl", "RequestLimitExceeded", "TooManyRequests"), "try again in a minute"),
    (("Connect", "Timeout", "Endpoint"), "see that the network works, or that the embedded cloud runs"),
)


def _hint(code: str) -> str:
    """What to do about an error, by its code or the name of its exception."""
    return next((hint for words, hint in _HINTS if any(word in code for word in words)), "try again")
