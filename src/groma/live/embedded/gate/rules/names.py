"""Names that AWS keeps for itself, or that a service takes in one form only."""

from __future__ import annotations

import ipaddress
import re

from groma.live.embedded.gate.account import Stage
from groma.live.embedded.gate.asked import Asked
from groma.live.embedded.gate.refusal import Refusal
from groma.live.embedded.gate.registry import rule

BUCKET_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
BUCKET_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_BALANCER = re.compile(r"[A-Za-z0-9](-?[A-Za-z0-9])*")
_IDENTIFIER = re.compile(r"[A-Za-z](-?[A-Za-z0-9])*")
COGNITO_WORDS = ("aws", "amazon", "cognito")


@rule(
    "s3",
    "CreateBucket",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
)
def bucket(asked: Asked, stage: Stage) -> Refusal | None:
    """A bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens, is no address, and neither
    begins nor ends as names that S3 keeps for itself.
    """
    name = str(asked.parameters["Bucket"])
    kept = name.startswith(BUCKET_PREFIXES) or name.endswith(BUCKET_SUFFIXES)
    if _BUCKET.fullmatch(name) and ".." not in name and not kept and not _is_address(name):
        return None
    return Refusal(
        "InvalidBucketName", "The specified bucket is not valid.", f"S3 takes no bucket named {name}"
    )


def _is_address(name: str) -> bool:
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True


@rule(
    "cognito-idp",
    "CreateUserPoolDomain",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html",
)
def login_domain(asked: Asked, stage: Stage) -> Refusal | None:
    """The prefix of a user pool's domain holds none of the words aws, amazon and cognito."""
    name = str(asked.parameters["Domain"])
    word = next((word for word in COGNITO_WORDS if word in name), None)
    if word is None or "." in name:
        return None
    why = f"choose another prefix than {name}"
    return Refusal("InvalidParameterException", f"Domain cannot contain reserved word: {word}", why)


@rule(
    "elbv2",
    "CreateLoadBalancer",
    "CreateTargetGroup",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html",
)
def load_balancer(asked: Asked, stage: Stage) -> Refusal | None:
    """A load balancer's and a target group's name has at most 32 letters, digits and hyphens between them,
    and does not begin with "internal-".
    """
    name, what = str(asked.parameters["Name"]), asked.operation.removeprefix("Create")
    thing = "load balancer" if what == "LoadBalancer" else "target group"
    if len(name) > 32:
        message = f"{thing.capitalize()} name '{name}' cannot be longer than '32' characters"
    elif not _BALANCER.fullmatch(name):
        message = f"{thing.capitalize()} name '{name}' can only contain characters that are alphanumeric "
        message += "characters or hyphens(-) and cannot begin or end with a hyphen"
    elif what == "LoadBalancer" and name.startswith("internal-"):
        message = f"The load balancer name '{name}' cannot begin with 'internal-'"
    else:
        return None
    return Refusal("ValidationError", message, "a shorter name of the stack gives another name here")


@rule(
    "rds",
    "CreateDBInstance",
    "CreateDBInstanceReadReplica",
    "CreateDBCluster",
    "CreateGlobalCluster",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
)
def database(asked: Asked, stage: Stage) -> Refusal | None:
    """A database's identifier has at most 63 letters, digits and single hyphens, and begins with a letter."""
    keys = ("GlobalClusterIdentifier", "DBClusterIdentifier", "DBInstanceIdentifier")
    own = {"CreateDBCluster": keys[1], "CreateGlobalCluster": keys[0]}.get(asked.operation, keys[2])
    name = str(asked.parameters.get(own, ""))
    if len(name) <= 63 and _IDENTIFIER.fullmatch(name):
        return None
    message = (
        f"The parameter {own} is not a valid identifier. Identifiers must begin with a letter; must contain "
    )
    message += (
        "only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive "
    )
    return Refusal("InvalidParameterValue", message + "hyphens.", f"RDS takes no database named {name!r}")


@rule(
    "elasticache",
    "CreateReplicationGroup",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
)
def cache(asked: Asked, stage: Stage) -> Refusal | None:
    """A cache's id has at most 40 letters, digits and single hyphens, and begins with a letter."""
    name = str(asked.parameters["ReplicationGroupId"])
    if len(name) <= 40 and _IDENTIFIER.fullmatch(name):
        return None
    message = f"The parameter ReplicationGroupId must be provided and must be a valid identifier: {name}"
    return Refusal("InvalidParameterValue", message, "at most 40 letters, digits and single hyphens")


@rule(
    "sqs",
    "CreateQueue",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
)
def queue(asked: Asked, stage: Stage) -> Refusal | None:
    """A queue's name has at most 80 letters, digits, hyphens and underscores, ".fifo" besides."""
    name = str(asked.parameters["QueueName"])
    if len(name) <= 80 and re.fullmatch(r"[A-Za-z0-9_-]+(\.fifo)?", name):
        return None
    message = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
    return Refusal("InvalidParameterValue", message, f"SQS takes no queue named {name}")


@rule(
    "ec2",
    "CreateSecurityGroup",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
)
def security_group(asked: Asked, stage: Stage) -> Refusal | None:
    """A security group's name does not begin with "sg-", and its description is in ASCII."""
    name = str(asked.parameters.get("GroupName", ""))
    described = str(asked.parameters.get("Description", ""))
    if name.startswith("sg-"):
        message = f"Invalid value '{name}' for groupName. Group names may not begin with 'sg-'."
        return Refusal("InvalidParameterValue", message, "EC2 keeps that beginning for ids")
    if not described.isascii() or len(described) > 255:
        message = "Value ({}) for parameter GroupDescription is invalid. Character sets beyond ASCII are not "
        return Refusal(
            "InvalidParameterValue", message.format(described) + "supported.", "at most 255, in ASCII"
        )
    return None


@rule(
    "kms",
    "CreateAlias",
    source="https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html",
)
def key_alias(asked: Asked, stage: Stage) -> Refusal | None:
    """An alias of a key does not begin with "alias/aws/"."""
    name = str(asked.parameters["AliasName"])
    if not name.startswith("alias/aws/"):
        return None
    return Refusal(
        "NotAuthorizedException", "Alias names beginning with alias/aws/ are reserved", "take another"
    )
