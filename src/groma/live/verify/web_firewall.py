"""AWS WAF: its rules in their order, and the limits for each address."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.web_firewall import WebFirewall
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Answer, Reading


def web_firewall(component: WebFirewall, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """The rules of the web ACL as they stand."""
    arn = reading.output("web_acl_arn")
    answer = _web_acl(arn, reading) if arn else None
    limits = [_limit(component.limit, component.window_s)]
    if component.guarded:
        limits.insert(0, f"{_limit(component.guarded_limit, component.window_s)} at {_expression(component)}")
    yield compare(
        f"{component.id}.rules",
        f"{component.label}: rules, and the limits for each address",
        listed([*component.groups, *limits]),
        listed(_rule(rule) for rule in sorted(answer["Rules"], key=_priority)) if answer else None,
    )


def _web_acl(arn: str, reading: Reading) -> Answer | None:
    name, acl_id = arn.split("/")[-2:]
    answer = reading.ask("wafv2", "get_web_acl", Name=name, Scope="CLOUDFRONT", Id=acl_id)
    return answer["WebACL"] if answer else None


def _priority(rule: Answer) -> int:
    return int(rule["Priority"])


def _rule(rule: Answer) -> str:
    statement = rule["Statement"]
    if group := statement.get("ManagedRuleGroupStatement"):
        return str(group["Name"])
    if rate := statement.get("RateBasedStatement"):
        blocked = rule.get("Action", {}).get("Block", {}).get("CustomResponse", {}).get("ResponseCode")
        where = rate.get("ScopeDownStatement", {}).get("RegexMatchStatement", {}).get("RegexString")
        limit = _limit(rate["Limit"], rate["EvaluationWindowSec"], str(blocked or "counted"))
        return f"{limit} at {where}" if where else limit
    return str(rule["Name"])


def _limit(requests: int, window_s: int, then: str = "429") -> str:
    return f"{requests} per address in {window_s} s, then {then}"


def _expression(component: WebFirewall) -> str:
    """The guarded paths as the module `waf` asks for them."""
    return f"^({'|'.join(component.guarded)})(/|$)"
