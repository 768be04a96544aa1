"""Find a stack again in its cloud, by its names and tags, when the files that held it are lost or damaged."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from groma.design import Design
from groma.live.provision import prepared
from groma.live.reporting import Reporter
from groma.live.settling import Settled
from groma.live.stack import Stack
from groma.live.target import Target
from groma.report.documents import build


@dataclass(frozen=True)
class Adopted:
    """What was found of a stack.

    Attributes:
        stack, target: which, and where.
        taken: addresses of what was taken over.
        foreign: addresses whose names something has that is not the stack's.
        resources: how many the state holds now.
    """

    stack: str
    target: str
    taken: tuple[str, ...]
    foreign: tuple[str, ...]
    resources: int

    def lines(self) -> tuple[str, ...]:
        """What was found, and what can be done with it."""
        if not self.resources:
            return (f"nothing of {self.stack} was found in the {self.target} cloud",)
        return (
            f"{self.stack} in the {self.target} cloud: {Settled(self.taken)}; "
            f"its state holds {self.resources} resources",
            *(f"left alone, since it is not the stack's: {address}" for address in self.foreign),
            "next: groma up    to complete it",
            "      groma down  to take it down",
        )

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


def adopt(design: Design, stack: Stack, target: Target, report: Reporter | None = None) -> Adopted:
    """Look in the cloud for all of a design, and note what is there in the state; the cloud is not changed.

    Raises:
        TerraformError: Terraform cannot read it.
        CloudError: the cloud is not to be had.
        InputError: the stack stands elsewhere.
        OutsideError: another groma is at work on it.
    """
    report = report or Reporter()
    documents = build(design, native=target.name == "aws")
    with stack.held():
        stack.forget_damage()
        ready = prepared(design, documents, stack, target, report, whole=True)
        resources = len(ready.settler.terraform.state_list())
        target.settle()
        if not resources:
            stack.forget()
    return Adopted(stack.name, stack.target, ready.settled.taken, ready.settled.foreign, resources)
