"""The worldwide blueprint: three loads, three designs; each region carries what is left of another."""

from __future__ import annotations

import ipaddress
import re
import time
from functools import cache
from typing import Any

import hcl2
import pytest

from chirp.world.settings import WorldSettings
from groma import catalog
from groma.architecture import Finding
from groma.bill import bill
from groma.blueprints.worldwide.load import ZONES, World
from groma.blueprints.worldwide.tiers import tiers, tiers_at
from groma.components.cache import Cache, cheapest_cache
from groma.components.global_database import GlobalDatabase
from groma.components.global_table import GlobalTable
from groma.components.load_balancer import LoadBalancer
from groma.components.nat_gateway import NatGateway
from groma.components.quotas import TARGETS_PER_BALANCER
from groma.components.replicated_bucket import ReplicatedBucket
from groma.components.server_group import ServerGroup
from groma.components.worker import Worker
from groma.design import Design, design
from groma.diagram.regions import collapse_regions
from groma.errors import Infeasible, WorkloadError
from groma.monitoring import alarms
from groma.questions.growth import at_users
from groma.questions.review import review
from groma.questions.why import why
from groma.report.plan_document import plan_document
from groma.sizing.values import NO_WISH
from groma.terraform import render
from groma.workload import load, parse
from groma.workload.demand import demand
from workloads import ROOT

EXAMPLE = ROOT / "examples" / "social-worldwide.yaml"
MILLIONS = (1, 5, 20)
REGIONS = ("us-east-1", "us-west-2", "eu-west-1")
PLAN_S = 5.0


def text(millions: float = 1.0, more: str = "", regions: str = ", ".join(REGIONS)) -> str:
    return f"""\
name: chirp
blueprint: worldwide
regions: [{regions}]
domain: chirp.example.com
alerts: ops@example.com
users: {{total: {int(millions * 20e6)}, concurrent: {int(millions * 1e6)}, think_s: [20, 30, 45]}}
{more}
"""


@cache
def made(millions: float = 1.0, more: str = "", regions: str = ", ".join(REGIONS)) -> Design:
    return design(parse(text(millions, more, regions), source="groma.yaml"), reasons=False)


def wrong(found: Design) -> list[Finding]:
    return [finding for finding in review(found) if not finding.ok]


def test_concurrent_users_make_requests_by_the_closed_loop():
    """X = N / (Z + R): a million who think for 30 s and wait for the 22.9 ms of a request's own work."""
    workload = parse(text())
    work_s = sum(
        c.share * (c.web_ms.likely + c.app_ms.likely + (c.reads + c.writes) * c.query_ms.likely)
        for c in workload.requests.values()
    ) / 1000  # fmt: skip
    found = demand(workload)
    assert found.peak_per_s.likely == pytest.approx(1e6 / (30 + work_s))
    habits = workload.load.peak_hour_to_mean.likely * workload.load.burst_to_peak_hour.likely
    assert found.mean_per_s.likely == pytest.approx(found.peak_per_s.likely / habits)


def test_three_regions_unless_others_are_named():
    workload = parse("name: chirp\nblueprint: worldwide\ndomain: a.example.com\nusers: {total: 50_000}\n")
    assert workload.regions == REGIONS


def test_growth_takes_concurrent_users_along():
    grown = at_users(parse(text()), 40_000_000)
    assert (grown.users.total, grown.users.concurrent) == (40_000_000, 2_000_000)


def test_equal_regions_of_a_large_design_are_drawn_once():
    drawn = collapse_regions(made().architecture)
    names = [place.name for place in drawn.places if place.kind == "region"]
    assert names == ["us-east-1", "us-west-2, eu-west-1"]


@pytest.mark.parametrize("millions", MILLIONS)
def test_each_load_has_a_design_in_good_time_without_errors(millions):
    begin = time.process_time()
    found = design(parse(text(millions)))
    assert time.process_time() - begin < PLAN_S
    assert [finding for finding in wrong(found) if finding.severity == "error"] == []
    assert found.plan.latency_ms["p99"] <= found.workload.slo.p99_ms


def test_more_users_make_another_design_and_not_only_a_larger_one():
    databases = {m: len({d.database for d in made(m).architecture.of_type(GlobalDatabase)}) for m in MILLIONS}
    assert databases[1] == 1 < databases[20]
    machines = {m: tuple(size.choice.name for size in made(m).plan.sizes) for m in MILLIONS}
    assert len(set(machines.values())) == len(MILLIONS)
    usd = [bill(made(m).architecture).monthly_usd.likely for m in MILLIONS]
    assert usd == sorted(usd)
    assert usd[2] / usd[0] == pytest.approx(20, rel=0.2)


def test_what_one_load_balancer_takes_bounds_the_size_of_machines():
    for millions in MILLIONS:
        for group in made(millions).architecture.of_type(ServerGroup):
            assert group.size.max <= TARGETS_PER_BALANCER


def test_the_writers_of_several_databases_are_spread_over_the_regions():
    primaries = [d.primary for d in made(20).architecture.of_type(GlobalDatabase) if d.role == "primary"]
    assert set(primaries) == set(REGIONS)
    assert max(primaries.count(r) for r in REGIONS) - min(primaries.count(r) for r in REGIONS) <= 1


def test_quotas_that_must_be_raised_are_named_with_the_number():
    named = {finding.id: finding for finding in wrong(made(20))}
    assert all(finding.severity == "warning" for finding in named.values())
    assert named["cdn-requests"].hint == "ask AWS for 2,300,000 before `groma up --target aws`"
    assert "table-level" in named["table-quota"].what
    assert "L-" not in str(named)
    needed = sum(
        g.size.max * g.size.choice.vcpu
        for g in made(20).architecture.of_type(ServerGroup)
        if g.id.startswith("us-west-2/")
    )
    assert f"{needed:,}" in named["us-west-2/quota-ec2-vcpus"].hint
    assert "us-east-1/functions-concurrency" in named


def test_quotas_are_those_of_each_region():
    drawn = made(5, regions="ap-south-1, eu-west-3")
    found = {finding.id: finding for finding in review(drawn)}
    assert found["ap-south-1/quota-databases"].expected == "at most 20 in a new account"
    assert found["eu-west-3/quota-databases"].expected == "at most 40 in a new account"
    assert "300" in found["eu-west-3/quota-published"].expected


def test_a_primary_has_one_reader_less_for_each_region_that_follows_it():
    clusters = made().architecture.of_type(GlobalDatabase)
    assert {c.role: c.checks(made().architecture)[-1].expected for c in clusters} == {
        "primary": "2 to 14",
        "secondary": "2 to 16",
    }


def test_more_regions_than_a_global_database_takes_are_refused():
    many = [region.name for region in catalog.regions() if len(region.zones) >= ZONES][:12]
    assert len(many) == 12
    with pytest.raises(WorkloadError, match="at most 11 regions"):
        design(parse(text(1, regions=", ".join(many))), reasons=False)


@pytest.mark.parametrize(
    ("millions", "why"), [(150, "function keeps [0-9,]+ ms"), (400, "not even 30 Aurora databases")]
)
def test_what_cannot_be_met_says_so(millions: float, why: str):
    with pytest.raises(Infeasible, match=why):
        design(parse(text(millions)), reasons=False)


@pytest.mark.parametrize(
    ("shares", "effective"),
    [
        ((1 / 3, 1 / 3, 1 / 3), 1 / 3),
        ((1 / 2, 1 / 2), 2 / 3),
        ((1 / 4,) * 4, 1 / 4),
        ((0.6, 0.2, 0.2), 0.6),
        ((0.4, 0.4, 0.2), 0.4 / 0.6 * 2 / 3),
    ],
)
def test_the_effective_share(shares, effective):
    world = World({f"region-{i}": share for i, share in enumerate(shares)}, 0.9, 0.3)
    every = [
        max(s, s / (1 - other) * (ZONES - 1) / ZONES)
        for i, s in enumerate(shares)
        for j, other in enumerate(shares)
        if i != j
    ]
    assert world.effective_share == pytest.approx(max(every))
    assert world.effective_share == pytest.approx(effective)


def test_a_region_is_as_busy_with_a_region_lost_as_with_a_zone_lost():
    """Three equal regions of three zones: both states put the same load on a machine."""
    workload = parse(text())
    world, load_ = World.of(workload), demand(parse(text()))
    sized = tiers(workload, load_, NO_WISH)[0].load.rate_per_s
    lost = tiers_at(workload, load_, world.largest_without * (ZONES - 1) / ZONES, 0.9, NO_WISH)[
        0
    ].load.rate_per_s
    assert sized == pytest.approx(lost)


def test_shares_of_the_users_are_stated_by_region():
    found = made(1, "shares: [0.5, 0.3, 0.2]")
    balancers = {lb.id: lb.mean_per_s.likely for lb in found.architecture.of_type(LoadBalancer)}
    ratio = balancers["us-east-1/web-lb"] / balancers["eu-west-1/web-lb"]
    assert ratio == pytest.approx(0.5 / 0.2)
    targets = {g.id: g.size.cpu_target_percent for g in found.architecture.of_type(ServerGroup)}
    assert targets["us-east-1/web"] > targets["eu-west-1/web"]
    equal = made(1)
    assert found.plan.of("app").desired > equal.plan.of("app").desired


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("shares: [0.5, 0.5]", "each of the 3 regions"),
        ("shares: [0.5, 0.3, 0.3]", "add up to 1.1"),
    ],
)
def test_shares_that_are_none(more, said):
    with pytest.raises(WorkloadError, match=said):
        parse(text(1, more))


@pytest.mark.parametrize(
    ("regions", "said"),
    [
        ("us-east-1", "two or more regions"),
        ("us-east-1, us-east-1", "named twice"),
        ("us-east-1, us-west-1", "has 2 zones"),
        ("us-east-1, mars-1", "mars-1"),
    ],
)
def test_regions_that_cannot_be(regions, said):
    with pytest.raises(WorkloadError, match=said):
        made(1, "", regions)


def test_two_regions_need_more_of_each_than_three():
    assert made(1, "", "us-east-1, eu-west-1").plan.of("app").desired > made(1).plan.of("app").desired


def test_every_region_has_the_same_elements_in_networks_of_their_own():
    architecture = made().architecture
    parts = {part.scope: part.architecture for part in architecture.parts if part.scope}
    kinds = {
        region: sorted(c.kind for c in part.components if c.kind not in ("secret", "budget"))
        for region, part in parts.items()
    }
    assert len({tuple(found) for found in kinds.values()}) == 1
    ranges = [ipaddress.ip_network(p.cidr) for p in architecture.places if p.kind == "vpc" and p.cidr]
    assert [str(r) for r in ranges] == ["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16"]
    for part in parts.values():
        assert len(part.of_type(NatGateway)) == ZONES
        assert len(part.zones_of(part.component("web"))) == ZONES
        assert len(part.of_type(Worker)) == 3
    assert len(architecture.of_type(GlobalTable)) == 1
    assert len(architecture.of_type(ReplicatedBucket)) == len(REGIONS)


def test_alarms_of_what_is_global_are_in_the_home_region_alone():
    own = [alarm.id for alarm in alarms(made().architecture) if "/" not in alarm.id]
    assert {"cdn-5xx", "regions-us-west-2", "table-read-throttles"} <= set(own)
    abroad = made(1, "", "eu-west-1, us-west-2")
    assert "cdn-5xx" not in [alarm.id for alarm in alarms(abroad.architecture)]


def test_a_write_waits_for_the_way_to_another_region():
    near = made(1, "load: {region_round_trip_ms: 0}").plan.latency_by_class_ms
    far = made(1, "load: {region_round_trip_ms: 50}").plan.latency_by_class_ms
    assert far["compose"]["p50"] - near["compose"]["p50"] == pytest.approx(100, abs=15)
    assert far["user_timeline"]["p50"] == pytest.approx(near["user_timeline"]["p50"], abs=15)


def test_the_cache_is_the_cheapest_that_holds_the_hot_rows():
    from groma import catalog

    size = cheapest_cache("us-east-1", 600, 40_000, 100_000)
    assert size.usable_gib >= 600
    chosen = size.nodes * catalog.elasticache_price("us-east-1", size.node_type).usd
    for node in catalog.cache_nodes():
        if not node.name.startswith("cache.t"):
            shards = -(-600 // (node.mem_gib * 0.75))
            assert chosen <= 2 * shards * catalog.elasticache_price("us-east-1", node.name).usd + 1e-9
    assert cheapest_cache("us-east-1", 1, 900_000, 100_000).shards == 9


def test_the_cache_in_every_region_is_sized_for_those_who_come():
    found = made().architecture.of_type(Cache)
    assert {cache_.size for cache_ in found} == {found[0].size}
    hot = demand(parse(text())).database_hot_gib.likely
    assert found[0].size.hot_gib == pytest.approx(hot / 2)


def test_why_this_size_is_answered_for_tiers_and_functions():
    found = made()
    assert why(found, "app").rejected
    assert why(found, "fan-out").rejected


def test_the_root_calls_modules_of_every_region():
    root = render(made().architecture)["main.tf"]
    for region in ("us_east_1", "us_west_2", "eu_west_1"):
        assert f'module "database_{region}"' in root
    assert "global_cluster_id     = module.database_us_east_1.global_cluster_id" in root
    assert 'replica_regions       = ["us-west-2", "eu-west-1"]' in root or "replica_regions" in root


def call(root: str, name: str) -> dict[str, Any]:
    """The arguments of one call of a module."""
    return next(found[name] for found in hcl2.loads(root)["module"] if name in found)


def test_servers_are_told_of_every_database_and_service_of_their_region():
    root = render(made(20).architecture)["main.tf"]
    count = len({d.database for d in made(20).architecture.of_type(GlobalDatabase)})
    told = {
        region: dict(re.findall(r"^\s+([A-Z_]+)\s+= (.+)$", _block(root, f"app_{region}"), re.MULTILINE))
        for region in ("us_east_1", "us_west_2")
    }
    here, there = told.values()
    numbers = ["", *map(str, range(2, count + 1))]
    for role in ("writer", "reader"):
        calls = [f"module.database{n}_us_west_2" for n in numbers]
        addresses = ",".join(f"${{{c}.{role}_endpoint}}/${{{c}.database_name}}" for c in calls)
        assert there[f"DATABASE_{role.upper()}S"] == f'"{addresses}"'
    primaries = [each["DATABASE_PRIMARIES"].strip('"').split(",") for each in (here, there)]
    assert [len(each) for each in primaries] == [count, count]
    assert ("true", "true") not in list(zip(*primaries, strict=True))
    assert primaries[0][:2] == ["true", "false"]
    assert there["CACHE_HOST"] == "module.cache_us_west_2.endpoint"
    assert there["POSTED_TOPIC"] == "module.posted_us_west_2.topic_arn"
    assert there["TABLE"] == "module.table.name"
    assert there["DATABASE_SECRET_ARN"] == 'module.secret_us_east_1.replica_arns["us-west-2"]'
    assert set(here) == set(there)


def _block(root: str, name: str) -> str:
    """The text of one call of a module."""
    return root.partition(f'module "{name}" {{')[2].partition("\n}\n")[0]


def test_the_names_of_the_settings_are_those_that_the_servers_read():
    block = _block(render(made().architecture)["main.tf"], "app_us_east_1")
    names = set(re.findall(r"^\s+([A-Z_]+)\s+= ", block, re.MULTILINE))
    words = dict.fromkeys((*names, "NAME", "AWS_REGION", "LISTEN", "PORT", "DATABASE_SSL_MODE"), "1")
    told = words | {"DATABASE_PRIMARIES": "true"}
    assert WorldSettings.from_environment(told).cache_name == "1"
    for name in names:
        with pytest.raises(KeyError, match=name):
            WorldSettings.from_environment({k: v for k, v in told.items() if k != name})


def test_servers_may_sign_uploads_and_publish_no_picture_themselves():
    block = _block(render(made().architecture)["main.tf"], "app_us_west_2")
    assert 'writes = { uploads = "${module.media_us_west_2.bucket_arn}/uploads/*" }' in block
    assert "/media/*" not in block


def test_only_the_distribution_reaches_the_load_balancers():
    root = render(made().architecture)["main.tf"]
    for region in ("us_east_1", "us_west_2"):
        header = call(root, f'"web_{region}"')["required_header"]
        assert header == {"name": "${module.cdn.origin_header}", "value": "${module.cdn.origin_key}"}
        assert "required_header" not in call(root, f'"app_{region}"')
    assert "origin_key" not in render(made().architecture)["outputs.tf"]


def test_pages_are_in_every_region_and_may_upload_to_each():
    root = render(made().architecture)["main.tf"]
    for region in ("us_east_1", "us_west_2", "eu_west_1"):
        assert call(root, f'"media_{region}"')["content"] == '"${path.module}/site"'
    cdn = _block(root, "cdn")
    for region in ("us_east_1", "us_west_2", "eu_west_1"):
        assert f'"https://${{module.media_{region}.bucket_regional_domain_name}}"' in cdn
    assert "paths" not in cdn


def test_every_unknown_price_is_outside_of_the_catalog_and_none_is_counted():
    found = bill(made().architecture)
    assert found.unknown
    assert all(line.unit_usd is None for line in found.unknown)
    home = [line for line in found.unknown if line.component.startswith("us-east-1/")]
    assert {line.item for line in home} <= {
        "copies within 15 minutes",
        "traces of all functions, kept by X-Ray",
        "copy in us-west-2",
        "copy in eu-west-1",
    }


def test_the_plan_as_json_has_faults_and_losses():
    document = plan_document(made())
    assert {loss["lost"] for loss in document["recovery"]["losses"]} == set(REGIONS)
    assert document["sizes"]["app"]["desired"] == made().plan.of("app").desired


def test_the_bill_of_the_example(golden):
    golden("social-worldwide-bill.csv", bill(design(load(EXAMPLE), reasons=False).architecture).to_csv())
