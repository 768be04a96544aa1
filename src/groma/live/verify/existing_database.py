"""A database that exists: its secret with all that it has to hold, and the way there and in."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.existing_database import KEYS, ExistingDatabase
from groma.components.machine_group import MachineGroup, machine_groups
from groma.live.databases import wrong_with
from groma.live.verify.findings import compare, judge, listed
from groma.live.verify.reading import Answer, Reading
from groma.live.verify.vpc import in_vpc, let_in

HOLDS = f"holds {', '.join(KEYS)}"
PRIVATE = ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")


def existing_database(
    component: ExistingDatabase, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """That its secret is there and complete, of which nothing is told, and who may go there."""
    yield _secret(component, reading)
    for client in machine_groups(architecture, component.clients):
        yield _way_out(component, client, architecture, reading)
    if component.security_group:
        yield _way_in(component, architecture, reading)


def _secret(component: ExistingDatabase, reading: Reading) -> Finding:
    """Where Groma may not read what it holds, an error of the reading says so."""
    name = component.secret
    found = reading.ask("secretsmanager", "describe_secret", SecretId=name)
    actual = None
    if found:
        held = reading.ask("secretsmanager", "get_secret_value", SecretId=name) or {}
        wrong = wrong_with(str(held.get("SecretString", "")), component.engine, component.port)
        actual = "is to be deleted" if found.get("DeletedDate") else wrong or HOLDS
    return compare(f"{component.id}.secret", f"the secret {name}", HOLDS, actual)


def _way_out(
    component: ExistingDatabase, client: MachineGroup, architecture: Architecture, reading: Reading
) -> Finding:
    """Where the rules of a group of servers let them go on the database's port."""
    name, port = f"{architecture.name}-{client.id}-{client.noun}s", component.port
    group = next((g for g in _groups(reading) if g["GroupName"] == name), None)
    goes = sorted(_targets(group, port)) if group else []
    expected = [component.security_group] if component.security_group else list(PRIVATE)
    return judge(
        f"{component.id}.way-out",
        f"where {name} reach tcp {port}",
        listed(expected),
        listed(goes, "nowhere") if group else None,
        set(expected) <= set(goes),
    )


def _targets(group: Answer, port: int) -> Iterator[str]:
    for rule in group.get("IpPermissionsEgress", ()):
        if rule["IpProtocol"] == "tcp" and (rule.get("FromPort"), rule.get("ToPort")) == (port, port):
            yield from (pair["GroupId"] for pair in rule.get("UserIdGroupPairs", ()))
            yield from (row["CidrIp"] for row in rule.get("IpRanges", ()))


def _way_in(component: ExistingDatabase, architecture: Architecture, reading: Reading) -> Finding:
    """Whether its group lets the application in; whom else, is its owner's to say."""
    clients = machine_groups(architecture, component.clients)
    wanted = [f"tcp {component.port} from {architecture.name}-{each.id}-{each.noun}s" for each in clients]
    there = any(group["GroupId"] == component.security_group for group in _groups(reading))
    actual = let_in(reading, [component.security_group])
    return judge(
        f"{component.id}.security-group",
        f"whom {component.security_group} lets in, among others",
        listed(wanted),
        actual if there else None,
        set(wanted) <= set(actual.split(", ")),
    )


def _groups(reading: Reading) -> tuple[Answer, ...]:
    return in_vpc(reading, "describe_security_groups", "SecurityGroups")
