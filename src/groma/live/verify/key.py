"""The stack's encryption key, which several areas compare with."""

from __future__ import annotations

from groma.architecture import Architecture
from groma.live.verify.reading import Answer, Reading

OWN_KEY = "encrypted with the stack's key"


def key(architecture: Architecture, reading: Reading) -> Answer | None:
    """The metadata of the stack's key, by its alias, or of the account's; None when there is none."""
    named = architecture.account.kms_key or f"alias/{architecture.name}"
    answer = reading.ask("kms", "describe_key", KeyId=named)
    return answer["KeyMetadata"] if answer else None


def encrypted(key_id: str | None, architecture: Architecture, reading: Reading) -> str:
    """How something is encrypted, by the id, ARN or alias of the key that AWS names; None is not at all."""
    if not key_id:
        return "not encrypted"
    own = key(architecture, reading) or {}
    names = {own.get("KeyId"), own.get("Arn"), f"alias/{architecture.name}"}
    return OWN_KEY if key_id in names else "encrypted with another key"
