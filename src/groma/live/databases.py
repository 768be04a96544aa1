"""The database that a file says exists: its secret with all that it has to hold, and its security group."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from groma.blueprints.engines import engine, server_type
from groma.components.existing_database import KEYS
from groma.errors import WorkloadError
from groma.live.target import Clients
from groma.workload import Workload

ENGINES = {"postgres": ("postgres", "aurora-postgresql"), "mysql": ("mysql", "mariadb", "aurora-mysql")}
"""Engine → what secrets of databases that speak it say; `engine` may also be left out."""


def existing_database(workload: Workload, clients: Clients) -> str:
    """The name of the secret of the database that the file says exists; empty where one is to be made.

    Only reads. What the secret holds is looked at and never told.

    Raises:
        WorkloadError: there is no such secret, or it is to be deleted; it lacks something, or is of another
            engine or port; its security group is not there.
    """
    stated = workload.database.existing
    if stated is None:
        return ""
    region, where = workload.regions[0], workload.where("database", "existing", "secret")
    secrets = clients.client("secretsmanager", region)
    try:
        found = secrets.describe_secret(SecretId=stated.secret)
    except secrets.exceptions.ResourceNotFoundException:
        raise WorkloadError(
            f"the account has no secret {stated.secret} in {region}",
            where=where,
            hint="name the database's secret, use the account and region that have it, or leave `existing` "
            "out to have a database made",
        ) from None
    if found.get("DeletedDate"):
        raise WorkloadError(
            f"{stated.secret} is to be deleted", where=where, hint="restore it, or name another one"
        )
    wrong = wrong_with(text_of(secrets, stated.secret), engine(workload), port_of(workload))
    if wrong:
        raise WorkloadError(f"{stated.secret} {wrong}", where=where, hint=HINT)
    if stated.security_group:
        _group(workload, stated.security_group, clients.client("ec2", region))
    return stated.secret


HINT = (
    "a secret of a database is JSON with engine, host, port, username, password and dbname, as Secrets "
    "Manager writes it; another port is said by `existing.port`"
)


def port_of(workload: Workload) -> int:
    """The port that rules of security groups are to open."""
    stated = workload.database.existing
    return (stated.port if stated else None) or server_type(workload).port


def text_of(secrets: Any, name: str) -> str:
    """What a secret holds now; empty where it holds no text."""
    try:
        return str(secrets.get_secret_value(SecretId=name).get("SecretString", ""))
    except secrets.exceptions.ResourceNotFoundException:  # it has no version
        return ""


def wrong_with(text: str, engine: str, port: int) -> str:
    """Why nobody could connect by a secret, in words without anything of what it holds; empty where one can.

    Args:
        engine: what is to be spoken, as the catalog calls it.
        port: which is to be open.
    """
    try:
        held = json.loads(text)
    except ValueError:
        held = None
    if not isinstance(held, Mapping):
        return "holds no JSON object"
    lacking = [key for key in KEYS if key != "port" and not held.get(key)]
    if lacking:
        return f"lacks {' and '.join(lacking)}"
    if str(held.get("engine") or engine) not in ENGINES[engine]:
        return f"is of another engine than {engine}"
    if str(held.get("port") or port) != str(port):
        return f"names another port than {port}"
    return ""


def _group(workload: Workload, group: str, ec2: Any) -> None:
    filters = [{"Name": "group-id", "Values": [group]}]
    if not ec2.describe_security_groups(Filters=filters)["SecurityGroups"]:
        raise WorkloadError(
            f"the account has no security group {group} in {workload.regions[0]}",
            where=workload.where("database", "existing", "security_group"),
            hint="name the database's own, or leave it out and let its owner let the application in",
        )
