"""A warm standby in a second region: stated or bought, paid, drawn, beside a home that stays as it is."""

from __future__ import annotations

import ipaddress
from functools import cache
from pathlib import Path

import pytest

from groma import catalog
from groma.architecture import Architecture
from groma.bill import bill
from groma.blueprints.three_tier.standby import plan_there
from groma.catalog import own_prices
from groma.check import check
from groma.components.database import DatabaseServer
from groma.components.failover import Failover
from groma.components.load_balancer import LoadBalancer
from groma.components.nat_gateway import NatGateway
from groma.components.network import FlowLogs
from groma.components.server_group import ServerGroup
from groma.components.standby_bucket import StandbyBucket
from groma.components.standby_database import StandbyDatabase
from groma.design import Design, design
from groma.design.making import cheapest
from groma.design.steps import ROUNDS_BEFORE_STANDBY, steps
from groma.diagram import lint
from groma.errors import WorkloadError
from groma.monitoring.alarms import alarms
from groma.questions.fault import DECISION_S
from groma.questions.guesses import guesses
from groma.questions.recovery import recovery
from groma.questions.standing_by import PROMOTION_S
from groma.report.documents import picture
from groma.sizing.values import Wish
from groma.terraform.calls import Call, module_calls
from groma.workload import load, parse
from workloads import UNDER_A_DOMAIN

WEST = "us-west-2"
TEXT = (
    UNDER_A_DOMAIN
    + """\
alerts: ops@acme.dev
slo: {p99_ms: 400, availability: 0.999}
"""
)


@cache
def made(more: str = f"standby: {WEST}\n") -> Design:
    return design(parse(TEXT + more), reasons=False)


def there(architecture: Architecture) -> Architecture:
    """The part of the standby, as an architecture of its own."""
    (found,) = (part.architecture for part in architecture.parts if part.scope == WEST)
    return found


def told(call: Call, *names: str) -> object:
    value: object = call.arguments
    for name in names:
        assert isinstance(value, dict)
        value = value[name]
    return value


def test_home_is_called_what_it_is_without_and_given_what_a_standby_takes() -> None:
    without, found = module_calls(made("").architecture), module_calls(made().architecture)
    assert set(found) == {*without, *(name for name in found if name.endswith("_us_west_2"))}
    assert {call.providers.get("aws") for name, call in found.items() if name not in without} == {WEST}
    changed = {name for name, call in without.items() if found[name] != call}
    assert changed == {"alarms", "cdn", "dns", "secret", "web"}
    assert told(found["secret"], "replicas") != {}
    assert told(found["web"], "ingress", "health_checkers") is True
    assert told(found["cdn"], "replica", "prefix") == "media/"


def test_the_same_stands_there_as_small_as_it_can_serve() -> None:
    home, standby = made().architecture.parts[0].architecture, there(made().architecture)
    for group, same in zip(home.of_type(ServerGroup), standby.of_type(ServerGroup), strict=True):
        assert (same.size.choice, same.size.max) == (group.size.choice, group.size.max)
        assert (same.size.min, same.size.desired) == (2, 2)
    (database,) = standby.of_type(DatabaseServer)
    master = next(each for each in home.of_type(DatabaseServer) if each.role == "master")
    assert isinstance(database, StandbyDatabase)
    assert (database.instance_class, database.storage_gib) == (master.instance_class, master.storage_gib)
    assert len(standby.of_type(NatGateway)) == 1
    assert standby.name == "chirp-usw2"


def test_its_database_copies_that_of_home_and_its_servers_read_there() -> None:
    calls = module_calls(made().architecture)
    standby_of = told(calls["database_us_west_2"], "standby_of")
    assert isinstance(standby_of, dict)
    assert standby_of["instance_arn"].expression == "module.database.master_arn"
    assert standby_of["secret_arn"].expression == f'module.secret.replica_arns["{WEST}"]'
    assert not {"password", "username", "secret_arn"} & set(calls["database_us_west_2"].arguments)
    user_data = calls["app_us_west_2"].arguments["user_data"]
    settings = user_data.variables["settings"]  # type: ignore[union-attr]
    assert settings["DATABASE_HOST"] == settings["REPLICA_HOST"]
    assert settings["DATABASE_HOST"].expression == "module.database_us_west_2.master_endpoint"
    assert settings["MEDIA_BUCKET"].expression == "module.site_us_west_2.bucket_name"


def test_users_are_led_there_while_home_does_not_answer() -> None:
    architecture = made().architecture
    (records,) = architecture.of_type(Failover)
    dns = module_calls(architecture)["dns"]
    standby = told(dns, "aliases", "origin.chirp.acme.dev", "standby")
    assert isinstance(standby, dict)
    assert standby["target"].expression == "module.web_us_west_2.load_balancer_dns_name"
    assert told(dns, "aliases", "origin.chirp.acme.dev", "target") is not None, "home's is still there"
    assert told(dns, "health_checks", "home", "path") == "/api/healthz"
    public, other = (b for b in architecture.of_type(LoadBalancer) if not b.internal)
    assert (public.checked_at, other.checked_at) == (records.check_path, "/api/writable")


def test_they_stay_there_once_its_database_is_promoted() -> None:
    dns = module_calls(made().architecture)["dns"]
    assert told(dns, "aliases", "origin.chirp.acme.dev", "standby", "health_check") == "home-leads"
    assert told(dns, "combined_health_checks") == {"home-leads": ["home", "unpromoted"]}
    assert told(dns, "health_checks", "unpromoted", "inverted") is True
    assert told(dns, "health_checks", "unpromoted", "path") == "/api/writable"
    host = told(dns, "health_checks", "unpromoted", "host")
    assert host.expression == "module.web_us_west_2.load_balancer_dns_name"  # type: ignore[attr-defined]


def test_both_regions_page_and_the_standby_says_what_to_do() -> None:
    found = {each.id: each for each in alarms(made().architecture)}
    here, there = found["failover-home"], found[f"{WEST}/web-lb-led-here"]
    assert (here.severity, there.severity) == ("page", "page")
    assert (
        "aws rds promote-read-replica --region us-west-2 --db-instance-identifier "
        "chirp-usw2-database-master --backup-retention-period 7"
    ) in there.runbook.do


def test_a_copy_of_a_larger_master_takes_as_many_connections_and_workers() -> None:
    """Else PostgreSQL stops to follow: https://www.postgresql.org/docs/16/hot-standby.html."""
    reserve = design(parse(TEXT + f"standby: {WEST}\n"), Wish(load_factor=12.0), reasons=False).architecture
    (database,) = there(reserve).of_type(StandbyDatabase)
    master = next(each for each in reserve.of_type(DatabaseServer) if each.role == "master")
    assert database.size.choice.vcpu < master.size.choice.vcpu
    assert (database.storage_gib, database.iops) == (master.storage_gib, master.iops)
    accepted = catalog.database_class(master.instance_class, "postgres").max_connections
    parameters = told(module_calls(reserve)["database_us_west_2"], "parameters")
    assert isinstance(parameters, dict)
    assert int(parameters["max_connections"]) >= accepted
    assert int(parameters["max_worker_processes"]) == max(2 * master.size.choice.vcpu, 8)
    assert "parameters" not in module_calls(made().architecture)["database_us_west_2"].arguments


@pytest.mark.parametrize(
    "cidr",
    ["10.0.0.0/16", "10.255.0.0/16", "192.168.0.0/16", "172.16.0.0/16", "172.31.0.0/18", "10.9.0.0/20"],
)
def test_the_networks_have_private_ranges_that_do_not_overlap(cidr: str) -> None:
    found = made(f"standby: {WEST}\nnetwork: {{cidr: {cidr}}}\n").architecture
    own, other = (ipaddress.ip_network(str(each.cidr)) for each in found.places if each.kind == "vpc")
    assert str(own) == cidr
    assert other.prefixlen == own.prefixlen
    assert other.is_private
    assert not own.overlaps(other)


def test_it_is_paid_in_its_region_and_what_the_master_sends_at_home() -> None:
    lines = [each for each in bill(made().architecture).lines if each.component.startswith(f"{WEST}/")]
    assert {each.component.partition("/")[2] for each in lines} >= {"web", "app", "database-master", "site"}
    sent = next(each for each in lines if each.item == "changes sent from us-east-1")
    assert sent.meter is not None
    assert sent.meter[2] == "us-east-1"
    assert sent.quantity.likely > 0
    assert not [each for each in lines if each.item == "capacity units"], "nothing passes its load balancers"


def test_it_is_drawn_and_checked_like_any_other() -> None:
    found = made()
    assert [each for each in lint(picture(found), found.architecture) if not each.ok] == []
    assert [each.id for each in check(found.architecture) if not each.ok and each.severity == "error"] == []


def test_the_availability_is_that_of_home() -> None:
    with_it, without = made().availability, made("").availability
    assert with_it.value == without.value
    assert not [each for each in with_it.parts if each.component.startswith(WEST)]


def test_reads_go_on_by_themselves_and_writes_by_hand() -> None:
    found = recovery(made())
    assert found is not None
    reads, *grown, writes = found.faults
    assert reads.recovery_s == 3 * 10 + 60
    assert writes.recovery_s == 240 + DECISION_S + PROMOTION_S
    assert writes.hit_share == pytest.approx(0.1)
    assert all(reads.recovery_s < each.recovery_s for each in grown)
    assert recovery(made("")) is None


def test_servers_that_are_too_few_grow_before_all_is_carried() -> None:
    many = TEXT.replace("200_000", "3_000_000")
    found = recovery(design(parse(f"{many}standby: {WEST}\n"), reasons=False))
    assert found is not None
    peak = next(each for each in found.faults if each.lost == "us-east-1, at peak")
    assert peak.recovery_s > 90
    assert 0 < peak.hit_share < 1


def test_it_keeps_its_logs_as_long_as_home() -> None:
    for found, days in ((made(), 30), (made(f"standby: {WEST}\nlog_days: 90\n"), 90)):
        kept = [each.retention_days for each in found.architecture.of_type(FlowLogs)]
        assert kept == [days, days]


def test_what_it_grows_to_is_found_by_the_prices_that_it_was_sized_by(tmp_path: Path) -> None:
    rows = [f"price,ec2,m7g.large,{region},,0.001,2026-11-01" for region in ("us-east-1", WEST)]
    (tmp_path / "prices.csv").write_text("what,service,key,region,purchase,value,date\n" + "\n".join(rows))
    file = tmp_path / "groma.yaml"
    file.write_text(TEXT.replace("200_000", "3_000_000") + f"standby: {WEST}\nprice_book: prices.csv\n")
    found = design(load(file), Wish(load_factor=2.0), reasons=False)
    with own_prices(found.workload.book):
        likely = plan_there(found.workload, found.demand, found.plan, found.wish)
    groups = {group.id: group for group in there(found.architecture).of_type(ServerGroup)}
    assert groups["app"].size.choice.name == likely.of("app").choice.name == "m7g.large"
    answer = recovery(found)
    assert answer is not None
    carried = min(groups[tier].size.min / likely.of(tier).desired for tier in groups)
    assert f"{min(carried, 1):.0%} of the peak at once" in answer.faults[0].happens


def test_money_buys_it_last_for_recovery_and_only_under_a_domain() -> None:
    least = cheapest(parse(TEXT + "budget_usd_per_month: 20_000\n"), reasons=False)
    every = [(step.aspect, step.what) for step in steps(least)]
    own = [what for aspect, what in every if aspect == "recovery"]
    assert own[-1] == f"a warm standby in {WEST}"
    behind = every[: every.index(("recovery", own[-1]))]
    assert sum(aspect == "headroom" for aspect, _ in behind) == len(own) + ROUNDS_BEFORE_STANDBY
    no_name = TEXT.replace("domain: chirp.acme.dev\n", "")
    for other in (no_name, TEXT + f"standby: {WEST}\n"):
        found = steps(cheapest(parse(other + "budget_usd_per_month: 20_000\n"), reasons=False))
        assert not [step for step in found if "standby in" in step.what]


def test_what_it_costs_more_is_what_stands_there() -> None:
    base = cheapest(parse(TEXT), reasons=False)
    bought = cheapest(parse(TEXT), Wish(standby=WEST), reasons=False)
    lines = bill(bought.architecture).lines
    west = sum(x.monthly_usd.likely for x in lines if x.monthly_usd and x.component.startswith(f"{WEST}/"))
    more = bill(bought.architecture).monthly_usd.likely - bill(base.architecture).monthly_usd.likely
    assert west < more < 1.1 * west + 20
    assert [each.choice for each in bought.plan.sizes] == [each.choice for each in base.plan.sizes]


def test_guesses_are_asked_of_it_too() -> None:
    found = guesses(made())
    assert found.rows
    assert all(each.usd[0] and each.usd[1] and each.usd[0] < each.usd[1] for each in found.rows)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("standby: us-east-1\n", "the region that it stands in anyway"),
        ("standby: us-wset-2\n", "us-wset-2"),
        (f"standby: {WEST}\nkms_key: arn:aws:kms:us-east-1:123456789012:key/1234abcd\n", "a key that exists"),
        (f"standby: {WEST}\nnetwork: {{nat: none}}\n", "without a way out"),
        (
            f"standby: {WEST}\napplication: {{image: 'acme/shop:1.4', port: 8000, health: /up}}\n",
            "an application of one's own",
        ),
    ],
)
def test_what_cannot_stand_by_is_refused_at_its_line(more: str, said: str) -> None:
    with pytest.raises(WorkloadError, match=said) as refused:
        made(more)
    assert ":8: standby" in refused.value.where


def test_without_a_name_nobody_could_be_led_there() -> None:
    with pytest.raises(WorkloadError, match="needs a name") as refused:
        design(parse(TEXT.replace("domain: chirp.acme.dev\n", "") + f"standby: {WEST}\n"), reasons=False)
    assert "domain" in refused.value.hint


def test_pictures_are_copied_both_ways() -> None:
    calls = module_calls(made().architecture)
    assert told(calls["cdn"], "replica", "bucket_arn").expression == "module.site_us_west_2.bucket_arn"  # type: ignore[attr-defined]
    replicas = told(calls["site_us_west_2"], "replicas")
    assert isinstance(replicas, dict)
    assert replicas["us-east-1"].expression == "module.cdn.bucket_arn"
    (bucket,) = made().architecture.of_type(StandbyBucket)
    assert bucket.received_per_month == made().demand.uploads_per_month
