"""AWS WAF: its rules in their order, and the limit for each address."""

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
    limit = f"{component.limit} per address in {component.window_s} s, then 429"
    yield compare(
        f"{component.id}.rules",
        f"{component.label}: rules, and the limit for each address",
        listed([*component.groups, limit]),
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
        return f"{rate['Limit']} per address in {rate['EvaluationWindowSec']} s, then {blocked or 'counted'}"
    return str(rule["Name"])
