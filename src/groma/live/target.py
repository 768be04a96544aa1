"""Where a design is provisioned: the embedded cloud on this machine, or AWS."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from groma.errors import CloudError
from groma.live.embedded import Account, EmbeddedCloud, Endpoints
from groma.live.embedded.authority import ROOT_TOKEN

TargetName = Literal["embedded", "aws"]
OVERRIDE_FILE = "groma_override.tf"
PROFILE_FILE = "groma_endpoints.ini"
_PROVIDER = re.compile(r'^provider "aws" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
_ALIAS = re.compile(r'^\s*alias\s*=\s*"([^"]+)"', re.MULTILINE)


@dataclass(frozen=True)
class Web:
    """How a host of a cloud is reached: base URL, headers for each request, and whose cloud it is."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    is_embedded: bool = False


class Clients(Protocol):
    """Where boto3 clients come from: the embedded cloud's endpoints, or an AWS session."""

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client for the service in the region."""


class Target(Clients, Protocol):
    """A cloud that Terraform and boto3 can be pointed at.

    `open` makes it ready and `settle` is called after every change; `overrides` are files that fit a
    Terraform root to this cloud.
    """

    name: TargetName

    def open(self) -> None:
        """Make it ready: start it, or find the credentials. Raises CloudError."""

    def settle(self) -> None:
        """Keep what was changed."""

    def losses(self) -> int:
        """How often it has lost, as AWS never does, what its clients had been told."""

    def environment(self) -> Mapping[str, str]:
        """Variables for Terraform."""

    def overrides(self, aliases: Sequence[str] = ()) -> Mapping[str, str]:
        """Name → text of each file for a root with these provider aliases; one without text must not be."""

    def account(self) -> str:
        """The account's number."""

    def web(self, host: str) -> Web:
        """How a host name of this cloud (a distribution's, an API's) is reached."""

    def address(self, host: str) -> str:
        """What a person types into a browser to open a distribution of this cloud."""


@dataclass
class EmbeddedTarget:
    """The embedded cloud of one directory.

    Attributes:
        directory: where it lives.
        account_kind, strict: what it plays, see `groma.live.embedded.gate.Stage`.
        session: the session token of its clients; nobody's when empty.
    """

    directory: Path
    name: TargetName = "embedded"
    account_kind: Account = Account.GROWN
    strict: bool = False
    session: str = ""
    _endpoints: Endpoints | None = None

    @property
    def cloud(self) -> EmbeddedCloud:
        """The cloud's life cycle."""
        return EmbeddedCloud(self.directory, account=self.account_kind, strict=self.strict)

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

    def losses(self) -> int:
        """How often it began with an earlier state than it had ended with."""
        return self.cloud.losses()

    def environment(self) -> Mapping[str, str]:
        """Variables that let nothing reach AWS, not even a service that the override file lacks."""
        return self.endpoints.environment()

    def overrides(self, aliases: Sequence[str] = ()) -> Mapping[str, str]:
        """Endpoints on loopback for every provider, so that a plain `terraform plan` by hand works too."""
        return {OVERRIDE_FILE: self._override(aliases), PROFILE_FILE: self.endpoints.profile()}

    def _override(self, aliases: Sequence[str]) -> str:
        lines = [
            "# Written by groma for the embedded cloud on this machine; AWS never sees this file.",
            *self._provider({}),
            *(line for alias in aliases for line in self._provider({"alias": alias})),
            'variable "deletion_protection" {',
            "  default = false",
            "}",
        ]
        return "\n".join(lines) + "\n"

    def _provider(self, first: Mapping[str, str]) -> list[str]:
        """A provider block with `first` before what leads to the emulators, and a blank line."""
        arguments = self.endpoints.provider_arguments(f"${{path.root}}/{PROFILE_FILE}")
        return ['provider "aws" {', *_aligned({**first, **arguments}), "}", ""]

    def account(self) -> str:
        """The embedded account."""
        return str(self.client("sts").get_caller_identity()["Account"])

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client bound to the emulator that answers for the service."""
        return replace(self.endpoints, session=self.session).client(service, region)

    def as_root(self) -> EmbeddedTarget:
        """The same cloud for who may do everything in it, whatever the deployer may."""
        return replace(self, session=ROOT_TOKEN)

    def web(self, host: str) -> Web:
        """On loopback without TLS, where the Host header says who is meant."""
        return Web(self.endpoints.url("cloudfront"), {"Host": host}, is_embedded=True)

    def address(self, host: str) -> str:
        """A name below `localhost`, which browsers find on this machine by themselves."""
        port = self.endpoints.url("cloudfront").rpartition(":")[2]
        return f"http://{host.removesuffix('.net')}.localhost:{port}/"


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

    def losses(self) -> int:
        """Never."""
        return 0

    def environment(self) -> Mapping[str, str]:
        """Nothing beyond the user's own environment."""
        return {}

    def overrides(self, aliases: Sequence[str] = ()) -> Mapping[str, str]:
        """None: the root is written for AWS."""
        return {OVERRIDE_FILE: "", PROFILE_FILE: ""}

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

    def web(self, host: str) -> Web:
        """By its name, over HTTPS."""
        return Web(f"https://{host}")

    def address(self, host: str) -> str:
        """Its own name."""
        return f"https://{host}/"


def provider_aliases(texts: Iterable[str]) -> tuple[str, ...]:
    """The aliases of the AWS providers that a Terraform root configures in these files, in their order."""
    blocks = [block for text in texts for block in _PROVIDER.findall(text)]
    return tuple(alias for block in blocks for alias in _ALIAS.findall(block))


def _aligned(arguments: Mapping[str, Any]) -> list[str]:
    width = max(len(name) for name in arguments)
    return [f"  {name.ljust(width)} = {json.dumps(value)}" for name, value in arguments.items()]
