"""How provisioning tells what it does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from groma.live.terraform_cli import OnEvent

Progress = Callable[[str], AbstractContextManager[OnEvent]]
"""Shows one operation of Terraform: `with progress("Provisioning") as on_event`."""


@dataclass(frozen=True)
class Reporter:
    """How provisioning tells what it does: steps in words, Terraform's events to a display."""

    step: Callable[[str], None] = lambda _: None
    progress: Progress = lambda _: nullcontext(lambda _: None)
