"""The worldwide blueprint: three loads, three designs."""

from __future__ import annotations

import time

import pytest
from worldwide_designs import REGIONS, made, text

from groma import catalog
from groma.architecture import Finding
from groma.bill import bill
from groma.blueprints.worldwide.load import ZONES
from groma.catalog import quota
from groma.components.cache import Cache, cheapest_cache
from groma.components.global_database import GlobalDatabase
from groma.components.server_group import ServerGroup
from groma.design import Design, design
from groma.diagram.regions import collapse_regions
from groma.errors import Infeasible, WorkloadError
from groma.questions.growth import at_users
from groma.questions.review import review
from groma.questions.why import why
from groma.report.plan_document import plan_document
from groma.workload import parse
from groma.workload.demand import demand
from workloads import ROOT, designed_example

pytestmark = pytest.mark.slow

EXAMPLE = ROOT / "examples" / "social-worldwide.yaml"
MILLIONS = (1, 2, 8)
"""At once. With some more all servers' processes keep more connections than a writer accepts."""
PLAN_S = 5.0


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


def test_where_no_writer_accepts_all_processes_it_is_said_in_good_time():
    begin = time.process_time()
    with pytest.raises(
        Infeasible, match="no database in the catalog accepts what the app tier keeps"
    ) as told:
        design(parse(text(20)))
    assert time.process_time() - begin < PLAN_S
    assert "share the users out among several stacks" in told.value.hint


def test_more_users_make_another_design_and_not_only_a_larger_one():
    databases = {m: len({d.database for d in made(m).architecture.of_type(GlobalDatabase)}) for m in MILLIONS}
    assert databases[1] == 1 < databases[8]
    machines = {m: tuple(size.choice.name for size in made(m).plan.sizes) for m in MILLIONS}
    assert len(set(machines.values())) == len(MILLIONS)
    usd = [bill(made(m).architecture).monthly_usd.likely for m in MILLIONS]
    assert usd == sorted(usd)
    assert usd[2] / usd[0] == pytest.approx(8, rel=0.2)


def test_what_one_load_balancer_takes_bounds_the_size_of_machines():
    for millions in MILLIONS:
        for group in made(millions).architecture.of_type(ServerGroup):
            assert group.size.max <= quota("targets").grown


def test_the_writers_of_several_databases_are_spread_over_the_regions():
    primaries = [d.primary for d in made(8).architecture.of_type(GlobalDatabase) if d.role == "primary"]
    assert set(primaries) == set(REGIONS)
    assert max(primaries.count(r) for r in REGIONS) - min(primaries.count(r) for r in REGIONS) <= 1


@pytest.mark.parametrize(("total", "databases"), [(22_000_000, 1), (30_000_000, 2), (40_000_000, 2)])
def test_a_database_more_where_one_accepts_too_few_connections(total: int, databases: int):
    """Of each the application keeps connections for all that it asks there: of several it asks each less."""
    guessed = text().replace(
        "{total: 20000000, concurrent: 1000000, think_s: [20, 30, 45]}", f"{{total: {total}}}"
    )
    drawn = design(parse(guessed), reasons=False).architecture
    roles = [each.role for each in drawn.of_type(GlobalDatabase)]
    assert roles.count("primary") == databases


def test_quotas_that_must_be_raised_are_named_with_the_number():
    named = {finding.id: finding for finding in wrong(made(8))}
    assert all(finding.severity == "warning" for finding in named.values())
    assert named["cdn-requests"].hint == "ask AWS for 900,000 before `groma up --target aws`"
    assert "Table-level" in named["us-east-1/quota-table-units"].what
    assert "L-" not in str(named)
    needed = sum(
        g.size.max * g.size.choice.vcpu
        for g in made(8).architecture.of_type(ServerGroup)
        if g.id.startswith("us-west-2/")
    )
    assert f"{needed:,}" in named["us-west-2/quota-ec2-vcpus"].hint
    assert "us-east-1/quota-lambda-concurrency" in named


def test_quotas_are_those_of_each_region():
    drawn = made(3, regions="ap-south-1, eu-west-3")
    found = {finding.id: finding for finding in review(drawn)}
    for region, most in (("ap-south-1", 20), ("eu-west-3", 40)):
        told = found[f"{region}/quota-databases"].expected
        assert told == f"at most {most} database instances, {most} in a new account"
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
    ("millions", "why"),
    [
        (20, "no database in the catalog accepts what the app tier keeps"),
        (400, "not even 30 Aurora databases"),
    ],
)
def test_what_cannot_be_met_says_so(millions: float, why: str):
    with pytest.raises(Infeasible, match=why):
        design(parse(text(millions)), reasons=False)


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
    golden("social-worldwide-bill.csv", bill(designed_example(EXAMPLE.stem).architecture).to_csv())
