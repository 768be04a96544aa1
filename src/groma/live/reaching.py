"""What other tools and a browser need to reach a cloud: variables of the environment, and addresses."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from groma.live.outcome import address_of
from groma.live.target import Target
from groma.words import Words

IN_THE_WAY = (
    *("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN"),
    *(
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CA_BUNDLE",
        "AWS_ENDPOINT_URL",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    ),
)
"""Variables that would lead elsewhere, and are taken away."""


@dataclass(frozen=True)
class Environment:
    """Variables with which the AWS CLI, SDKs and Terraform reach a cloud, and those that must not be set."""

    target: str
    variables: Mapping[str, str]

    @property
    def unset(self) -> tuple[str, ...]:
        """What would lead elsewhere."""
        return tuple(name for name in IN_THE_WAY if name not in self.variables) if self._is_own else ()

    @property
    def _is_own(self) -> bool:
        """Whether credentials are among them: of AWS, one's own are left as they are."""
        return "AWS_ACCESS_KEY_ID" in self.variables

    def shell(self) -> str:
        """Lines for a POSIX shell, to be evaluated by it."""
        gone = [f"unset {' '.join(self.unset)}"] if self.unset else []
        return "\n".join([*gone, *(f"export {n}={shlex.quote(v)}" for n, v in self.variables.items())]) + "\n"

    def document(self) -> dict[str, Any]:
        """For machines."""
        return {"target": self.target, "variables": dict(self.variables), "unset": list(self.unset)}


def environment(target: Target, region: str) -> Environment:
    """The variables for a cloud that has been opened; for AWS, the region alone: credentials are one's own.

    This is the one place that says how tools are led to a cloud.
    """
    home = {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    return Environment(target.name, {**target.environment(), **home})


@dataclass(frozen=True)
class Addresses:
    """Where a stack is opened in a browser; empty where nothing answers, and then `why` says so."""

    site: str
    dashboard: str
    why: tuple[str, ...]

    def words(self) -> Words:
        """A line each."""
        rows = (("site", self.site), ("dashboard", self.dashboard))
        return Words(lines=(*(f"{name:<10} {url}" for name, url in rows if url), *self.why))

    def document(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def addresses(
    name: str, region: str, domain: str | None, outputs: Mapping[str, object], target: Target
) -> Addresses:
    """Where the site and the dashboard of a stack are, by Terraform's outputs."""
    site, why = address_of(outputs, target, domain), []
    embedded = target.name == "embedded"
    if not site:
        reason = "the embedded cloud runs no servers" if embedded else "it has no distribution"
        why.append(f"no site: {reason}")
    if embedded:
        why.append("no dashboard: the embedded cloud shows none; ask groma metrics and groma status")
    console = f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}#dashboards/dashboard/"
    return Addresses(site, "" if embedded else f"{console}{name}", tuple(why))
