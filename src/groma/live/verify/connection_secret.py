"""The secret with which tasks connect to the database."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.connection_secret import ConnectionSecret
from groma.live.verify.findings import compare
from groma.live.verify.reading import Reading


def connection_secret(
    component: ConnectionSecret, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """That it exists and is not about to be deleted."""
    arn = reading.output("connection_secret_arn")
    secret = reading.ask("secretsmanager", "describe_secret", SecretId=arn) if arn else None
    actual = None
    if secret:
        deleted = f", to be deleted on {secret['DeletedDate']:%Y-%m-%d}" if secret.get("DeletedDate") else ""
        actual = f"{secret['Name']}{deleted}"
    name = f"{architecture.name}/connection"
    yield compare(f"{component.id}.secret", "secret with the URLs of the database", name, actual)
