"""The keys of one cloud: made at random with it, kept in its own directory, readable by their owner only."""

from __future__ import annotations

import hmac
import json
import secrets
import string
from dataclasses import dataclass, field
from pathlib import Path

from groma.files import write_atomically

FILE_NAME = "credentials.json"
_ID_LETTERS = string.ascii_uppercase + "234567"
_ID_LENGTH, _SECRET_LENGTH = 16, 40
"""As long as AWS's: 20 characters with the prefix, and 40."""


@dataclass(frozen=True)
class Credentials:
    """What requests are signed with.

    Attributes:
        access_key: says whose key it is; no secret.
        secret_key: signs.
        session_token: says whose session it is; empty for who holds the cloud's own key.
    """

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str = ""

    def of_session(self, token: str) -> Credentials:
        """The keys of a session, which follow from these: who has them cannot find out these or others.

        So nobody has to keep what was given out, and both emulators know it.
        """
        if not token:
            return self
        digest = hmac.digest(self.secret_key.encode(), f"session:{token}".encode(), "sha256")
        letters = "".join(_ID_LETTERS[byte % len(_ID_LETTERS)] for byte in digest[:_ID_LENGTH])
        secret = hmac.digest(self.secret_key.encode(), f"secret:{token}".encode(), "sha256").hex()
        return Credentials(f"ASIA{letters}", secret[:_SECRET_LENGTH], token)


def new_credentials() -> Credentials:
    """Keys that nobody else has."""
    letters = "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH))
    return Credentials(f"AKIA{letters}", secrets.token_hex(_SECRET_LENGTH // 2))


def keep_credentials(directory: Path) -> Credentials:
    """The keys of a directory's cloud, made when it has none, or when they cannot be read any more."""
    found = read_credentials(directory)
    if found is None:
        found = new_credentials()
        content = {"access_key": found.access_key, "secret_key": found.secret_key}
        write_atomically(directory / FILE_NAME, json.dumps(content).encode() + b"\n")
    return found


def read_credentials(directory: Path) -> Credentials | None:
    """The keys of a directory's cloud; None when it has none, or they cannot be understood."""
    try:
        content = json.loads((directory / FILE_NAME).read_text())
        found = Credentials(str(content["access_key"]), str(content["secret_key"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if len(found.secret_key) == _SECRET_LENGTH else None
