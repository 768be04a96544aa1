"""AWS WAF: turns away what is known to be hostile, and who asks too often, before anything is paid for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, Metric, ModuleCall, Ref, Runbook
from groma.architecture import Architecture, Component, Lane
from groma.components.dns import CERTIFICATE_REGION
from groma.components.pricing import Meter
from groma.components.watching import EVENTS
from groma.quantity import Range

MODULE = "waf"
MANAGED_GROUPS = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
)
"""AWS's own groups that cost no more than a rule each."""
BLOCKED_SHARE = 0.05
LEAST_BLOCKED = 100


@dataclass(frozen=True, kw_only=True)
class WebFirewall(Component):
    """A web ACL in front of the distribution: AWS's groups of rules, and a limit for each address.

    Attributes:
        requests_per_month: everything that reaches the distribution.
        peak_per_s: the same at the likely peak.
        limit: requests that one address may send within `window_s`; more are answered with 429.
    """

    kind: ClassVar[str] = "web-firewall"
    service: ClassVar[str] = "AWS WAF"
    icon: ClassVar[str] = "security/waf"
    lane: ClassVar[Lane] = "edge"

    requests_per_month: Range
    peak_per_s: float
    limit: int = 2_000
    window_s: int = 300

    @property
    def label(self) -> str:
        return "AWS WAF"

    @property
    def details(self) -> tuple[str, ...]:
        rules = len(MANAGED_GROUPS) + 1
        return (f"{rules} rules", f"{self.limit:,} per address in {self.window_s // 60} min")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        at = CERTIFICATE_REGION
        return (
            meter.monthly("web ACL", 1, "waf", "web_acl", at=at),
            meter.monthly("rules", len(MANAGED_GROUPS) + 1, "waf", "rule", at=at),
            meter.volume("requests inspected", self.requests_per_month, "waf", "requests", at=at),
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        """Many requests blocked."""
        blocked = max(LEAST_BLOCKED, round(BLOCKED_SHARE * self.peak_per_s * 300))
        return (
            Alarm(
                id=f"{self.id}-blocked",
                component=self.id,
                title="the firewall blocks many requests",
                severity="ticket",
                derived_from=f"{BLOCKED_SHARE:.0%} of the {self.peak_per_s * 300:,.0f} requests of five "
                f"minutes at peak, at least {LEAST_BLOCKED}; twice in a row",
                watches=Metric(
                    "AWS/WAFV2",
                    "BlockedRequests",
                    "Sum",
                    {"WebACL": Ref(f"module.{MODULE}.name"), "Rule": "ALL"},
                    300,
                ),
                comparison=">",
                threshold=blocked,
                evaluation_periods=2,
                datapoints=2,
                missing=EVENTS,
                runbook=Runbook(
                    "Nobody, if it is an attack that the firewall holds back; else users are taken for "
                    "attackers.",
                    "Sampled requests of the web ACL: which rule, which addresses, which path?",
                    "A rule that takes users for attackers: let it count instead of block. An attack that "
                    "goes on: lower the limit for each address.",
                ),
                region=CERTIFICATE_REGION,
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            MODULE,
            "waf",
            {
                "name": architecture.name,
                "scope": "CLOUDFRONT",
                "managed_rule_groups": list(MANAGED_GROUPS),
                "rate_limit": {"requests": self.limit, "window_seconds": self.window_s},
            },
            {} if architecture.region == CERTIFICATE_REGION else {"aws": CERTIFICATE_REGION},
        )

    def outputs(self) -> dict[str, str]:
        return {"web_acl_arn": f"module.{MODULE}.arn", "web_acl_name": f"module.{MODULE}.name"}
