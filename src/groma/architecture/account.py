"""What an account asks of all that is made in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """What an account asks.

    Attributes:
        boundary: ARN of the managed policy that bounds every role; empty for none.
        kms_key: ARN of the key that exists already and encrypts everything; empty where a stack makes one.
    """

    boundary: str = ""
    kms_key: str = ""


NOTHING_ASKED = Account()


@dataclass(frozen=True)
class KeyUser:
    """Who has to be let use a key that encrypts everything.

    Attributes:
        service: what it is called.
        principal: as a policy names it, with `{region}`, `{account}` and `{partition}`.
        actions: what it does, without `kms:`.
        context: condition key → its value when it does that.
    """

    service: str
    principal: str
    actions: tuple[str, ...]
    context: tuple[tuple[str, str], ...] = ()

    def of(self, key: str) -> KeyUser:
        """The same for a key, by its ARN."""
        _, partition, _, region, account, _ = key.split(":", 5)

        def named(text: str) -> str:
            return text.format(partition=partition, region=region, account=account)

        context = tuple((name, named(value)) for name, value in self.context)
        return KeyUser(self.service, named(self.principal), self.actions, context)


_DATA = ("Decrypt", "GenerateDataKey")
KEY_USERS = (
    KeyUser(
        "the account itself",
        "arn:{partition}:iam::{account}:root",
        ("Encrypt", *_DATA, "DescribeKey", "CreateGrant"),
    ),
    KeyUser(
        "logs",
        "logs.{region}.amazonaws.com",
        ("Encrypt", *_DATA, "ReEncryptFrom", "DescribeKey"),
        (
            (
                "kms:EncryptionContext:aws:logs:arn",
                "arn:{partition}:logs:{region}:{account}:log-group:/a",
            ),
        ),
    ),
    *(
        KeyUser(
            name,
            f"{name}.amazonaws.com",
            _DATA,
            (("aws:SourceAccount", "{account}"), ("aws:SourceArn", arn)),
        )
        for name, arn in (
            ("sns", "arn:{partition}:sns:{region}:{account}:a"),
            ("cloudwatch", "arn:{partition}:cloudwatch:{region}:{account}:alarm:a"),
            ("budgets", "arn:{partition}:budgets::{account}:budget/a"),
            ("cloudfront", "arn:{partition}:cloudfront::{account}:distribution/a"),
        )
    ),
    KeyUser(
        "the role AWSServiceRoleForAutoScaling",
        "arn:{partition}:iam::{account}:role/aws-service-role/autoscaling.amazonaws.com/"
        "AWSServiceRoleForAutoScaling",
        ("Encrypt", *_DATA, "ReEncryptFrom", "DescribeKey", "CreateGrant"),
        (
            ("kms:GrantIsForAWSResource", "true"),
            ("kms:CallerAccount", "{account}"),
            ("kms:ViaService", "ec2.{region}.amazonaws.com"),
        ),
    ),
)
"""Who uses the key under its policy alone. Auto Scaling's role makes servers whose volumes are encrypted."""
