"""Where the embedded cloud answers, in the forms that SDKs, Terraform and people need."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from groma.live.embedded.access.credentials import Credentials
from groma.live.embedded.routing import DEFAULT, SERVICES, Emulator, emulator_of

ACCOUNT_ID = "123456789012"
"""The embedded account: both emulators take it for whose keys they do not know."""

PROFILE = "groma-embedded"
"""The profile that leads to the emulators, of a name that nobody's own has."""


@dataclass(frozen=True)
class Endpoints:
    """The base URL of each emulator, and what follows from them.

    Attributes:
        urls: base URL by emulator, such as `http://127.0.0.1:40001`.
        credentials: the cloud's keys.
        region: the region of clients that name none.
        session: the session token of clients, which says who they are; nobody's when empty.
    """

    urls: Mapping[Emulator, str]
    credentials: Credentials
    region: str = field(default="us-east-1")
    session: str = ""

    def url(self, client: str) -> str:
        """Base URL for the service that boto3 calls `client`."""
        return self.urls[emulator_of(client)]

    def environment(self) -> dict[str, str]:
        """Variables that send the AWS SDKs, the AWS CLI and the Terraform provider here.

        They hold the cloud's keys, or those of the session; a token that the user's own keys have is emptied.
        Lay them over an environment from which all other `AWS_*` variables were taken: see `within`.
        """
        keys = self.credentials.of_session(self.session)
        fixed = {
            "AWS_ACCESS_KEY_ID": keys.access_key,
            "AWS_SECRET_ACCESS_KEY": keys.secret_key,
            "AWS_SESSION_TOKEN": keys.session_token,
            "AWS_SECURITY_TOKEN": keys.session_token,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": self.urls[DEFAULT],
        }
        return fixed | {service.variable: self.urls[service.emulator] for service in SERVICES}

    def within(self, base: Mapping[str, str]) -> dict[str, str]:
        """`base` with these variables in place of all of its own `AWS_*` ones (profile, session token)."""
        kept = {name: value for name, value in base.items() if not name.startswith("AWS_")}
        return kept | self.environment()

    def profile(self) -> str:
        """An AWS configuration file whose profile `PROFILE` has the keys and sends each service here."""
        keys = self.credentials
        lines = [f"[profile {PROFILE}]", f"services = {PROFILE}", f"endpoint_url = {self.urls[DEFAULT]}"]
        lines += [f"aws_access_key_id = {keys.access_key}", f"aws_secret_access_key = {keys.secret_key}", ""]
        lines.append(f"[services {PROFILE}]")
        for service in SERVICES:
            lines += [f"{service.key} =", f"  endpoint_url = {self.urls[service.emulator]}"]
        return "\n".join(lines) + "\n"

    def provider_arguments(self, profile_file: str) -> dict[str, Any]:
        """Arguments for a `provider "aws"` block, or for an override of one.

        With them, plain `terraform plan` in the stack's directory needs no environment variable, and no key
        comes into a plan.
        `max_retries` is small because a call that an emulator lacks would be tried 25 times. An `endpoints`
        block would do the same, but the provider (5.100) takes two seconds of a processor to look through
        one, each time that it is started.

        Args:
            profile_file: where Terraform finds what `profile` says.
        """
        return {
            "max_retries": 4,
            "s3_use_path_style": True,
            "skip_credentials_validation": True,
            "skip_metadata_api_check": "true",
            "profile": PROFILE,
            "shared_config_files": [profile_file],
        }

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client for `service`, bound to the emulator that answers for it.

        Nothing in the caller's environment or AWS configuration (profile, endpoints, proxies) can lead it
        elsewhere.
        """
        from botocore.config import Config

        keys = self.credentials.of_session(self.session)
        with _making:
            return _plain_session().client(
                service,
                region_name=region or self.region,
                endpoint_url=self.url(service),
                aws_access_key_id=keys.access_key,
                aws_secret_access_key=keys.secret_key,
                aws_session_token=keys.session_token or None,
                config=Config(proxies={}, retries={"total_max_attempts": 4}),
            )


_making = threading.Lock()
"""Clients may be used by several threads, but must be made by one at a time."""


@functools.cache
def _plain_session() -> Any:
    """A boto3 session that reads no profile and no file of the user's; it keeps the services' models."""
    import boto3
    from botocore.session import Session

    ignored = (None, None, None, None)
    nowhere = (None, None, os.devnull, None)
    variables = {"profile": ignored, "config_file": nowhere, "credentials_file": nowhere}
    return boto3.Session(botocore_session=Session(session_vars=variables))
