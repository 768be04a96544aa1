"""What is behind an error of AWS or of Terraform, and what to do next: the first row that fits.

Patterns are of the texts that the provider shows; `tests/live/terraform_texts.py` has one for each row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Explanation:
    """An error's text, by a pattern; its cause; the next step, in which `{1}` is what the pattern caught."""

    pattern: re.Pattern[str]
    cause: str
    next_step: str

    def told(self, text: str) -> str:
        """Cause and next step for an error's text; empty when it does not fit."""
        found = self.pattern.search(text)
        return f"{self.cause}: {self.next_step.format(*('', *found.groups()))}" if found else ""


def _row(pattern: str, cause: str, next_step: str) -> Explanation:
    return Explanation(re.compile(pattern, re.IGNORECASE), cause, next_step)


ALREADY_EXISTS = r"already\s*exists|already\s*own|Duplicate\w*:|EntityAlreadyExists|ResourceExistsException"
AGAIN = "repeat `groma up` in a few minutes, it goes on from here"
SUPPORT = "open a case with AWS Support; `groma doctor` says what else is missing"
EXPLANATIONS = (
    # names that are taken
    _row(
        r"BucketAlreadyExists|requested bucket name is not available",
        "another account has a bucket of this name, and bucket names are unique in the world",
        "take another `name` in the workload",
    ),
    _row(
        r"already scheduled for deletion",
        "a secret of this name was deleted and keeps its name until its days are over",
        "`aws secretsmanager delete-secret --force-delete-without-recovery --secret-id NAME`, then repeat",
    ),
    _row(
        r"CNAMEAlreadyExists|CNAMEs you provided are already associated",
        "another distribution, perhaps of another account, answers for this domain",
        "take the name off that distribution, or write another `domain`",
    ),
    _row(
        r"QueueDeletedRecently|must wait 60 seconds after deleting",
        "a queue's name is free a minute after the queue is gone",
        AGAIN,
    ),
    _row(
        r"OperationAborted|conflicting conditional operation",
        "a bucket of this name is still being made or deleted",
        AGAIN,
    ),
    _row(
        ALREADY_EXISTS,
        "it exists in the cloud but not in this stack's state, as after a Terraform that was killed",
        "delete it there, or take it over with `terraform import ADDRESS ID` in the stack's directory",
    ),
    # domains and certificates
    _row(
        r"reserved by AWS",
        "names such as example.com are kept for documentation",
        "write a domain of your own into the workload",
    ),
    _row(
        r"PENDING_VALIDATION",
        "AWS cannot prove the certificate: the domain's registrar does not know the zone's name servers",
        "set them there (`terraform output name_servers`), then repeat `groma up`",
    ),
    _row(
        r"InvalidViewerCertificate",
        "CloudFront takes certificates of us-east-1 alone, and only those that are proved",
        "look at the certificate in us-east-1, then repeat",
    ),
    # accounts that are new
    _row(r"does not support creating load balancers", "AWS has not verified this account yet", SUPPORT),
    _row(r"account must be verified", "AWS has not verified this account yet", SUPPORT),
    _row(
        r"PendingVerification|request for accessing resources in this region is being validated",
        "AWS is verifying the account for this region",
        "wait for AWS's mail, up to four hours, then repeat",
    ),
    _row(r"account is currently blocked", "AWS has blocked this account", "open a case with AWS Support"),
    _row(
        r"FreeTierRestriction|not eligible for Free Tier",
        "the account is on the free plan",
        "upgrade it in the billing console, then repeat",
    ),
    _row(
        r"UnreservedConcurrentExecution",
        "the account may run too few functions at once to reserve some",
        "ask for more `Concurrent executions` in Service Quotas; `groma plan --account new` has the command",
    ),
    _row(
        r"vCPU limit|VcpuLimitExceeded",
        "the account may run fewer vCPUs than the servers need",
        "ask for more in Service Quotas; `groma plan --account new` has the command",
    ),
    _row(
        r"OptInRequired|not (?:subscribed|opted in)|region is (?:disabled|not enabled)",
        "the account has not enabled this region or service",
        "`aws account enable-region --region-name REGION`, then repeat",
    ),
    # capacity, zones and types
    _row(
        r"Value \(([\w-]+)\) for parameter availabilityZone is invalid",
        "the account does not have this zone",
        "write zones that it has as `availability_zones`, instead of {1}; `groma doctor` lists them",
    ),
    _row(
        r"instance type \(([\w.-]+)\) is not supported in your requested Availability Zone",
        "the zone does not offer the type",
        "write other `availability_zones`; `groma doctor` says which have {1}",
    ),
    _row(
        r"InsufficientInstanceCapacity|InsufficientDBInstanceCapacity|InsufficientCacheClusterCapacity",
        "AWS has no machine of this type free in the zone now",
        "repeat later, or write other `availability_zones`",
    ),
    _row(
        r"configuration is currently not supported|Cannot find version|does not support creating a DB",
        "the region does not offer this type or version",
        "choose another region; `groma doctor` says what is offered",
    ),
    # credentials and permissions
    _row(
        r"No valid credential sources|ExpiredToken|InvalidClientTokenId|get credentials|RequestExpired",
        "AWS does not take the credentials",
        "renew them; `aws sts get-caller-identity` shows whether they are valid",
    ),
    _row(
        r"SignatureDoesNotMatch|Signature not yet current",
        "AWS takes the request for one of another time or key",
        "set this machine's clock, and look at the secret key",
    ),
    _row(
        r"is not authorized to perform: ([\w-]+:\w+)",
        "the credentials lack a permission",
        "allow `{1}`; `groma permissions` writes all that is needed",
    ),
    _row(
        r"Encoded authorization failure message",
        "the credentials lack a permission",
        "`aws sts decode-authorization-message --encoded-message …` says which, then repeat",
    ),
    _row(
        r"UnauthorizedOperation|AccessDenied|not authorized",
        "the credentials lack this permission",
        "allow what stands in the message, then repeat",
    ),
    # what is too much, and what only takes time
    _row(
        r"Throttling|Rate exceeded|TooManyRequestsException|RequestLimitExceeded",
        "AWS was asked too often",
        AGAIN,
    ),
    _row(
        r"LimitExceeded|QuotaExceeded|TooManyHostedZones|TooManyBuckets|maximum number of \w+ has been",
        "the account has reached one of its quotas",
        "raise it in Service Quotas; `groma doctor` says which",
    ),
    _row(
        r"invalid principals|role defined for the function cannot be assumed|Invalid IAM Instance Profile",
        "a role that was just made is not known everywhere yet",
        AGAIN,
    ),
    _row(
        r"previous storage change is being optimized|modify the storage of this DB instance",
        "RDS changes a database's storage once in six hours, and not while it still works on the last change",
        "repeat `groma up` after that",
    ),
    _row(
        r"Invalid max storage size|Max storage size must be greater",
        "the storage has grown by itself to more than this design lets it, and storage never shrinks",
        "state more data in the workload, so that its limit is above what is stored",
    ),
    _row(r"service.?linked role", "AWS is still making a role of its own for this service", AGAIN),
    _row(
        r"DependencyViolation|has a dependent object|is currently in use",
        "something that is not of this stack uses it",
        "take that away first, then repeat",
    ),
    # Terraform
    _row(
        r"acquiring the state lock",
        "another Terraform holds the state",
        "wait for it; if it is dead, `terraform force-unlock ID`",
    ),
    _row(
        r"connection refused|no such host|i/o timeout",
        "the cloud does not answer at its address",
        "look at the network, then repeat",
    ),
)


def explained(text: str) -> str:
    """Cause and next step for an error's text; empty when none of the rows fits."""
    return next((told for row in EXPLANATIONS if (told := row.told(text))), "")
