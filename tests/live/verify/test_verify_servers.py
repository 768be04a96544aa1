"""Changes of load balancers and server groups that verify has to find, and those that are none."""

from __future__ import annotations

from dataclasses import replace

import chirp_parts as parts
import pytest
from chirp_cloud import Cloud
from chirp_design import REGION, architecture

from groma.components.server_group import ServerGroup
from groma.live.verify import Deployed
from groma.live.verify.reading import Reading
from groma.live.verify.server_group import server_group

WEB_FINDINGS = ("type", "metadata", "volume", "size", "subnets", "in-service", "targets")


def test_a_load_balancer_that_is_gone(chirp: Cloud) -> None:
    del chirp.load_balancers["chirp-web"]
    names = ("balancer", "subnets", "listener", "origin-key", "security-group")
    assert chirp.wrong() == {f"web-lb.{name}": "missing" for name in names}


def test_a_load_balancer_that_was_moved_to_one_zone(chirp: Cloud) -> None:
    chirp.load_balancers["chirp-web"]["AvailabilityZones"].pop()
    chirp.load_balancers["chirp-web"]["State"]["Code"] = "active_impaired"
    assert chirp.wrong() == {
        "web-lb.balancer": "active_impaired, internet-facing",
        "web-lb.subnets": "public us-east-1a",
    }


def test_an_internal_load_balancer_made_public(chirp: Cloud) -> None:
    chirp.load_balancers["chirp-app"] |= {"Scheme": "internet-facing"}
    assert chirp.wrong() == {"app-lb.balancer": "active, internet-facing"}


def test_a_load_balancer_without_a_listener(chirp: Cloud) -> None:
    chirp.listeners["chirp-web"].clear()
    assert chirp.wrong() == {"web-lb.listener": "no listener", "web-lb.origin-key": "by none"}


def test_a_listener_that_does_something_else(chirp: Cloud) -> None:
    chirp.listeners["chirp-app"][0] |= {"Port": 8080, "DefaultActions": [{"Type": "fixed-response"}]}
    assert chirp.wrong() == {"app-lb.listener": "HTTP 8080 → fixed-response"}


def test_a_load_balancer_that_takes_every_distribution(chirp: Cloud) -> None:
    chirp.listeners["chirp-web"] = [parts.listener("chirp-web")]
    chirp.rules["chirp-web"] = []
    assert chirp.wrong() == {"web-lb.listener": "HTTP 80 → chirp-web", "web-lb.origin-key": "by none"}


def test_a_way_past_the_header(chirp: Cloud) -> None:
    condition = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}}
    rule = {
        "Priority": "2",
        "IsDefault": False,
        "Conditions": [condition],
        "Actions": parts.forward("chirp-web"),
    }
    chirp.rules["chirp-web"].append(rule)
    assert chirp.wrong() == {
        "web-lb.listener": "HTTP 80 → header X-Origin-Key → chirp-web, path /api/* → chirp-web, else 403"
    }


def test_a_key_that_is_not_the_distributions_and_is_never_shown(chirp: Cloud) -> None:
    header = chirp.rules["chirp-web"][0]["Conditions"][0]["HttpHeaderConfig"]
    header["Values"] = ["00000000-0000-0000-0000-000000000000"]
    assert chirp.wrong() == {"web-lb.origin-key": "X-Origin-Key with another value"}
    assert parts.ORIGIN_KEY not in str(chirp.findings())


def test_a_load_balancer_open_to_the_world(chirp: Cloud) -> None:
    chirp.security_groups["web-lb"]["IpPermissions"][0]["IpRanges"] = [{"CidrIp": "0.0.0.0/0"}]
    assert chirp.wrong() == {"web-lb.security-group": "tcp 80 from 0.0.0.0/0, tcp 80 from CloudFront"}


def test_another_prefix_list_than_cloudfronts(chirp: Cloud) -> None:
    chirp.security_groups["web-lb"]["IpPermissions"][0]["PrefixListIds"] = [
        {"PrefixListId": "pl-2"},
        {"PrefixListId": "pl-9"},
    ]
    assert chirp.wrong() == {"web-lb.security-group": "tcp 80 from our-offices, tcp 80 from pl-9"}


def test_a_second_security_group_counts_too(chirp: Cloud) -> None:
    chirp.load_balancers["chirp-app"]["SecurityGroups"].append("sg-web-lb")
    assert chirp.wrong() == {"app-lb.security-group": "tcp 80 from CloudFront, tcp 80 from chirp-web-servers"}


def test_servers_that_let_the_wrong_tier_in(chirp: Cloud) -> None:
    chirp.security_groups["app"]["IpPermissions"][0]["UserIdGroupPairs"] = [{"GroupId": "sg-web"}]
    assert chirp.wrong() == {"app.security-group": "tcp 8080 from chirp-web-servers"}


def test_a_server_that_was_given_another_security_group(chirp: Cloud) -> None:
    chirp.instances["i-web-a"]["SecurityGroups"].append({"GroupId": "sg-db"})
    assert chirp.wrong() == {
        "web.security-group": "tcp 5432 from chirp-app-servers, tcp 8080 from chirp-web-load-balancer"
    }


def test_a_group_that_is_gone(chirp: Cloud) -> None:
    del chirp.groups["chirp-web"]
    names = (*WEB_FINDINGS, "security-group", "scaling")
    assert chirp.wrong() == {f"web.{name}": "missing" for name in names}


def test_another_type_in_a_new_default_version_of_the_launch_template(chirp: Cloud) -> None:
    old = chirp.templates["lt-web"][0]
    chirp.templates["lt-web"].append(old | {"InstanceType": "t3.nano"})
    assert chirp.wrong() == {
        "web.type": "m7g.large (launch template version 1, i-web-a, i-web-b); "
        "t3.nano (launch template version 2)"
    }


def test_one_server_of_another_type(chirp: Cloud) -> None:
    chirp.instances["i-app-b"]["InstanceType"] = "m7g.large"
    assert chirp.wrong() == {
        "app.type": "c7g.xlarge (launch template version 1, i-app-a); m7g.large (i-app-b)"
    }


def test_all_of_another_type(chirp: Cloud) -> None:
    chirp.templates["lt-web"][0]["InstanceType"] = "t3.nano"
    for name in ("i-web-a", "i-web-b"):
        chirp.instances[name]["InstanceType"] = "t3.nano"
    assert chirp.wrong() == {"web.type": "t3.nano"}


def test_a_server_that_answers_the_old_metadata_service(chirp: Cloud) -> None:
    chirp.instances["i-web-a"]["MetadataOptions"]["HttpTokens"] = "optional"
    assert chirp.wrong()["web.metadata"].startswith("IMDSv1 too (i-web-a)")


@pytest.mark.parametrize(
    ("said", "ok", "found"),
    [
        ({"CpuCredits": "unlimited"}, True, "unlimited"),
        ({"CpuCredits": "standard"}, False, "standard"),
        ({}, False, "the account's default"),
    ],
)
def test_burstable_servers_that_are_slowed_where_they_were_to_be_charged(
    chirp: Cloud, said: dict[str, str], ok: bool, found: str
) -> None:
    chirp.templates["lt-web"][0]["CreditSpecification"] = said
    made, reading = architecture(), Reading(Deployed(chirp.outputs, chirp.clients()), REGION)
    (web,) = (each for each in made.of_type(ServerGroup) if each.id == "web")
    burstable = replace(web, size=replace(web.size, choice=replace(web.size.choice, baseline=0.2)))
    (line,) = (each for each in server_group(burstable, made, reading) if each.id == "web.credits")
    assert (line.ok, line.actual) == (ok, found)


def test_a_template_without_metadata_options(chirp: Cloud) -> None:
    del chirp.templates["lt-web"][0]["MetadataOptions"]
    assert "IMDSv1 too (launch template version 1)" in chirp.wrong()["web.metadata"]


def test_volumes_that_are_not_encrypted_or_too_small(chirp: Cloud) -> None:
    for name in ("i-web-a", "i-web-b"):
        chirp.volumes[name] |= {"Size": 8, "Encrypted": False, "VolumeType": "gp2"}
    assert chirp.wrong() == {
        "web.volume": "20 GB gp3, encrypted (launch template version 1); "
        "8 GB gp2, not encrypted (vol-i-web-a, vol-i-web-b)"
    }


@pytest.mark.parametrize(
    ("least", "now", "most"), [(1, 2, 6), (2, 2, 100), (2, 7, 6), (2, 1, 6)], ids=str
)  # fmt: skip
def test_a_group_with_other_bounds_or_outside_them(chirp: Cloud, least: int, now: int, most: int) -> None:
    chirp.groups["chirp-web"] |= {"MinSize": least, "DesiredCapacity": now, "MaxSize": most}
    assert chirp.wrong() == {"web.size": f"{least} to {most}, now {now}"}


@pytest.mark.parametrize("now", [2, 4, 6])
def test_any_number_within_the_bounds_is_auto_scalings_business(chirp: Cloud, now: int) -> None:
    chirp.groups["chirp-web"]["DesiredCapacity"] = now
    assert chirp.wrong() == {}


def test_a_group_that_was_moved_to_other_subnets(chirp: Cloud) -> None:
    chirp.groups["chirp-app"]["VPCZoneIdentifier"] = "subnet-pub-a,subnet-0815"
    assert chirp.wrong() == {"app.subnets": "public us-east-1a, subnet-0815"}


def test_a_zone_without_servers(chirp: Cloud) -> None:
    lost = chirp.groups["chirp-web"]["Instances"].pop()
    del chirp.target_groups["chirp-web"][lost["InstanceId"]]
    assert chirp.wrong() == {"web.in-service": "1 in us-east-1a", "web.targets": "1 in us-east-1a"}


def test_servers_that_are_not_in_service(chirp: Cloud) -> None:
    first, second = chirp.groups["chirp-web"]["Instances"]
    first["LifecycleState"], second["HealthStatus"] = "Pending", "Unhealthy"
    assert chirp.wrong() == {"web.in-service": "none anywhere"}


def test_a_target_that_is_unhealthy(chirp: Cloud) -> None:
    chirp.target_groups["chirp-app"]["i-app-b"] = "unhealthy"
    assert chirp.wrong() == {"app.targets": "1 in us-east-1a, unhealthy in us-east-1b"}


def test_a_target_that_drains_while_others_serve_is_well(chirp: Cloud) -> None:
    third = chirp.groups["chirp-app"]["Instances"][0] | {"InstanceId": "i-app-c"}
    chirp.groups["chirp-app"]["Instances"].append(third)
    chirp.target_groups["chirp-app"]["i-app-c"] = "draining"
    assert chirp.wrong() == {}


def test_a_target_that_is_none_of_the_groups_servers(chirp: Cloud) -> None:
    chirp.target_groups["chirp-app"]["i-stranger"] = "healthy"
    assert chirp.wrong() == {"app.targets": "1 in not of the group, 1 in us-east-1a, 1 in us-east-1b"}


def test_a_target_group_that_is_gone(chirp: Cloud) -> None:
    del chirp.target_groups["chirp-app"]
    assert chirp.wrong() == {"app.targets": "missing"}


def test_a_scaling_policy_that_is_gone_off_or_other(chirp: Cloud) -> None:
    policy = chirp.policies["chirp-web"][0]
    policy["TargetTrackingConfiguration"]["TargetValue"] = 90.0
    assert chirp.wrong() == {"web.scaling": "CPU held at 90 %"}
    policy |= {"Enabled": False}
    assert chirp.wrong() == {"web.scaling": "CPU held at 90 % (off)"}
    chirp.policies["chirp-web"] = [{"PolicyName": "nightly", "PolicyType": "SimpleScaling"}]
    assert chirp.wrong() == {"web.scaling": "SimpleScaling nightly"}
    chirp.policies["chirp-web"] = []
    assert chirp.wrong() == {"web.scaling": "no policy"}


def test_scaling_that_was_suspended(chirp: Cloud) -> None:
    chirp.groups["chirp-web"]["SuspendedProcesses"] = [{"ProcessName": "Launch"}]
    assert chirp.wrong() == {"web.scaling": "CPU held at 55 %, Launch suspended"}
