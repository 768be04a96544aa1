"""What a server needs for its first boot, and which ways lead there when any one zone is lost."""

from __future__ import annotations

import re

import pytest
from designs import SAFEST, USUAL, designed, example_names

from groma.application import Application
from groma.application.choice import application_of
from groma.application.layout import APP, COMMON, WEB
from groma.architecture import Architecture
from groma.components.nat_gateway import NatGateway
from groma.components.server_group import ServerGroup
from groma.design import design
from groma.workload import parse
from workloads import MINIMAL, ROOT

OWN = parse(MINIMAL + "application: {image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1.4}\n")
NETWORK = (ROOT / "src/groma/terraform/modules/network/main.tf").read_text()
MODULE = (ROOT / "src/groma/terraform/modules/server-tier/vars.tf").read_text()
LOCAL = re.compile(r"https?://127\.0\.0\.1|https?://application")
OPTIONAL = ("https://ip-ranges.amazonaws.com/ip-ranges.json",)
"""Without it a web server boots all the same: see its `trust_proxies`."""
LATER = {"cloudwatch"}
"""Asked by what boot leaves behind, when a command at times has run, and no boot waits for it."""


APPLICATIONS = [
    pytest.param(application_of(None), id="sample"),
    pytest.param(application_of(OWN.own), id="one's own"),
]


def reached(script: str) -> set[str]:
    """What a script of first boot calls, by how one comes there: `s3`, `internet`, or AWS's service."""
    found = {"s3"} if "dnf install" in script else set()  # Amazon Linux keeps its packages in the region's S3
    found |= {service.removesuffix("api") for service in re.findall(r"\baws ([a-z0-9-]+) ", script)}
    addresses = {a for a in re.findall(r"https?://[^\s\"';]+", script) if not LOCAL.match(a)}
    is_pulled = "docker pull" in script  # even of ECR only the layers lie in the region's S3
    found -= LATER
    return found | ({"internet"} if is_pulled or addresses - set(OPTIONAL) else set())


def ways_without(architecture: Architecture, group: ServerGroup, lost: str) -> dict[str, set[str]]:
    """By zone of a group that is left, what its servers reach."""
    nats = {zone for nat in architecture.of_type(NatGateway) for zone in architecture.zones_of(nat)} - {lost}
    gateways = {"s3"} if 'vpc_endpoint_type = "Gateway"' in NETWORK else set()
    everywhere = {"s3", "internet", "secretsmanager", "ssm", "ecr"}
    zones = [zone for zone in architecture.zones_of(group) if zone != lost]
    return {zone: everywhere if group.public or zone in nats else gateways for zone in zones}


def test_the_gateway_endpoint_is_in_every_route_table() -> None:
    tables = re.search(r'"s3" \{.*?route_table_ids\s*=\s*(\S.*?)\n', NETWORK, re.S)
    assert tables is not None
    assert "aws_route_table.public.id" in tables[1]
    assert "values(aws_route_table.private)[*].id" in tables[1]


@pytest.mark.parametrize("name", example_names())
def test_servers_boot_in_every_zone_that_is_left(name: str) -> None:
    for wish in (USUAL, SAFEST):
        boots_everywhere(designed(name, wish).architecture)


def test_servers_with_an_image_boot_in_every_zone_that_is_left() -> None:
    boots_everywhere(design(OWN, reasons=False).architecture)


def boots_everywhere(architecture: Architecture) -> None:
    boot = architecture.application.shipped.boot()
    for part in architecture.parts:
        for group in part.architecture.of_type(ServerGroup):
            needed = reached(boot[group.user_data] + boot[COMMON])
            assert "s3" in needed
            for lost in part.architecture.zones_of(group):
                for zone, ways in ways_without(part.architecture, group, lost).items():
                    assert needed <= ways, f"{group.id} in {zone} without {lost}: {needed - ways}"


def test_a_boot_that_gives_up_does_so_before_the_group_does() -> None:
    """Else the group ends a server that is still trying, again and again."""
    common = application_of(None).shipped.boot()[COMMON]
    (tries,) = re.findall(r"BOOT_S=\"\$\{BOOT_S:-(\d+)\}\"", common)
    (answered,) = re.findall(r"--retry-max-time (\d+)", common)
    (grace,) = re.findall(r"grace_seconds\s*= optional\(number, (\d+)\)", MODULE)
    assert int(tries) + int(answered) < int(grace)


@pytest.mark.parametrize("application", APPLICATIONS)
@pytest.mark.parametrize("name", [APP, WEB])
def test_nothing_is_tried_without_end(name: str, application: Application) -> None:
    """Every call that leaves the machine goes through `retried`, which all tries of a boot share."""
    boot = application.shipped.boot()
    script = "\n".join(line for line in (boot[name] + boot[COMMON]).splitlines() if not line.startswith("#"))
    for call in re.finditer(r"^\s*(.*)\b(?:dnf install|aws s3api|aws ecr|docker pull)", script, re.M):
        assert "retried" in call[1]
