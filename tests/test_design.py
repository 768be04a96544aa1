from __future__ import annotations

import pytest

from groma.components.database import DatabaseServer
from groma.components.server_group import ServerGroup
from groma.design import design
from groma.errors import Infeasible, WorkloadError


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
