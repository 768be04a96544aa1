"""Spot for stateless tiers: what it costs, what may be lost, what is said of it and who is refused."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from groma import catalog
from groma.architecture.availability import availability
from groma.bill import bill
from groma.blueprints.machines import server_choices
from groma.blueprints.spot import short, types_beside
from groma.components.quotas import taken
from groma.components.server_group import ServerGroup, spot_zone_left
from groma.components.spot import NOTICE_S, SHORTAGE_S, Spot, spot_price
from groma.design import Design, bought, design
from groma.design.spot import availability_without
from groma.errors import Infeasible, WorkloadError
from groma.questions.why import why
from groma.report.brief import Brief
from groma.report.plan import Planned, open_findings
from groma.report.plan_document import plan_document
from groma.sizing.starting import UNHEALTHY_S, boot_s
from groma.sizing.values import Size
from groma.terms import Month, Terms
from groma.workload import parse
from groma.workload.demand import daily_curve
from told import printed

MONTH_S = 730 * 3600
LARGE = "name: chirp\nblueprint: three-tier\nalerts: ops@example.com\nusers: {total: 300_000}\n"


@cache
def made(more: str = "machines: {spot: true}\n", text: str = LARGE) -> Design:
    return design(parse(text + more, source="groma.yaml"), reasons=False)


def group(design: Design, tier: str = "web") -> ServerGroup:
    return next(each for each in design.architecture.of_type(ServerGroup) if each.id == tier)


def machines(design: Design, purchase: str = "on-demand", tier: str = "web") -> dict[str, float]:
    """Item → USD a month, of the machines of a tier."""
    priced = bill(bought(design, Terms(purchase=purchase)).architecture)
    name = group(design, tier).size.choice.name
    return {
        line.item: line.monthly_usd.likely
        for line in priced.lines
        if line.component == tier and line.item.startswith(name)
    }


# What it costs ------------------------------------------------------------------------------------


def test_the_minimum_is_on_demand_and_what_runs_beyond_is_at_the_advised_saving_to_the_cent():
    """t4g.small in us-east-1: 0.0168 an hour, 51 % off by the advisor's table of 2025-06-28."""
    web = group(made())
    beyond = sum(max(0, running - 2) for running in web.by_hour) / 24
    assert (web.size.min, web.size.choice.name) == (2, "t4g.small")
    assert beyond > 0
    found = machines(made())
    assert found == {
        "t4g.small on demand": pytest.approx(2 * 730 * 0.0168, abs=0.005),
        "t4g.small Spot": pytest.approx(beyond * 730 * 0.0168 * 0.49, abs=0.005),
    }


def test_the_line_says_that_it_is_advice_of_a_day_and_no_price():
    (line,) = [each for each in bill(made().architecture).lines if each.item == "t4g.small Spot"][:1]
    assert line.note == (
        "advice only: 51% below on demand by AWS's advisor of 2025-06-28, an average of the month and no "
        "price; 5% to 10% interrupted a month"
    )
    assert line.as_of == "2025-06-28"
    assert "Spot Instance Advisor" in line.source
    assert line.quantity.likely * line.unit_usd == pytest.approx(line.monthly_usd.likely)


def test_the_ends_are_at_the_cheapest_and_the_dearest_of_the_types():
    (line,) = [each for each in bill(made().architecture).lines if each.item == "t4g.small Spot"][:1]
    usd = [spot_price("us-east-1", name).usd for name in group(made()).spot.types]
    assert line.monthly_usd.low == pytest.approx(line.quantity.low * min(usd))
    assert line.monthly_usd.high == pytest.approx(line.quantity.high * max(usd))
    assert max(usd) <= 0.0168


@pytest.mark.parametrize("purchase", ["reserved-1y", "reserved-3y", "mixed"])
def test_the_minimum_is_bought_as_the_file_says(purchase: str):
    found = machines(made(), purchase)
    reserved = catalog.ec2_price(
        "us-east-1", "t4g.small", "reserved-3y" if "3y" in purchase else "reserved-1y"
    )
    (base,) = [usd for item, usd in found.items() if "reserved" in item]
    assert base == pytest.approx(2 * 730 * reserved.usd)
    assert found["t4g.small Spot"] == pytest.approx(machines(made())["t4g.small Spot"])
    assert len(found) == 2


def test_without_advice_it_is_billed_on_demand_and_says_so():
    """The advisor's table has no m8a."""
    web, drawn = group(made()), made().architecture
    unknown = replace(web.size.choice, name="m8a.large")
    other = replace(web, size=replace(web.size, choice=unknown), spot=Spot(("m8a.large",), 0.5))
    (line,) = [each for each in other.bill(drawn) if "Spot" in each.item]
    assert line.unit_usd == catalog.ec2_price("us-east-1", "m8a.large").usd
    assert line.note == "advice only: no advice on its saving: billed as on demand"
    assert other.spot.interrupted("us-east-1") == (0.0, 1.0)


def test_a_discount_of_ones_own_is_not_taken_off_spot(tmp_path):
    (tmp_path / "prices.csv").write_text(
        "what,service,key,region,purchase,value,date\ndiscount,ec2,,,,50,2026-11-01\n"
    )
    text = LARGE + "machines: {spot: true}\nprice_book: prices.csv\n"
    own = design(parse(text, source=str(tmp_path / "groma.yaml")), reasons=False)
    lines = [each for each in bill(own.architecture).lines if each.item == "t4g.small Spot"]
    assert lines
    assert all(each.unit_usd == pytest.approx(0.0168 * 0.49) for each in lines)


def test_nothing_changes_for_who_does_not_ask():
    assert made("machines: {spot: false}\n").architecture == made("").architecture
    assert all(each.spot is None for each in made("").architecture.of_type(ServerGroup))
    assert plan_document(made("")).keys() == plan_document(made()).keys() - {"availability_without_spot"}


def test_a_month_and_a_purchase_are_told_anew():
    november = bought(made(), Terms(month=Month.parse("2026-11"), purchase="reserved-3y"))
    told = {each.about: each.because for each in november.decisions}
    assert told["web Spot"] != {each.about: each.because for each in made().decisions}["web Spot"]


# Of which types -----------------------------------------------------------------------------------


def test_others_serve_as_well_and_cost_less_than_the_type_on_demand():
    known = server_choices("us-east-1", volume_gib=20, public=False)
    (own,) = [each for each in known if each.name == "c7g.large"]
    workload = parse(LARGE)
    first, *others = types_beside(workload, own, "us-east-1", public=False)
    assert first == "c7g.large"
    assert 2 <= len(others) <= 9
    bands = [catalog.spot_advice("us-east-1", name).interruption_high for name in others]
    assert bands == sorted(bands)
    for name in others:
        other = catalog.instance_type(name)
        assert other.arch == "arm64"
        assert other.burstable_baseline is None
        assert (other.vcpu, other.mem_gib) >= (2, 4.0)
        assert spot_price("us-east-1", name).usd <= catalog.ec2_price("us-east-1", "c7g.large").usd


def test_burstable_machines_are_beside_burstable_ones_alone():
    for tier in ("web", "app"):
        types = group(made(), tier).spot.types
        assert len(types) > 1
        assert all(catalog.instance_type(name).burstable_baseline for name in types)


def test_what_the_file_refuses_is_not_bought_as_spot():
    found = group(made("machines: {spot: true, families: [c7g]}\n")).spot.types
    assert {name.partition(".")[0] for name in found} == {"c7g"}


# What may be lost ---------------------------------------------------------------------------------


def test_the_share_of_the_day_that_needs_spot_is_counted_hour_by_hour():
    """Of 10 servers in two zones 5 keep the goals at the peak, so 2 do up to 40 % of the busiest hour."""
    choice = group(made()).size.choice
    size = Size("web", choice, 2, 10, 20, 5.0, 50, 0.3, 0.6, 100.0)
    workload = parse(LARGE)
    curve = daily_curve(workload.load.peak_hour_to_mean.likely)
    expected = sum(hour / max(curve) > 0.4 for hour in curve) / 24
    assert 0 < expected < 1
    assert short(workload, size, 2) == expected
    assert short(workload, replace(size, min=5), 2) == 0
    assert short(workload, size, 2, part=0.4) == 0


def test_the_availability_is_less_by_the_formula():
    """L = (i₁ · s · T + i₂ · (s · B + D)) / month, of t4g.small, 5–10 %, and t4g.medium, 20–100 %."""
    web = group(made())
    assert web.spot.types == ("t4g.small", "t4g.medium")
    late_s = max(boot_s() - NOTICE_S, 0)
    seconds = 0.10 * web.spot.short * SHORTAGE_S + 1.0 * (web.spot.short * late_s + UNHEALTHY_S)
    assert web.spot.lost("us-east-1") == pytest.approx(seconds / MONTH_S)
    usual = replace(web, spot=None).uptime(made().architecture).share
    assert web.uptime(made().architecture).share == pytest.approx(usual * (1 - seconds / MONTH_S))
    assert availability(made().architecture).value < availability_without(made().architecture)
    assert availability_without(made().architecture) == made("").availability.value


def test_more_types_make_it_less_likely_that_none_is_to_be_had():
    """t4g.medium is in the band of 20 to 100 %, alone all of it is gone once a month at worst."""
    alone, both = Spot(("t4g.medium",), 0.5), Spot(("t4g.medium", "t4g.small"), 0.5)
    assert alone.all_gone("us-east-1") == 1.0
    assert both.all_gone("us-east-1") == 0.10
    assert both.lost("us-east-1") < alone.lost("us-east-1")
    assert both.interrupted("us-east-1") == (0.05, 1.0)


def test_the_spot_servers_of_a_zone_are_no_more_than_the_zone():
    for tier in ("web", "app"):
        size = group(made(), tier).size
        assert size.desired // 2 <= spot_zone_left(size, 2) < size.desired
    checks = {each.id: each for each in group(made()).checks(made().architecture)}
    assert checks["web-spot-zone"].ok
    assert checks["web-spot-zone"].actual == "3 of 4"


def test_few_types_are_warned_of():
    warned = dict(open_findings(made()))
    (said,) = [what for what in warned if "Spot web servers come from several types" in what]
    assert said == (
        "warning: Spot web servers come from several types, so that no pool is all: t4g.small, t4g.medium"
    )
    assert "families" in warned[said]


def test_spot_has_a_quota_of_its_own():
    sizes = [each.size for each in made().architecture.of_type(ServerGroup)]
    found = {each.quota.id: each for each in taken(made().architecture)}
    assert found["ec2-vcpus"].most == sum(2 * each.min for each in sizes)
    assert found["ec2-spot-vcpus"].most == sum(2 * (each.max - each.min) for each in sizes)
    assert found["ec2-spot-vcpus"].start == sum(2 * (each.desired - each.min) for each in sizes)
    assert "L-34B43A08" in found["ec2-spot-vcpus"].request


def test_a_role_of_spots_own_is_looked_for():
    assert group(made()).service_roles == ("autoscaling.amazonaws.com", "spot.amazonaws.com")
    assert group(made("")).service_roles == ("autoscaling.amazonaws.com",)


# What is said -------------------------------------------------------------------------------------


def test_the_plan_says_what_it_saves_and_what_is_left():
    told = {each.about: (each.decided, each.because) for each in made().decisions}
    saved = bill(made("").architecture).of("web") - bill(made().architecture).of("web")
    decided, because = told["web Spot"]
    assert decided == "beyond 2 servers: t4g.small, t4g.medium"
    assert because == (
        f"as stated; saves ${saved:,.0f} a month by AWS's advice of 2025-06-28, no price, which chose no size"
    )
    mean = group(made()).spot_servers.likely
    decided, because = told["web Spot taken back"]
    assert decided == f"{mean * 0.05:.1f} to {mean:.1f} interruptions a month"
    assert f"told {NOTICE_S:.0f} s before, and another serves after {boot_s():.0f} s" in because
    assert "With those of a zone gone at peak 3 of 4 are left" in because
    hours = round((1 - group(made()).spot.short) * 24)
    assert f"with all gone the 2 do in {hours} of 24 hours" in because
    assert f"{group(made()).spot.lost('us-east-1'):.4%} off the availability" in because


def test_a_tier_that_holds_its_minimum_at_peak_saves_nothing_and_says_so():
    small = made(text="name: chirp\nblueprint: three-tier\nusers: {total: 50_000}\n")
    told = {each.about: each.because for each in small.decisions}
    assert group(small).size.min == group(small).size.desired
    assert told["web Spot"].startswith("as stated; saves nothing at the likely load")
    assert "with all gone the 2 do in 24 of 24 hours" in told["web Spot taken back"]
    assert group(small).spot.short == 0


def test_why_a_tier_has_its_size_says_what_of_it_is_spot():
    told = why(made(), "web")
    assert "web Spot: beyond 2 servers: t4g.small, t4g.medium; as stated; saves" in printed(told)
    assert [each["about"] for each in told.document()["spot"]] == ["web Spot", "web Spot taken back"]
    assert "spot" not in why(made(""), "web").document()


@pytest.mark.slow  # several regions take seconds
def test_in_several_regions_each_has_its_own_types_and_its_own_part_of_the_load():
    text = (
        "name: chirp\nblueprint: worldwide\nregions: [us-east-1, eu-west-1]\nshares: [0.7, 0.3]\n"
        "domain: chirp.example.com\nusers: {total: 3_000_000}\n"
    )
    world = made(text=text)
    groups = {each.id: each for each in world.architecture.of_type(ServerGroup)}
    assert set(groups) == {f"{region}/{tier}" for region in world.workload.regions for tier in ("web", "app")}
    assert groups["eu-west-1/app"].spot.short < groups["us-east-1/app"].spot.short
    told = {each.about: each.decided for each in world.decisions}
    assert "in each region" in told["app Spot"]
    assert availability_without(world.architecture) > world.availability.value
    lines = {line.component for line in bill(world.architecture).lines if line.item.endswith(" Spot")}
    assert lines == set(groups)


def test_the_availability_is_told_with_and_without_it():
    without = f"{made('').availability.value:.4%}"
    (row,) = [line for line in printed(Planned(made())).splitlines() if "without Spot" in line][:1]
    assert row.split()[:3] == [without, "without", "Spot;"]
    assert f"{without} without Spot" in printed(Brief(made()))
    assert "without Spot" not in printed(Brief(made("")))
    assert plan_document(made())["availability_without_spot"] == made("").availability.value


def test_the_drawing_labels_it():
    assert group(made()).details == (
        "2–6 × t4g.small",
        "beyond 2 Spot",
        f"gp3 20 GB · {group(made()).size.cpu_target_percent} % CPU",
    )


# Who is refused -----------------------------------------------------------------------------------


def test_one_tier_alone_may_be_named():
    only = made("machines: {spot: [app]}\n")
    assert group(only).spot is None
    assert group(only, "app").spot is not None
    assert "web Spot" not in {each.about for each in only.decisions}
    assert only.workload.machines == made("machines: {spot: app}\n").workload.machines


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("{spot: [database]}", "machines.spot.0: 'database' does not exist\n  hint: allowed: 'web' or 'app'"),
        ("{spot: [web, web]}", "machines.spot: must name each tier once"),
        ("{spot: often}", "machines.spot.0: 'often' does not exist\n  hint: allowed: 'web' or 'app'"),
        ("{spot: 2}", "machines.spot: must be a list"),
    ],
)
def test_what_cannot_be_spot_is_refused_with_its_line(stated: str, said: str):
    with pytest.raises(WorkloadError) as caught:
        parse(f"{LARGE}machines: {stated}\n", source="groma.yaml")
    assert str(caught.value).startswith("groma.yaml:5: ")
    assert said in str(caught.value)


def test_tasks_are_refused_since_their_price_is_unknown():
    text = LARGE.replace("three-tier", "containers") + (
        "application: {image: 'acme/shop:1.3', port: 8000, health: /up}\nmachines: {spot: true}\n"
    )
    with pytest.raises(WorkloadError) as caught:
        parse(text, source="groma.yaml")
    assert str(caught.value) == (
        "groma.yaml:6: machines.spot: containers does not use it: the catalog has no price of Fargate Spot; "
        "three-tier buys Spot servers\n  hint: leave it out, or choose another blueprint than containers"
    )


def test_a_goal_that_only_spot_keeps_out_of_reach_is_refused_with_what_to_do():
    goal = f"{made('').availability.value - 1e-6:.6f}"
    with pytest.raises(Infeasible) as caught:
        made(f"machines: {{spot: true}}\nslo: {{availability: {goal}}}\n")
    found = str(caught.value)
    assert found.startswith(
        f"groma.yaml:5: machines.spot: an availability of {goal} is out of reach with Spot"
    )
    assert "leave out `machines.spot`, name fewer tiers of it, or lower slo.availability to" in found
    lowered = found.rpartition(" to ")[2].split()[0]
    assert made(f"machines: {{spot: true}}\nslo: {{availability: {lowered}}}\n").architecture


def test_a_standby_that_only_spot_asks_for_is_told_so():
    goal = f"{made().availability.value + 2e-6:.6f}"
    assert made("").availability.value > float(goal)
    found = made(f"machines: {{spot: true}}\nslo: {{availability: {goal}}}\n")
    (needed,) = [each for each in found.decisions if each.about == "availability"]
    assert "without Spot it would be kept" in needed.because
