"""Where a design is provisioned: the embedded cloud on this machine, or AWS."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from groma.errors import CloudError
from groma.live.embedded import EmbeddedCloud, Endpoints

TargetName = Literal["embedded", "aws"]
OVERRIDE_FILE = "groma_override.tf"


class Target(Protocol):
    """A cloud that Terraform and boto3 can be pointed at.

    `open` makes it ready and `settle` is called after every change; `override` is a Terraform override
    file that fits the root to this cloud, or nothing.
    """

    name: TargetName

    def open(self) -> None:
        """Make it ready: start it, or find the credentials. Raises CloudError."""

    def settle(self) -> None:
        """Keep what was changed."""

    def environment(self) -> Mapping[str, str]:
        """Variables for Terraform."""

    def override(self) -> str:
        """The override file's text; empty for none."""

    def account(self) -> str:
        """The account's number."""

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client."""


@dataclass
class EmbeddedTarget:
    """The embedded cloud of one directory."""

    directory: Path
    name: TargetName = "embedded"
    _endpoints: Endpoints | None = None

    @property
    def cloud(self) -> EmbeddedCloud:
        """The cloud's life cycle."""
        return EmbeddedCloud(self.directory)

    @property
    def endpoints(self) -> Endpoints:
        """Where it answers; CloudError when it has not been opened."""
        if self._endpoints is None:
            raise CloudError("the embedded cloud has not been started", where=str(self.directory))
        return self._endpoints

    def open(self) -> None:
        """Start the embedded cloud, or find it running."""
        self._endpoints = self.cloud.start()

    def settle(self) -> None:
        """Save its state, so that a reboot loses nothing."""
        self.cloud.save()

    def environment(self) -> Mapping[str, str]:
        """Variables that let nothing reach AWS, not even a service that the override file lacks."""
        return self.endpoints.environment()

    def override(self) -> str:
        """Endpoints on loopback, so that a plain `terraform plan` by hand works too."""
        arguments = self.endpoints.provider_arguments()
        endpoints = arguments.pop("endpoints")
        lines = [
            "# Written by groma for the embedded cloud on this machine; AWS never sees this file.",
            'provider "aws" {',
            *_aligned(arguments, 1),
            "",
            "  endpoints {",
            *_aligned(endpoints, 2),
            "  }",
            "}",
            "",
            'variable "deletion_protection" {',
            "  default = false",
            "}",
        ]
        return "\n".join(lines) + "\n"

    def account(self) -> str:
        """The embedded account."""
        return str(self.client("sts").get_caller_identity()["Account"])

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client bound to the emulator that answers for the service."""
        return self.endpoints.client(service, region)


@dataclass
class AwsTarget:
    """AWS itself, through the ordinary credential chain."""

    region: str
    name: TargetName = "aws"

    def open(self) -> None:
        """Find out whose account it is."""
        self.account()

    def settle(self) -> None:
        """Nothing to do: AWS keeps what it has."""

    def environment(self) -> Mapping[str, str]:
        """Nothing beyond the user's own environment."""
        return {}

    def override(self) -> str:
        """None: the root is written for AWS."""
        return ""

    def account(self) -> str:
        """The account that the credentials belong to; CloudError when there are none."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return str(self.client("sts").get_caller_identity()["Account"])
        except (BotoCoreError, ClientError) as error:
            raise CloudError(
                f"AWS does not accept the credentials: {error}",
                where="AWS",
                hint="set AWS_PROFILE or run `aws configure`, then try again",
            ) from None

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client from the user's own session."""
        import boto3

        return boto3.Session().client(service, region_name=region or self.region)  # type: ignore[call-overload]


def _aligned(arguments: Mapping[str, Any], indent: int) -> list[str]:
    width = max(len(name) for name in arguments)
    return [f"{'  ' * indent}{name.ljust(width)} = {json.dumps(value)}" for name, value in arguments.items()]
