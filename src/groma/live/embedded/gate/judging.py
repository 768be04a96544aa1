"""The gate itself: reads what changes something, and answers where AWS would refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from groma.live.embedded.gate.account import Stage
from groma.live.embedded.gate.asked import Asked, Http, UnreadableError, read, scope_of
from groma.live.embedded.gate.refusal import Refusal, Reply, as_reply
from groma.live.embedded.gate.registry import keep, refusal_by_rule
from groma.live.embedded.gate.shapes import misshapen

_LOOKING = re.compile(
    rb"(?:^|&)Action=(?:Describe|List|Get)|^(?:Describe|List|Get|Query|Scan|BatchGet|Receive)"
)
"""Operations that change nothing; AWS has its own ways to refuse them, which clients meet anyway."""
JOURNAL = "refused.jsonl"
NO_CONTROL = frozenset({"execute-api"})
_USE = re.compile(
    rb"(?:^|Action=)(?:(?:Put|Update|Delete|BatchWrite|BatchExecute|TransactWrite|Execute)(?:Item|Items|Statement|"
    rb"Transaction)|SendMessage|DeleteMessage|ChangeMessageVisibility|Publish|PutMetricData|PutLogEvents|PutEvents)"
)
"""Operations by which an application uses what stands: not judged, since nothing is made by them."""


@dataclass
class Gate:
    """One emulator's gate.

    Attributes:
        stage: whose account is played.
        journal: where what was refused, or could not be read, is written, a line each.
    """

    stage: Stage
    journal: Path
    _rules_loaded: bool = field(default=False, repr=False)

    def concerns(self, http: Http) -> bool:
        """Whether a request, of which the body need not be known, is for a service's control."""
        scope = scope_of(http)
        if scope is None or scope[0] in NO_CONTROL or http.method in ("GET", "HEAD"):
            return False
        is_object = scope[0] == "s3" and "/" in http.path.strip("/")
        return not is_object and not http.path.endswith("/invocations")

    def judge(self, http: Http) -> tuple[Asked | None, Reply | None]:
        """What is asked, and the refusal; None for both when it changes nothing or is not of an API."""
        if not self.concerns(http) or _makes_nothing(http):
            return None, None
        try:
            asked = read(http)
        except UnreadableError as error:
            self._note({"unreadable": str(error)})
            return None, None
        if asked is None:
            return None, None
        refused = self._refusal(asked)
        if refused is None:
            return asked, None
        self._note(
            {"refused": f"{asked.service}.{asked.operation}", "code": refused.code, "text": refused.text}
        )
        return asked, as_reply(asked, refused)

    def answered(self, asked: Asked, status: int) -> None:
        """Keep what a request has left behind, once the emulator has done it."""
        if status < 300:
            keep(asked, self.stage)

    def _refusal(self, asked: Asked) -> Refusal | None:
        if not self._rules_loaded:
            from groma.live.embedded.gate.rules import all_rules

            all_rules()
            self._rules_loaded = True
        return misshapen(asked) or refusal_by_rule(asked, self.stage)

    def _note(self, what: Mapping[str, str]) -> None:
        with self.journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps(what) + "\n")


def _makes_nothing(http: Http) -> bool:
    """Whether it changes nothing that stands: it looks, or uses what is there."""
    told = http.headers.get("x-amz-target", "").rpartition(".")[2].encode() or http.body[:4096]
    return bool(_LOOKING.search(told) or _USE.search(told))
