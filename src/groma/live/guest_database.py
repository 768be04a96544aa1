"""What the embedded cloud has because a workload file says that a database exists: its secret, its group."""

from __future__ import annotations

import json
from typing import Any

from groma.blueprints.engines import engine
from groma.live.databases import port_of
from groma.live.embedded.guests import GUEST_TAG
from groma.live.networks import existing_network
from groma.live.target import Clients
from groma.workload import Workload

HOST = "database.internal"
"""Where nothing answers: the embedded cloud runs nobody's application."""


def make_guest_database(workload: Workload, clients: Clients) -> str:
    """Let the embedded cloud have the secret that the file names, unless somebody has made it already, and
    the security group; what was done, empty when nothing.

    They are not the stack's: `down` leaves them, as it would on AWS, and they go with the cloud.
    """
    stated = workload.database.existing
    if stated is None:
        return ""
    region, made = workload.regions[0], []
    secrets = clients.client("secretsmanager", region)
    try:
        secrets.describe_secret(SecretId=stated.secret)
    except secrets.exceptions.ResourceNotFoundException:
        secrets.create_secret(Name=stated.secret, SecretString=_login(workload, secrets))
        made.append(f"the secret {stated.secret}")
    if stated.security_group and _make_group(workload, stated.security_group, clients):
        made.append(f"the security group {stated.security_group}")
    return f"made {' and '.join(made)} in the embedded cloud, since the file says so" if made else ""


def _login(workload: Workload, secrets: Any) -> str:
    """A log-in as Secrets Manager writes it, whose password is drawn."""
    password = secrets.get_random_password(PasswordLength=32, ExcludePunctuation=True)["RandomPassword"]
    return json.dumps(
        {
            "engine": engine(workload),
            "host": HOST,
            "port": port_of(workload),
            "username": "application",
            "password": password,
            "dbname": workload.name.replace("-", "_"),
        }
    )


def _make_group(workload: Workload, group: str, clients: Clients) -> bool:
    """The security group, in the VPC that exists; whether it had to be made."""
    ec2 = clients.client("ec2", workload.regions[0])
    filters = [{"Name": "group-id", "Values": [group]}]
    if ec2.describe_security_groups(Filters=filters)["SecurityGroups"]:
        return False
    tags = [{"ResourceType": "security-group", "Tags": [{"Key": GUEST_TAG, "Value": group}]}]
    ec2.create_security_group(
        GroupName=f"guest-{group}",
        Description="Of a database that exists, says the workload file",
        VpcId=existing_network(workload, clients),
        TagSpecifications=tags,
    )
    return True
