"""A refusal, and how it is told: as AWS tells it, with our explanation behind it."""

from __future__ import annotations

from dataclasses import dataclass

from groma.live.embedded.gate.asked import Asked
from groma.live.embedded.gate.reply import Reply, told

MARK = " [Groma: "


@dataclass(frozen=True)
class Refusal:
    """Why AWS would not do what it is asked.

    Attributes:
        code: AWS's code of the error, such as `InvalidDomainName`.
        message: AWS's own words.
        why: what is behind it, and what to do next, in ours.
    """

    code: str
    message: str
    why: str

    @property
    def text(self) -> str:
        """AWS's words, then ours."""
        return f"{self.message}{MARK}{self.why}]"


class _Told(Exception):
    """A refusal as the serializers of moto want it: with the code and the message that AWS would give."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def as_reply(asked: Asked, refusal: Refusal) -> Reply:
    """The refusal in the protocol in which the request was sent."""
    return told(asked, _Told(refusal.code, refusal.text))
