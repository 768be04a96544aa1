"""The stack's encryption key, which several areas compare with."""

from __future__ import annotations

from groma.architecture import Architecture
from groma.live.verify.reading import Answer, Reading

OWN_KEY = "encrypted with the stack's key"


def key(architecture: Architecture, reading: Reading) -> Answer | None:
    """The metadata of the stack's key, which its alias names; None when there is none."""
    answer = reading.ask("kms", "describe_key", KeyId=f"alias/{architecture.name}")
    return answer["KeyMetadata"] if answer else None


def encrypted(key_id: str | None, architecture: Architecture, reading: Reading) -> str:
    """How something is encrypted, by the id, ARN or alias of the key that AWS names; None is not at all."""
    if not key_id:
        return "not encrypted"
    own = key(architecture, reading) or {}
    names = {own.get("KeyId"), own.get("Arn"), f"alias/{architecture.name}"}
    return OWN_KEY if key_id in names else "encrypted with another key"
