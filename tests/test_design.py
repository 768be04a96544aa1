from __future__ import annotations

import re

import pytest

from groma.check import check
from groma.components.database import DatabaseServer
from groma.components.server_group import ServerGroup
from groma.design import design
from groma.errors import Infeasible, WorkloadError
from groma.sizing.values import Wish


def test_the_example_meets_its_goals(designed):
    assert designed.plan.latency_ms["p99"] <= designed.workload.slo.p99_ms
    assert designed.availability.value >= designed.workload.slo.availability


def test_every_element_of_the_brief_is_there(designed):
    kinds = [component.kind for component in designed.architecture.components]
    for kind in ("users", "clients", "distribution", "site-bucket", "internet-gateway", "nat-gateway"):
        assert kinds.count(kind) == 1, kind
    assert kinds.count("load-balancer") == 2
    assert kinds.count("server-group") == 2
    assert kinds.count("database-server") == 2
    places = [place.kind for place in designed.architecture.places]
    assert (places.count("vpc"), places.count("zone")) == (1, 2)
    assert (places.count("public-subnet"), places.count("private-subnet")) == (2, 2)


def test_web_servers_are_public_and_application_servers_private_in_both_zones(designed):
    architecture = designed.architecture
    web, app = architecture.of_type(ServerGroup)
    assert {architecture.place(place).kind for place in web.places} == {"public-subnet"}
    assert {architecture.place(place).kind for place in app.places} == {"private-subnet"}
    assert architecture.zones_of(web) == architecture.zones_of(app) == ("us-east-1a", "us-east-1b")


def test_the_master_is_in_the_first_zone_and_the_replica_in_the_second(designed):
    architecture = designed.architecture
    master, replica = architecture.of_type(DatabaseServer)
    assert (master.role, *architecture.zones_of(master)) == ("master", "us-east-1a")
    assert (replica.role, *architecture.zones_of(replica)) == ("replica", "us-east-1b")


def test_the_same_workload_gives_the_same_design(example, designed):
    again = design(example)
    assert again.architecture == designed.architecture
    assert again.plan == designed.plan


@pytest.mark.slow
def test_more_users_get_more_machines_for_more_money(workload):
    from groma.bill import bill
    from groma.workload import parse

    costs = []
    for total in (1_000, 50_000, 500_000, 3_000_000):
        text = f"name: chirp\nblueprint: three-tier\nusers: {{total: {total}}}\n"
        costs.append(bill(design(parse(text)).architecture).monthly_usd.likely)
    assert costs == sorted(costs)
    assert costs[-1] > 10 * costs[0]


def test_a_goal_out_of_reach_is_infeasible_with_the_number_that_is_in_reach(workload):
    with pytest.raises(Infeasible, match="p99 of 1 ms is out of reach"):
        design(workload("slo: {p99_ms: 1}\n"))
    with pytest.raises(Infeasible, match=r"reaches 0\.999"):
        design(workload("slo: {availability: 0.99999}\n"))


@pytest.mark.slow
def test_the_p99_does_not_become_coarse_when_the_goal_is_lax(workload):
    latencies = [design(workload(f"slo: {{p99_ms: {goal}}}\n")).plan for goal in (2_000, 60_000)]
    for plan in latencies:
        assert 5 < plan.latency_ms["p50"] < plan.latency_ms["p95"] < plan.latency_ms["p99"]


def test_a_region_that_does_not_exist_is_named_with_its_line(workload):
    with pytest.raises(WorkloadError, match=r"groma\.yaml:4: regions"):
        design(workload("regions: [us-esat-1]\n"))
    with pytest.raises(WorkloadError, match="one region, not in 2"):
        design(workload("regions: [us-east-1, us-west-2]\n"))


def test_unknown_prices_elsewhere_are_unknown_and_not_free(workload):
    from groma.bill import bill

    priced = bill(design(workload("regions: [us-west-2]\n")).architecture)
    assert priced.unknown
    assert all(line.monthly_usd is None for line in priced.unknown)
    assert priced.monthly_usd.likely > 0


def test_an_availability_that_a_standby_brings_into_reach_brings_the_standby(workload):
    usual = design(workload("slo: {availability: 0.9995}\n"))
    safer = design(workload("slo: {availability: 0.99968}\n"))
    assert usual.availability.value < 0.99968 <= safer.availability.value
    assert [db.standby for db in usual.architecture.of_type(DatabaseServer)] == ["", ""]
    assert [db.standby for db in safer.architecture.of_type(DatabaseServer)] == ["private-b", ""]
    (needed,) = [d for d in safer.decisions if d.about == "availability"]
    assert "Multi-AZ" in needed.decided
    assert "99.9680% is the goal" in needed.because
    assert not any(d.about == "availability" for d in usual.decisions)
    for made, ok in ((usual, False), (safer, True)):
        (found,) = [f for f in check(made.architecture) if f.id == "database-master-failover"]
        assert found.ok is ok


def test_the_hint_of_an_availability_out_of_reach_is_in_reach(workload):
    with pytest.raises(Infeasible) as raised:
        design(workload("slo: {availability: 0.99999}\n"))
    reach = float(re.search(r"0\.\d+", raised.value.hint).group())
    assert design(workload(f"slo: {{availability: {reach}}}\n")).availability.value >= reach


def test_a_standby_answers_writes_by_its_own_agreement(workload):
    """By hand: 0.9 of requests only read; m = 0.9995 and a = 0.995 are the agreements."""
    (part,) = [
        part
        for part in design(workload(), Wish(multi_az=True)).availability.parts
        if part.component == "database-master"
    ]
    reads = 1 - (1 - 0.9995) * (1 - 0.995)
    assert part.share == pytest.approx(0.9 * reads + 0.1 * 0.9995)


def test_each_class_has_its_percentiles_and_the_goal_is_that_of_all_requests(designed):
    plan = designed.plan
    assert set(plan.latency_by_class_ms) == set(designed.workload.requests)
    p99 = [each["p99"] for each in plan.latency_by_class_ms.values()]
    assert min(p99) < plan.latency_ms["p99"] < max(p99)
    assert all(ms["p50"] < ms["p95"] < ms["p99"] for ms in plan.latency_by_class_ms.values())


def test_a_rare_class_that_takes_far_longer_than_the_goal_has_a_finite_p99(workload):
    rare = "  export: {share: 0.001, web_ms: 2, app_ms: 9000, reads: 1, writes: 0, query_ms: 1}\n"
    usual = "  view: {share: 0.999, web_ms: 2, app_ms: 10, reads: 2, writes: 0, query_ms: 1}\n"
    plan = design(workload(f"slo: {{p99_ms: 2000}}\nrequests:\n{usual}{rare}"), reasons=False).plan
    assert plan.latency_ms["p99"] <= 2000
    assert 9_000 < plan.latency_by_class_ms["export"]["p99"] < 500_000
