"""A request against the policies that apply to it: AWS's evaluation logic within one account, and across two.

Sources, read 2026-11-28: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html,
…/reference_policies_evaluation-logic-cross-account.html, …/access_policies_boundaries.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from groma.iam.conditions import unmet
from groma.iam.matching import matches_action, matches_resource
from groma.iam.policy import Policy, Statement

Principals = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Request:
    """What somebody asks for.

    Attributes:
        action: such as `dynamodb:PutItem`.
        resource: an ARN; `*` for an action that knows none.
        principal: ARN of the user, or of the role's session: `arn:aws:sts::…:assumed-role/name/session`.
        context: condition key → value, or values of a key that has several.
        owner: account of the resource; the principal's own when left out.
    """

    action: str
    resource: str
    principal: str
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    owner: str = ""

    @property
    def account(self) -> str:
        """The principal's account."""
        return self.principal.split(":")[4] if self.principal.count(":") > 3 else ""


@dataclass(frozen=True)
class Policies:
    """The policies that apply; None for a limit that is not set."""

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: tuple[Policy, ...] | None = None
    resource: Policy | None = None


@dataclass(frozen=True)
class Decision:
    """Whether it is allowed, and why.

    Attributes:
        allowed: the answer.
        why: which statement of which policy says so, or that none does.
        told: how AWS goes on after "is not authorized to perform … on resource …"; empty when allowed.
    """

    allowed: bool
    why: str
    told: str = ""


def role_of(principal: str) -> str:
    """ARN of the role whose session somebody is, without its path, which no session tells; "" for others."""
    head, _, session = principal.partition(":assumed-role/")
    return f"{head.replace(':sts:', ':iam:')}:role/{session.partition('/')[0]}" if session else ""


def evaluate(request: Request, policies: Policies) -> Decision:
    """Whether a request is allowed: denied wins, then each limit must allow it, then some policy must."""
    context = {
        key.lower(): (value,) if isinstance(value, str) else value for key, value in request.context.items()
    }
    judge = _Judge(request, context)
    return judge.denial(policies) or judge.permission(policies)


@dataclass(frozen=True)
class _Judge:
    request: Request
    context: Mapping[str, tuple[str, ...]]

    def denial(self, policies: Policies) -> Decision | None:
        """The first explicit denial."""
        kinds: tuple[tuple[str, tuple[Policy, ...]], ...] = (
            ("identity-based policy", policies.identity),
            ("permissions boundary", _one(policies.boundary)),
            ("session policy", policies.session or ()),
        )
        for kind, each in kinds:
            if found := self._found("Deny", each):
                return self._denied(kind, found)
        account = self.request.account
        everybody = (*self._principals(), account, f"arn:aws:iam::{account}:root")
        if found := self._of_resource("Deny", policies.resource, everybody):
            return self._denied("resource-based policy", found)
        return None

    def permission(self, policies: Policies) -> Decision:
        """What allows it, where nothing denies it."""
        by_resource = self._of_resource("Allow", policies.resource, self._principals())
        if self.request.owner not in ("", self.request.account):
            return self._across(policies, by_resource)
        if direct := self._of_resource("Allow", policies.resource, (self.request.principal,)):
            return Decision(True, f"{direct} allows it")
        if limited := self._limited(policies):
            return limited
        if found := self._found("Allow", policies.identity) or by_resource:
            return Decision(True, f"{found} allows it")
        return self._nothing("identity-based policy")

    def _across(self, policies: Policies, by_resource: str) -> Decision:
        """Across accounts both sides must allow it."""
        if limited := self._limited(policies):
            return limited
        if not self._found("Allow", policies.identity):
            return self._nothing("identity-based policy")
        return (
            Decision(True, f"{by_resource} allows it")
            if by_resource
            else self._nothing("resource-based policy")
        )

    def _limited(self, policies: Policies) -> Decision | None:
        if policies.boundary is not None and not self._found("Allow", (policies.boundary,)):
            return self._nothing("permissions boundary")
        if policies.session is not None and not self._found("Allow", policies.session):
            return self._nothing("session policy")
        return None

    def _found(self, effect: str, policies: Iterable[Policy]) -> str:
        """Name of the first statement with this effect that fits; "" for none."""
        for policy in policies:
            for each in policy.statements:
                if each.effect == effect and self._fits(each):
                    return f"{each.sid} of {policy.name}"
        return ""

    def _of_resource(self, effect: str, policy: Policy | None, principals: tuple[str, ...]) -> str:
        for each in policy.statements if policy else ():
            if each.effect == effect and _names(each, principals) and self._fits(each):
                return f"{each.sid} of {policy.name if policy else ''}"
        return ""

    def _fits(self, statement: Statement) -> bool:
        action, resource = self.request.action, self.request.resource
        if statement.action and not any(matches_action(action, each) for each in statement.action):
            return False
        if any(matches_action(action, each) for each in statement.not_action):
            return False
        wanted, unwanted = statement.resource, statement.not_resource
        if wanted and not any(matches_resource(resource, each, self.context) for each in wanted):
            return False
        if any(matches_resource(resource, each, self.context) for each in unwanted):
            return False
        return not unmet(statement.conditions, self.context)

    def _principals(self) -> tuple[str, ...]:
        """Who the caller is to a resource's policy: itself, its role, its account, anybody."""
        principal, account = self.request.principal, self.request.account
        names = [principal, "*"]
        if role := role_of(principal):
            names.append(role)
        if self.request.owner not in ("", account):
            names += [account, f"arn:aws:iam::{account}:root"]
        return tuple(names)

    def _denied(self, kind: str, statement: str) -> Decision:
        return Decision(False, f"{statement} denies it", f"with an explicit deny in a{_n(kind)} {kind}")

    def _nothing(self, kind: str) -> Decision:
        action, resource = self.request.action, self.request.resource
        why = f"no statement of a{_n(kind)} {kind} allows {action} on {resource}"
        return Decision(False, why, f"because no {kind} allows the {action} action")


def _names(statement: Statement, principals: tuple[str, ...]) -> bool:
    """Whether a statement of a resource's policy is about one of these."""
    if statement.not_principal is not None:
        unmeant = {name for names in statement.not_principal.values() for name in names}
        return not unmeant & set(principals)
    meant = {name for names in (statement.principal or {}).values() for name in names}
    return bool(meant & set(principals))


def _one(policy: Policy | None) -> tuple[Policy, ...]:
    return () if policy is None else (policy,)


def _n(kind: str) -> str:
    return "n" if kind[0] in "aeiou" else ""
