"""What `up` and `down` have done, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from groma.architecture import CheckList, Finding
from groma.bill import bill
from groma.design import Design
from groma.live.stack import Stack
from groma.live.target import Target


@dataclass(frozen=True)
class Provisioned:
    """What `up` has done.

    Attributes:
        findings: what was found in the cloud, a line each.
        outputs: Terraform's outputs.
        added, changed, removed: resources that Terraform made, altered and deleted.
        seconds: how long it all took.
        address: where its site is opened in a browser; empty where none answers.
    """

    findings: tuple[Finding, ...]
    outputs: Mapping[str, object]
    added: int
    changed: int
    removed: int
    seconds: float
    address: str = ""

    @property
    def checks(self) -> CheckList:
        """What was found in the cloud, as it is told."""
        return CheckList(self.findings)

    def document(self, design: Design, stack: Stack) -> dict[str, Any]:
        """All of it as plain values: where it is opened, what it costs, and what was found, too."""
        return {
            "stack": stack.name,
            "target": stack.target,
            "address": self.address,
            "outputs": dict(self.outputs),
            "bill": bill(design.architecture).document(),
            "added": self.added,
            "changed": self.changed,
            "removed": self.removed,
            "seconds": round(self.seconds, 1),
            "findings": self.checks.document(),
        }

    def lines(self, design: Design, stack: Stack) -> tuple[str, ...]:
        """What was done, what it costs and reaches, and where everything lies."""
        priced = bill(design.architecture)
        usd, least = priced.monthly_usd, "at least " if priced.unknown else ""
        return (
            f"{stack.name} stands in the {stack.target} cloud: {self.added} resources made, "
            f"{self.changed} changed, {self.removed} removed, in {self.seconds:.0f} s",
            f"bill          {least}${usd.likely:,.2f} a month (${usd.low:,.0f} to ${usd.high:,.0f})",
            *_goals(design),
            *([f"site          {self.address}"] if self.address else []),
            f"diagram       {stack.directory}/diagram.png",
            f"Terraform     {stack.terraform}/",
        )


def _goals(design: Design) -> list[str]:
    """What the design reaches, where something of it is sized or promised."""
    plan, p99_ms = design.plan, design.plan.latency_ms.get("p99")
    goals = [f"p99           {p99_ms:g} ms {plan.kept_at}"] if p99_ms is not None else []
    if design.availability.parts:
        goals.append(f"availability  {design.availability.value:.4%} at {plan.measured_at}")
    return goals


def address_of(outputs: Mapping[str, object], target: Target, domain: str | None) -> str:
    """Where the site is opened: the embedded cloud runs functions, not servers, and nobody's domain."""
    if target.name == "aws" and domain is not None:
        return target.address(domain)
    host = outputs.get("distribution_domain_name")
    answers = target.name == "aws" or "api_domain_name" in outputs
    return target.address(host) if isinstance(host, str) and answers else ""


@dataclass(frozen=True)
class TakenDown:
    """What `down` has done: resources deleted, and what is left of the stack, which should be nothing.

    `state` says what became of the bucket that kept the state; empty when there was none.
    """

    removed: int
    left: tuple[str, ...] = ()
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    state: str = ""

    def lines(self, name: str) -> tuple[str, ...]:
        """What became of the stack of that name, and of its state."""
        done = f"{self.removed} resources of {name} destroyed in {self.seconds:.0f} s; the cloud lists none"
        return (*(self.notes or [done]), *([self.state] if self.state else []))

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)
