"""One thing looked at before anything is made, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal

from groma.live.target import Clients
from groma.live.understood import MISUNDERSTOOD, in_words
from groma.words import Mark

Outcome = Literal["ok", "will fail", "cannot tell"]
MARKS = {
    "ok": Mark("ok", "good"),
    "will fail": Mark("no", "bad"),
    "cannot tell": Mark("--", "unsure"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One thing looked at.

    Attributes:
        about: what was looked at.
        outcome: what came of it.
        found: what there is.
        hint: what to do, where something will fail or could not be told.
    """

    about: str
    outcome: Outcome
    found: str
    hint: str = ""


def looks(about: str) -> Callable[[Callable[..., Look]], Callable[..., Look]]:
    """Decorate a look that asks AWS: what AWS does not let it ask, it cannot tell.

    Args:
        about: what is looked at, with the names of arguments in braces: `zones of {region}`.
    """

    def decorate(look: Callable[..., Look]) -> Callable[..., Look]:
        @wraps(look)
        def asked(clients: Clients, *arguments: Any) -> Look:
            from botocore.exceptions import BotoCoreError, ClientError

            try:
                return look(clients, *arguments)
            except ClientError as error:
                title, code = about.format(*arguments), error.response["Error"]["Code"]
                hint = f"allow {error.operation_name}"
                return Look(title, "cannot tell", f"AWS does not say: {code}", hint)
            except BotoCoreError as error:
                title, why = about.format(*arguments), str(error).splitlines()[0]
                return Look(title, "cannot tell", why, "look at credentials, region and network")
            except MISUNDERSTOOD as error:
                title, why = about.format(*arguments), f"the answer is not understood: {in_words(error)}"
                return Look(title, "cannot tell", why, "try again")

        return asked

    return decorate
