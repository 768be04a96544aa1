"""A rehearsal: the whole life of a stack in a cloud of its own that refuses what AWS refuses.

The embedded cloud plays an account, the preflight looks at it, the stack is provisioned, verified and taken
down, and the cloud is thrown away, whatever happened.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from groma.design import Design
from groma.errors import OutsideError
from groma.live.embedded import Account
from groma.live.outcome import Provisioned
from groma.live.preflight import Preflight, preflight
from groma.live.provision import down, up
from groma.live.reporting import Reporter
from groma.live.stack import Stack
from groma.live.standing_before import make_guests
from groma.live.target import EmbeddedTarget
from groma.words import Words
from groma.workload import Workload
from groma.workload.domains import is_placeholder

STAGE = "rehearsal"
STAND_IN = "groma-rehearsal.net"
"""Below it lies the domain that is rehearsed with where the workload has a mere placeholder."""


@dataclass(frozen=True)
class Rehearsed:
    """How a rehearsal went.

    Attributes:
        account: whose account was played.
        preflight: what was looked at before.
        done: what stood; None when something was in the way.
        refused: what the cloud refused, as it said it.
        failure: what ended the rehearsal early, in words; empty when nothing did.
    """

    account: Account
    preflight: Preflight
    done: Provisioned | None = None
    refused: tuple[Mapping[str, str], ...] = ()
    failure: str = ""

    @property
    def passed(self) -> bool:
        """Whether AWS would have taken all of it."""
        return self.done is not None and not self.refused and not self.done.checks.failed

    def words(self) -> Words:
        """The preflight where it ended there; else what was refused, or what stood."""
        if self.preflight.obstacles:
            told, number = self.preflight.words(), len(self.preflight.obstacles)
            ending = f"nothing was made: in a {self.account} account {number} of these would fail"
            return Words(tables=told.tables, lines=(*told.lines, "", ending))
        if self.done is None or self.refused:
            refused = [f"refused  {each['refused']}: {each['text']}" for each in self.refused]
            return Words(lines=tuple(refused or [self.failure]))
        checks = self.done.checks.words()
        made = f"rehearsed in a {self.account} account: {self.done.added} resources made, "
        rows = checks.tables if self.done.checks.failed else ()
        return Words(tables=rows, lines=(*checks.lines, f"{made}nothing refused, and taken down"))

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "account": self.account.value,
            "passed": self.passed,
            "preflight": self.preflight.document(),
            "refused": [dict(each) for each in self.refused],
            "failure": self.failure,
            "findings": [] if self.done is None else [asdict(finding) for finding in self.done.findings],
        }


def with_a_domain(workload: Workload) -> Workload:
    """The workload with a domain that can be owned in place of one that is a placeholder."""
    if workload.domain is None or not is_placeholder(workload.domain):
        return workload
    return workload.model_copy(update={"domain": f"{workload.name}.{STAND_IN}"})


@contextmanager
def staged(account: Account, home: Path) -> Iterator[tuple[Path, EmbeddedTarget]]:
    """A cloud that plays an account, and the directory that it has to itself; thrown away at the end.

    Args:
        home: Groma's home directory, in which the stage is built.
    """
    stage = home / STAGE / account.value
    target = EmbeddedTarget(stage / "cloud", account_kind=account, strict=True)
    target.cloud.stop(discard=True)
    try:
        target.open()
        yield stage, target
    finally:
        target.cloud.stop(discard=True)
        shutil.rmtree(stage, ignore_errors=True)


def rehearse(design: Design, account: Account, home: Path, report: Reporter) -> Rehearsed:
    """Play the life of a stack in an account of this kind. Nothing of it stays."""
    report.step(f"opening a cloud that plays a {account.value} account")
    with staged(account, home) as (stage, target):
        make_guests(design.workload, target, report)
        looked = preflight(design, target)
        if looked.obstacles:
            return Rehearsed(account, looked)
        stack = Stack(design.architecture.name, "embedded", stage)
        return _played(design, looked, stack, target, report)


def _played(
    design: Design, looked: Preflight, stack: Stack, target: EmbeddedTarget, report: Reporter
) -> Rehearsed:
    """Up and down, as far as it goes; what a cloud that is thrown away still holds is no loss."""
    done, failure = None, ""
    try:
        done = up(design, stack, target, report)
        down(stack, target, report, keep_cloud=True)
    except OutsideError as error:
        failure = str(error)
    return Rehearsed(target.account_kind, looked, done, target.cloud.refused(), failure)
