"""How a resource that a plan would make is found in the cloud, if it is there, type by type.

A row names the call of boto3 that lists such things, what of a thing has to be as planned, and the id by
which Terraform imports it. `<…>` stands for a value of the thing, as JMESPath (with `/` at its end: the part
behind the last slash), `{…}` for a planned one. `tags` asks for the stack's tag and the planned name.

Types that are not listed need no taking over: see `MADE_AGAIN`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import jmespath

from groma.live.listed import argument, tags_of

MADE_AGAIN: Mapping[str, str] = {
    "aws_acm_certificate_validation": "waits, and makes nothing",
    "aws_appautoscaling_policy": "put: asked again it replaces itself, and it goes with its target",
    "aws_appautoscaling_target": "put: asked again it replaces itself",
    "aws_autoscaling_policy": "put, and goes with its group",
    "aws_default_security_group": "taken over by Terraform whenever it is made",
    "aws_cloudwatch_event_target": "put, and goes with its rule",
    "aws_ecs_task_definition": "registered again as one more revision, of which nothing runs before",
    "aws_iam_role_policy": "put, and goes with its role",
    "aws_iam_role_policy_attachment": "attaching twice is once, and it goes with its role",
    "aws_lambda_function_event_invoke_config": "put, and goes with its function",
    "aws_lambda_permission": "`up` takes away what the state does not know before it is made",
    "aws_s3_bucket_cors_configuration": "put, and goes with its bucket",
    "aws_s3_bucket_lifecycle_configuration": "put, and goes with its bucket",
    "aws_s3_bucket_notification": "put, and goes with its bucket",
    "aws_s3_bucket_ownership_controls": "put, and goes with its bucket",
    "aws_s3_bucket_policy": "put, and goes with its bucket",
    "aws_s3_bucket_public_access_block": "put, and goes with its bucket",
    "aws_s3_bucket_replication_configuration": "put, and goes with its bucket",
    "aws_s3_bucket_server_side_encryption_configuration": "put, and goes with its bucket",
    "aws_s3_bucket_versioning": "put, and goes with its bucket",
    "aws_s3_object": "put, and goes with its bucket",
    "aws_secretsmanager_secret_version": "put, and goes with its secret",
    "aws_sns_topic_policy": "put, and goes with its topic",
    "aws_sns_topic_subscription": "asked twice it is one, and it goes with its topic",
    "aws_sqs_queue_policy": "put, and goes with its queue",
    "aws_sqs_queue_redrive_allow_policy": "put, and goes with its queue",
    "terraform_data": "lives in the state alone",
}
"""Types that are made again without harm, though the cloud may have them already, each with its reason."""

Planned = Mapping[str, Any]
"""The values of a resource that are known while it is planned."""


class NotKnown(LookupError):
    """A planned value will only be known when something else has been made."""


@dataclass(frozen=True)
class Identity:
    """How things of one type are found.

    Attributes:
        service, operation, result: of boto3, and where in its answer the things stand, as JMESPath.
        matches: pairs of a thing's value (JMESPath) and the planned attribute that it has to equal.
        by_tags: whether the stack's tag and the planned name have to be the thing's.
        id: by which Terraform imports it.
        arguments: of the operation.
        only_begun: whether it may be taken over only where it was begun to be made: others may have the same.
    """

    type: str
    service: str
    operation: str
    result: str
    matches: tuple[tuple[str, str], ...]
    by_tags: bool
    id: str
    arguments: tuple[tuple[str, str], ...]
    only_begun: bool

    def asked(self, planned: Planned) -> dict[str, Any]:
        """The arguments of the call that lists them. Raises NotKnown."""
        return {key: _argument(text, planned) for key, text in self.arguments}

    def is_of(self, thing: Any, planned: Planned) -> bool:
        """Whether a thing is the planned one. Raises NotKnown."""
        wanted = [(key, _planned(planned, attribute)) for key, attribute in self.matches]
        same = all(_equal(jmespath.search(key, thing), value) for key, value in wanted if value is not None)
        return same and (not self.by_tags or has_tags(thing, planned))

    def import_id(self, thing: Any, planned: Planned) -> str:
        """What `terraform import` wants. Raises NotKnown."""

        def of_thing(found: re.Match[str]) -> str:
            path = found[1]
            value = str(jmespath.search(path.removesuffix("/"), thing))
            return value.rpartition("/")[2] if path.endswith("/") else value

        return _filled(re.sub(r"<([^>]+)>", of_thing, self.id), planned).rstrip("_")


def has_tags(thing: Any, planned: Planned) -> bool:
    """Whether a thing carries the planned tags that say whose and which it is. Raises NotKnown."""
    wanted, found = _planned(planned, "tags_all") or {}, tags_of(thing)
    keys = [key for key in ("Stack", "Name") if key in wanted]
    return "Stack" in keys and all(found.get(key) == wanted[key] for key in keys)


def _equal(found: Any, wanted: Any) -> bool:
    """Whether a value is the wanted one, is among a list of which it is, or is its name in an ARN or URL."""
    if isinstance(found, list):
        return any(_equal(each, wanted) for each in found)
    said, meant = str(found).rstrip("."), str(wanted).rstrip(".")
    return said == meant or said.endswith((f"/{meant}", f":{meant}")) or meant.endswith(f":{said}")


def _planned(planned: Planned, attribute: str) -> Any:
    if attribute not in planned:
        raise NotKnown(attribute)
    return planned[attribute]


def _filled(text: str, planned: Planned) -> str:
    def value(found: re.Match[str]) -> str:
        known = _planned(planned, found[1])
        return "" if known is None else str(known)

    return re.sub(r"\{(\w+)\}", value, text)


def _argument(text: str, planned: Planned) -> Any:
    """A planned text stays one, also of digits."""
    filled = _filled(text, planned)
    return filled if "{" in text and not filled.startswith("[") else argument(filled)


def _identity(row: Mapping[str, str]) -> Identity:
    matches = row["matches"].split()
    pairs = [tuple(each.split("=", 1)) for each in matches if each != "tags"]
    arguments = [tuple(each.split("=", 1)) for each in row["arguments"].split()]
    return Identity(
        type=row["type"],
        service=row["service"],
        operation=row["operation"],
        result=row["result"],
        matches=tuple((key, attribute) for key, attribute in pairs),
        by_tags="tags" in matches,
        id=row["id"],
        arguments=tuple((key, text) for key, text in arguments),
        only_begun=row["own"] == "begun",
    )


IDENTITIES: Mapping[str, Identity] = {
    row["type"]: _identity(row)
    for row in csv.DictReader(
        (resources.files(__package__) / "identities.csv").read_text("utf-8").splitlines()
    )
}
