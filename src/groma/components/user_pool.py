"""Amazon Cognito: who the users are, and the tokens that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, Metric, ModuleCall, QuotaNeed, Ref, Runbook, Uptime
from groma.architecture import Architecture, Component, Finding, Lane
from groma.catalog import sla
from groma.components.pricing import Meter
from groma.components.watching import EVENTS
from groma.quantity import Range

MODULE = "auth"
OWN_MAILS_PER_DAY = 50
"""Mails that Cognito sends by itself a day
(https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html, undated, read 2026-11-22)."""
THROTTLES = {"sign-in": "SignInThrottles", "sign-up": "SignUpThrottles", "refresh": "TokenRefreshThrottles"}


@dataclass(frozen=True, kw_only=True)
class UserPool(Component):
    """The user pool with its client; the application has login pages of its own.

    Attributes:
        monthly_users: users who log in at least once in a month, by whom it is paid.
        login_share: share of the requests that need it: a token is checked without it.
        logins_per_s: log-ins per second at the high peak.
        min_password_chars: characters that a password must have at least.
        token_minutes: how long a token is good.
    """

    kind: ClassVar[str] = "user-pool"
    service: ClassVar[str] = "Amazon Cognito"
    icon: ClassVar[str] = "security/cognito"
    lane: ClassVar[Lane] = "public"
    keeps: ClassVar[tuple[str, ...]] = ("aws_cognito_user_pool",)
    protected: ClassVar[tuple[str, ...]] = ("aws_cognito_user_pool",)

    monthly_users: Range
    login_share: float
    logins_per_s: float
    min_password_chars: int
    token_minutes: int = 60

    @property
    def label(self) -> str:
        return "Cognito user pool"

    @property
    def details(self) -> tuple[str, ...]:
        return ("sign-up, log-in, tokens", f"tokens for {self.token_minutes} min")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        note = "plan Lite"
        return (meter.monthly("monthly active users", self.monthly_users, "cognito", "mau_lite", note),)

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        return (QuotaNeed("sign-ins", round(self.logins_per_s, 1), 0),)

    def uptime(self, architecture: Architecture) -> Uptime:
        """1 - w·(1 - a): only the share w of requests that log in needs it, by its agreement a."""
        share = 1 - self.login_share * (1 - sla("cognito").availability)
        return Uptime(self.id, share, f"agreement for Cognito; {self.login_share:.1%} of requests log in")

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        return (
            Finding(
                id=f"{self.id}-mail",
                what="codes are mailed by a sender of your own",
                expected="an identity of Amazon SES",
                actual=f"Cognito's own sender, {OWN_MAILS_PER_DAY} mails a day",
                ok=False,
                severity="warning",
                hint="enough to try it; before launch give the auth module a `sender`",
            ),
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        dimensions = {
            "UserPool": Ref(f"module.{MODULE}.user_pool_id"),
            "UserPoolClient": Ref(f"module.{MODULE}.client_id"),
        }
        return tuple(
            Alarm(
                id=f"{self.id}-{what}-throttles",
                component=self.id,
                title=f"Cognito turns away {what} requests",
                severity="page",
                derived_from=f"0 may be: the quota has room for the {self.logins_per_s:,.1f} a second of the "
                "high peak; for 5 min in a row",
                watches=Metric("AWS/Cognito", metric, "Sum", dimensions, 60),
                comparison=">",
                threshold=0,
                evaluation_periods=5,
                datapoints=5,
                missing=EVENTS,
                runbook=Runbook(
                    f"Users get errors at {what}.",
                    "How many there are a second, and from how many addresses (the firewall's log): users, "
                    "or somebody who tries passwords?",
                    "Users: ask AWS for a larger quota (`groma doctor` names it). Else lower the firewall's "
                    "limit.",
                ),
            )
            for what, metric in THROTTLES.items()
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            MODULE,
            "auth",
            {
                "name": architecture.name,
                "password": {"min_length": self.min_password_chars},
                "token_minutes": self.token_minutes,
                "tier": "LITE",
                "deletion_protection": Ref("var.deletion_protection"),
            },
        )

    def outputs(self) -> dict[str, str]:
        names = ("user_pool_id", "client_id", "issuer")
        return {name: f"module.{MODULE}.{name}" for name in names}
