"""A server by itself: what runs, where, on which volume, that nobody gets in, and how a shell is opened."""

from __future__ import annotations

import json
from collections.abc import Iterator

from groma import catalog
from groma.architecture import Architecture, Finding
from groma.components.instance import Instance
from groma.components.session_manager import SessionManager
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Answer, Reading
from groma.live.verify.server_group import CREDITS, UNLIMITED
from groma.live.verify.vpc import designed_subnets, let_in, named_subnets

NEEDED = frozenset(
    {
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    }
)
"""What the agent of Systems Manager must be allowed, to open a shell."""


def instance(component: Instance, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """Name, state and type, subnet, metadata service, volume, and whom it lets in."""
    found = _running(reading)
    lines = (
        ("name", "name, by its tag, of the", architecture.name, _name(found)),
        ("type", "the", f"{component.instance_type}, running", _type(found)),
        ("subnet", "subnet of the", designed_subnets(component, architecture), _subnet(found, reading)),
        ("metadata", "metadata service of the", "IMDSv2 only", _metadata(found)),
        ("volume", "volume of the", f"{component.volume_gib} GB gp3, encrypted", _volumes(found, reading)),
        ("security-group", "whom it lets in: the", "nobody", _callers(found, reading)),
        *([("credits", CREDITS, UNLIMITED, _credits(found, reading))] if _is_burstable(component) else []),
    )
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{what} {component.label}", expected, actual)


def session_manager(
    component: SessionManager, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """That the server's role allows its agent what a shell needs."""
    found = _running(reading)
    expected = "all that the agent needs"
    allowed = _allowed(found, reading) if found else None
    missing = sorted(NEEDED - allowed) if allowed is not None else []
    yield compare(
        f"{component.id}.role",
        f"{component.label}: what the server's role allows",
        expected,
        None if allowed is None else (f"without {listed(missing)}" if missing else expected),
    )


def _running(reading: Reading) -> Answer | None:
    """The server, as long as it is not terminated."""
    instance_id = reading.output("instance_id")
    ids = [instance_id] if instance_id else []
    rows = reading.all("ec2", "describe_instances", "Reservations", InstanceIds=ids) if ids else ()
    instances = [row for reservation in rows for row in reservation["Instances"]]
    return next((row for row in instances if row["State"]["Name"] != "terminated"), None)


def _name(found: Answer | None) -> str | None:
    if found is None:
        return None
    return next((tag["Value"] for tag in found.get("Tags", ()) if tag["Key"] == "Name"), "none")


def _type(found: Answer | None) -> str | None:
    return f"{found['InstanceType']}, {found['State']['Name']}" if found else None


def _subnet(found: Answer | None, reading: Reading) -> str | None:
    return named_subnets(reading, [found["SubnetId"]]) if found else None


def _is_burstable(component: Instance) -> bool:
    return catalog.instance_type(component.instance_type).burstable_baseline is not None


def _credits(found: Answer | None, reading: Reading) -> str | None:
    """What becomes of it when its CPU credits are spent."""
    ids = [found["InstanceId"]] if found else []
    rows = (
        reading.all(
            "ec2", "describe_instance_credit_specifications", "InstanceCreditSpecifications", InstanceIds=ids
        )
        if ids
        else ()
    )
    return next((row["CpuCredits"] for row in rows), None)


def _metadata(found: Answer | None) -> str | None:
    if found is None:
        return None
    required = (found.get("MetadataOptions") or {}).get("HttpTokens") == "required"
    return "IMDSv2 only" if required else "IMDSv1 too"


def _volumes(found: Answer | None, reading: Reading) -> str | None:
    if found is None:
        return None
    by_instance = [{"Name": "attachment.instance-id", "Values": [found["InstanceId"]]}]
    rows = reading.all("ec2", "describe_volumes", "Volumes", Filters=by_instance)
    return listed(_volume(row) for row in rows)


def _volume(row: Answer) -> str:
    encrypted = "encrypted" if row.get("Encrypted") else "not encrypted"
    return f"{row['Size']} GB {row.get('VolumeType')}, {encrypted}"


def _callers(found: Answer | None, reading: Reading) -> str | None:
    if found is None:
        return None
    groups = [group["GroupId"] for group in found.get("SecurityGroups", ())]
    return let_in(reading, groups) if groups else "no security group"


def _allowed(found: Answer, reading: Reading) -> frozenset[str] | None:
    """The actions that the inline policies of the server's role allow on everything; None without a role."""
    profile = (found.get("IamInstanceProfile") or {}).get("Arn", "").rpartition("/")[2]
    answer = reading.ask("iam", "get_instance_profile", InstanceProfileName=profile) if profile else None
    roles = answer["InstanceProfile"]["Roles"] if answer else ()
    if not roles:
        return None
    role = roles[0]["RoleName"]
    names = reading.all("iam", "list_role_policies", "PolicyNames", RoleName=role)
    policies = (reading.ask("iam", "get_role_policy", RoleName=role, PolicyName=str(name)) for name in names)
    return frozenset(action for policy in policies if policy for action in _actions(policy))


def _actions(policy: Answer) -> Iterator[str]:
    document = policy["PolicyDocument"]
    found = json.loads(document) if isinstance(document, str) else document
    for statement in found["Statement"]:
        if statement["Effect"] == "Allow" and statement["Resource"] == "*":
            actions = statement["Action"]
            yield from [actions] if isinstance(actions, str) else actions
