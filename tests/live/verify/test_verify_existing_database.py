"""What verify has to find of a database that exists: a secret of which nothing is told, and the way there."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import chirp_parts as parts
from chirp_cloud import Cloud
from chirp_design import REGION, WORKLOAD
from fake_cloud import missing

from groma.architecture import Architecture, Finding
from groma.components.existing_database import ExistingDatabase
from groma.design import design
from groma.live.verify import Deployed
from groma.live.verify.existing_database import existing_database
from groma.live.verify.reading import Reading
from groma.workload import parse

WHOLE = {"host": "db.internal", "port": 5432, "username": "shop", "password": "p4ssw0rd", "dbname": "shop"}
RANGES = ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")
VPC = "network: {vpc: vpc-1a2b3c4d, public_tags: {tier: public}, private_tags: {tier: private}}\n"


@cache
def architecture(group: str = "") -> Architecture:
    named = f", security_group: {group}" if group else ""
    text = f"application: {{image: 'acme/shop:1.4'}}\ndatabase: {{existing: {{secret: prod/db{named}}}}}\n"
    return design(parse(WORKLOAD + text + (VPC if group else "")), reasons=False).architecture


def found(chirp: Cloud, held: dict[str, Any] | None = WHOLE, group: str = "") -> dict[str, Finding]:
    """The findings, of an account whose secret holds that; of none where it is None."""

    def secret(**asked: Any) -> dict[str, Any]:
        assert asked == {"SecretId": "prod/db"}
        if held is None:
            raise missing("ResourceNotFoundException")
        return {"Name": "prod/db", "SecretString": json.dumps(held)}

    clients = chirp.clients()
    clients.answers["secretsmanager.describe_secret"] = lambda **asked: {"Name": secret(**asked)["Name"]}
    clients.answers["secretsmanager.get_secret_value"] = secret
    made = architecture(group)
    reading = Reading(Deployed(chirp.outputs, clients), REGION)
    (database,) = made.of_type(ExistingDatabase)
    findings = {each.id: each for each in existing_database(database, made, reading)}
    assert "p4ssw0rd" not in str(findings)
    return findings


def open_way_out(chirp: Cloud, **where: Any) -> None:
    chirp.security_groups["app"]["IpPermissionsEgress"] = [
        parts.rule(443, IpRanges=[{"CidrIp": "0.0.0.0/0"}])
    ]
    chirp.security_groups["app"]["IpPermissionsEgress"].append(parts.rule(5432, **where))


def test_a_secret_and_a_way_as_designed(chirp: Cloud) -> None:
    open_way_out(chirp, IpRanges=[{"CidrIp": each} for each in RANGES])
    assert {id_: each.ok for id_, each in found(chirp).items()} == {
        "database.secret": True,
        "database.way-out": True,
    }


def test_a_secret_that_lacks_something_and_one_that_is_gone(chirp: Cloud) -> None:
    held = {key: value for key, value in WHOLE.items() if key != "dbname"}
    assert found(chirp, held)["database.secret"].actual == "lacks dbname"
    assert found(chirp, {**WHOLE, "port": 1})["database.secret"].actual == "names another port than 5432"
    gone = found(chirp, None)["database.secret"]
    assert (gone.actual, gone.ok) == ("missing", False)


def test_a_way_out_that_is_closed(chirp: Cloud) -> None:
    open_way_out(chirp, IpRanges=[{"CidrIp": each} for each in RANGES[1:]])
    way = found(chirp)["database.way-out"]
    assert (way.actual, way.ok) == (", ".join(RANGES[1:]), False)
    chirp.security_groups["app"]["IpPermissionsEgress"] = []
    assert found(chirp)["database.way-out"].actual == "nowhere"


def test_a_security_group_that_is_named_lets_the_application_in_among_others(chirp: Cloud) -> None:
    group = "sg-0123456789abcdef0"
    open_way_out(chirp, UserIdGroupPairs=[{"GroupId": group}])
    own = parts.security_group(group, "of-the-database", parts.from_group("sg-app", 5432))
    own["IpPermissions"].append(parts.rule(5432, IpRanges=[{"CidrIp": "10.9.0.0/16"}]))
    chirp.security_groups["theirs"] = own
    there = found(chirp, group=group)
    assert there["database.way-out"].ok
    assert there["database.security-group"].ok
    own["IpPermissions"] = own["IpPermissions"][1:]
    closed = found(chirp, group=group)["database.security-group"]
    assert (closed.actual, closed.ok) == ("tcp 5432 from 10.9.0.0/16", False)
    del chirp.security_groups["theirs"]
    assert found(chirp, group=group)["database.security-group"].actual == "missing"
