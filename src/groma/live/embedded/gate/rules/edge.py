"""What Route 53, Certificate Manager, CloudFront and the firewall refuse."""

from __future__ import annotations

import re
from typing import Any

from groma.live.embedded.gate.account import Stage
from groma.live.embedded.gate.asked import Asked
from groma.live.embedded.gate.refusal import Refusal
from groma.live.embedded.gate.registry import rule
from groma.workload.domains import is_placeholder

FIREWALL_WINDOWS_S = (60, 120, 300, 600)


@rule("route53", "CreateHostedZone", source="a public log of Terraform; RFC 2606")
def reserved(asked: Asked, stage: Stage) -> Refusal | None:
    """No zone is made for a name that is kept for documentation, such as example.com."""
    name = str(asked.parameters["Name"]).lower()
    if not stage.strict or not is_placeholder(name.rstrip(".")):
        return None
    why = "a placeholder that nobody can own; write a domain of your own into the workload"
    return Refusal("InvalidDomainName", f"{name} is reserved by AWS!", why)


@rule(
    "cloudfront",
    "CreateDistribution",
    "CreateDistributionWithTags",
    "UpdateDistribution",
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
    "cnames-and-https-requirements.html",
)
def certificate(asked: Asked, stage: Stage) -> Refusal | None:
    """A distribution with names of its own has a certificate, which lies in us-east-1."""
    config = _config(asked)
    names = (config.get("Aliases") or {}).get("Items") or []
    arn = str((config.get("ViewerCertificate") or {}).get("ACMCertificateArn") or "")
    if names and not arn:
        message = (
            "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted "
        )
        message += "certificate that validates your authorization to use the domain name."
        return Refusal(
            "InvalidViewerCertificate", message, f"no certificate for {', '.join(map(str, names))}"
        )
    if arn and ":us-east-1:" not in arn:
        message = (
            "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't "
        )
        return Refusal("InvalidViewerCertificate", message + "include a valid certificate chain.", arn)
    return None


@rule(
    "cloudfront",
    "CreateDistribution",
    "CreateDistributionWithTags",
    "UpdateDistribution",
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/APIReference/API_DistributionConfig.html",
)
def origins(asked: Asked, stage: Stage) -> Refusal | None:
    """Every behaviour's target is one of the distribution's origins or groups of origins."""
    config = _config(asked)
    known = {_id(each) for key in ("Origins", "OriginGroups") for each in _items(config, key)}
    behaviours = [config.get("DefaultCacheBehavior") or {}, *_items(config, "CacheBehaviors")]
    missing = sorted({str(each.get("TargetOriginId")) for each in behaviours} - known)
    if not missing:
        return None
    message = "The specified origin or origin group does not exist or is not valid."
    return Refusal("NoSuchOrigin", message, f"{', '.join(missing)} is none of {', '.join(sorted(known))}")


def _config(asked: Asked) -> dict[str, Any]:
    parameters = asked.parameters
    config = (parameters.get("DistributionConfigWithTags") or parameters).get("DistributionConfig")
    return dict(config or {})


def _items(config: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return list((config.get(key) or {}).get("Items") or [])


def _id(origin: dict[str, Any]) -> str:
    return str(origin.get("Id"))


@rule(
    "wafv2",
    "CreateWebACL",
    "UpdateWebACL",
    source="https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html",
)
def rate_window(asked: Asked, stage: Stage) -> Refusal | None:
    """A limit by the rate counts over 60, 120, 300 or 600 s, and a web ACL for CloudFront is in us-east-1."""
    if asked.parameters.get("Scope") == "CLOUDFRONT" and asked.region != "us-east-1":
        message = "Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT"
        return Refusal(
            "WAFInvalidParameterException", message, "CloudFront's web ACLs are in us-east-1 alone"
        )
    for each in asked.parameters.get("Rules") or ():
        limit = (each.get("Statement") or {}).get("RateBasedStatement") or {}
        window = limit.get("EvaluationWindowSec", 300)
        if window not in FIREWALL_WINDOWS_S:
            message = "Error reason: You have used an invalid value, field: EVALUATION_WINDOW_SEC, "
            message += f"parameter: {window}"
            return Refusal("WAFInvalidParameterException", message, "60, 120, 300 or 600")
    return None


@rule(
    "route53",
    "ChangeResourceRecordSets",
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html",
)
def records(asked: Asked, stage: Stage) -> Refusal | None:
    """A value of a TXT record has at most 255 characters in each of its quoted strings."""
    changes = (asked.parameters.get("ChangeBatch") or {}).get("Changes") or ()
    for change in changes:
        record = change.get("ResourceRecordSet") or {}
        for value in record.get("ResourceRecords") or ():
            text = str(value.get("Value", ""))
            if record.get("Type") == "TXT" and any(
                len(part) > 255 for part in re.findall(r'"([^"]*)"', text)
            ):
                message = (
                    "[Invalid Resource Record: 'FATAL problem: CharacterStringTooLong (Value is too long)']"
                )
                return Refusal(
                    "InvalidChangeBatch", message, "split the value into strings of 255 characters"
                )
    return None
