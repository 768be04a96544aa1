"""The gate itself: reads what changes something, and answers where AWS would refuse."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from groma.live.embedded.gate.account import Stage
from groma.live.embedded.gate.answers import ANSWERS
from groma.live.embedded.gate.asked import Asked, Http, UnreadableError, is_form, read, scope_of
from groma.live.embedded.gate.refusal import Refusal, as_reply
from groma.live.embedded.gate.registry import keep, refusal_by_rule
from groma.live.embedded.gate.reply import Reply, told
from groma.live.embedded.gate.rules import all_rules
from groma.live.embedded.gate.shapes import misshapen

_LOOKING = re.compile(
    rb"(?:^|&)Action=(?:Describe|List|Get)|^(?:Describe|List|Get|Query|Scan|BatchGet|Receive)"
)
"""Operations that change nothing; AWS has its own ways to refuse them, which clients meet anyway."""
_OF_ACCOUNT = "/2016-08-19/account-settings"
"""Where Lambda is asked what the account may have."""
_ASKED_OF_ACCOUNT = tuple(operation.encode() for _, operation in ANSWERS)
JOURNAL = "refused.jsonl"
"""Ends the name of the file, one for each emulator, in which it stands what was refused."""
NO_CONTROL = frozenset({"execute-api"})
_USE = re.compile(
    rb"(?:^|Action=)(?:(?:Put|Update|Delete|BatchWrite|BatchExecute|TransactWrite|Execute)(?:Item|Items|Statement|"
    rb"Transaction)|SendMessage|DeleteMessage|ChangeMessageVisibility|Publish|PutMetricData|PutLogEvents|PutEvents)"
)
"""Operations by which an application uses what stands: not judged, since nothing is made by them."""


FORBIDDEN = 403
"""The status with which a caller is refused what its policies do not allow."""


class Authority(Protocol):
    """What judges a request by the policies of who sends it."""

    def concerns(self, http: Http) -> bool:
        """Whether a request, of which the body need not be known, is judged."""

    def judge(self, asked: Asked, http: Http) -> Refusal | None:
        """The refusal of a request; UnreadableError when nobody knows what must be allowed for it."""


@dataclass
class Gate:
    """One emulator's gate.

    Attributes:
        stage: whose account is played.
        journal: where what was refused, or could not be read, is written, a line each.
        judged: requests that were read.
        seconds: what that took.
        authority: judges by the caller's policies; None where nobody is judged so.
    """

    stage: Stage
    journal: Path
    judged: int = 0
    seconds: float = 0.0
    authority: Authority | None = None

    def concerns(self, http: Http) -> bool:
        """Whether a request, of which the body need not be known, is for a service's control, or judged."""
        scope = scope_of(http)
        if scope is None:
            return self.authority is not None and is_form(http)
        if scope[0] in NO_CONTROL:
            return False
        return self._is_control(http, scope) or self._is_judged(http)

    def _is_control(self, http: Http, scope: tuple[str, str] | None) -> bool:
        if scope is None:
            return False
        if http.method in ("GET", "HEAD"):
            return http.path.startswith(_OF_ACCOUNT)
        is_object = scope[0] == "s3" and "/" in http.path.strip("/")
        return not is_object and not http.path.endswith("/invocations")

    def judge(self, http: Http) -> tuple[Asked | None, Reply | None]:
        """What is asked by a request that concerns the gate, and the refusal; None for both when it changes
        nothing.
        """
        started = time.perf_counter()
        try:
            return self._judge(http)
        finally:
            self.seconds += time.perf_counter() - started

    def _judge(self, http: Http) -> tuple[Asked | None, Reply | None]:
        is_ruled = self._is_control(http, scope_of(http)) and (
            _is_of_account(http) or not _makes_nothing(http)
        )
        authority = self.authority if self._is_judged(http) else None
        if not is_ruled and authority is None:
            return None, None
        self.judged += 1
        try:
            asked = read(http)
            denied = None if asked is None or authority is None else authority.judge(asked, http)
        except UnreadableError as error:
            self._note({"unreadable": str(error)})
            return None, None
        if asked is not None and denied is not None:
            return asked, replace(self._told(asked, denied), status=FORBIDDEN)
        if asked is None or not is_ruled:
            return None, None
        known = ANSWERS.get((asked.service, asked.operation))
        answer = None if known is None else known(asked, self.stage)
        if answer is not None:
            return asked, as_reply(asked, answer) if isinstance(answer, Refusal) else told(asked, answer)
        refused = None if _makes_nothing(http) else self._refusal(asked)
        return asked, None if refused is None else self._told(asked, refused)

    def _is_judged(self, http: Http) -> bool:
        return self.authority is not None and self.authority.concerns(http)

    def _told(self, asked: Asked, refused: Refusal) -> Reply:
        """A refusal, noted."""
        name = f"{asked.service}.{asked.operation}"
        self._note({"refused": name, "region": asked.region, "code": refused.code, "text": refused.text})
        return as_reply(asked, refused)

    def answered(self, asked: Asked, status: int) -> None:
        """Keep what a request has left behind, once the emulator has done it."""
        if status < 300:
            keep(asked, self.stage)

    def _refusal(self, asked: Asked) -> Refusal | None:
        all_rules()
        return misshapen(asked) or refusal_by_rule(asked, self.stage)

    def _note(self, what: Mapping[str, str]) -> None:
        with self.journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps(what) + "\n")


def _is_of_account(http: Http) -> bool:
    """Whether the account is asked for something that the gate alone knows."""
    asked_by = http.headers.get("x-amz-target", "").encode() or http.body[:256]
    return http.path.startswith(_OF_ACCOUNT) or any(name in asked_by for name in _ASKED_OF_ACCOUNT)


def looks_only(http: Http) -> bool:
    """Whether a request changes nothing at all; of one whose body is not known, it is not assumed."""
    asked_by = http.headers.get("x-amz-target", "").rpartition(".")[2].encode() or http.body[:4096]
    return http.method in ("GET", "HEAD") or bool(_LOOKING.search(asked_by))


def _makes_nothing(http: Http) -> bool:
    """Whether it changes nothing that stands: it looks, or uses what is there."""
    asked_by = http.headers.get("x-amz-target", "").rpartition(".")[2].encode() or http.body[:4096]
    return bool(_LOOKING.search(asked_by) or _USE.search(asked_by))
