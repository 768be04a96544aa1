"""What an account asks of all that is made in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """What an account asks.

    Attributes:
        boundary: ARN of the managed policy that bounds every role; empty for none.
        kms_key: ARN of the key that exists already and encrypts everything; empty where a stack makes one.
    """

    boundary: str = ""
    kms_key: str = ""


NOTHING_ASKED = Account()
