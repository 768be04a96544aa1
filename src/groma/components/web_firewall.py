"""AWS WAF: turns away what is known to be hostile, and who asks too often, before anything is paid for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, Metric, ModuleCall, Ref, Runbook, Value
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
MORE_GROUPS = ("AWSManagedRulesSQLiRuleSet", "AWSManagedRulesLinuxRuleSet")
"""Attacks on what stands behind: SQL and the operating system. With all groups and both
limits 1,452 of the 1,500 capacity units that a web ACL includes are used
(https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html, undated)."""
BOT_CONTROL = "AWSManagedRulesBotControlRuleSet"
"""At its common level: programs that give themselves away or pretend to be browsers; paid by the request."""
BLOCKED_SHARE = 0.05
LEAST_BLOCKED = 100


@dataclass(frozen=True, kw_only=True)
class WebFirewall(Component):
    """A web ACL in front of the distribution: AWS's groups of rules, and a limit for each address.

    Attributes:
        requests_per_month: everything that reaches the distribution.
        peak_per_s: the same at the likely peak.
        limit: requests that one address may send within `window_s`; more are answered with 429.
        guarded: paths that cost a mail or a compared password, with all below them.
        guarded_limit: requests to all of these that one address may send within `window_s`.
        more_rules: whether it knows attacks on what stands behind, too.
        bot_control: whether it knows programs that pretend to be people.
    """

    kind: ClassVar[str] = "web-firewall"
    service: ClassVar[str] = "AWS WAF"
    icon: ClassVar[str] = "security/waf"
    lane: ClassVar[Lane] = "edge"

    requests_per_month: Range
    peak_per_s: float
    limit: int = 2_000
    guarded: tuple[str, ...] = ()
    guarded_limit: int = 100
    window_s: int = 300
    more_rules: bool = False
    bot_control: bool = False

    @property
    def groups(self) -> tuple[str, ...]:
        """AWS's groups of rules, in the order in which they are asked; the dearest last."""
        more = MORE_GROUPS if self.more_rules else ()
        return (*MANAGED_GROUPS, *more, *((BOT_CONTROL,) if self.bot_control else ()))

    @property
    def rule_count(self) -> int:
        """Groups, the limit for each address, and that of guarded paths where there are any."""
        return len(self.groups) + 1 + bool(self.guarded)

    @property
    def label(self) -> str:
        return "AWS WAF"

    @property
    def details(self) -> tuple[str, ...]:
        bots = " · bots" if self.bot_control else ""
        return (
            f"{self.rule_count} rules{bots}",
            f"{self.limit:,} per address in {self.window_s // 60} min",
        )

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        at = CERTIFICATE_REGION
        lines = (
            meter.monthly("web ACL", 1, "waf", "web_acl", at=at),
            meter.monthly("rules", self.rule_count, "waf", "rule", at=at),
            meter.volume("requests inspected", self.requests_per_month, "waf", "requests", at=at),
        )
        if not self.bot_control:
            return lines
        return (
            *lines,
            meter.monthly("Bot Control", 1, "waf", "bot_control", at=at),
            meter.volume(
                "inspected by Bot Control",
                self.requests_per_month,
                "waf",
                "bot_control_requests",
                at=at,
            ),
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
        guarded: dict[str, Value] = {
            "paths": list(self.guarded),
            "requests": self.guarded_limit,
            "window_seconds": self.window_s,
        }
        return ModuleCall(
            MODULE,
            "waf",
            {
                "name": architecture.name,
                "scope": "CLOUDFRONT",
                "managed_rule_groups": list(self.groups),
                "rate_limit": {"requests": self.limit, "window_seconds": self.window_s},
                **({"guarded_paths": guarded} if self.guarded else {}),
            },
            {} if architecture.region == CERTIFICATE_REGION else {"aws": CERTIFICATE_REGION},
        )

    def outputs(self) -> dict[str, str]:
        return {"web_acl_arn": f"module.{MODULE}.arn", "web_acl_name": f"module.{MODULE}.name"}
