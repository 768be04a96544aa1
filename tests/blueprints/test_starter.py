"""The starter: the same small site in each region, without a load to size it by."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path

import pytest

from groma.architecture import Architecture
from groma.bill import bill
from groma.check import check
from groma.components.instance import Instance
from groma.components.operations import Budget
from groma.design import Design, design
from groma.diagram import lint
from groma.errors import GromaError, WorkloadError
from groma.monitoring import alarms
from groma.report.documents import build, picture
from groma.report.plan import Planned
from groma.report.plan_document import plan_document
from groma.terraform import render
from groma.workload import json_schema, parse

STARTER = "name: first\nblueprint: starter\nalerts: ops@example.com\n"


def made(more: str = "") -> Design:
    return design(parse(STARTER + more, source="groma.yaml"))


def instances(architecture: Architecture) -> list[str]:
    return [component.id for component in architecture.of_type(Instance)]


def test_neither_users_nor_regions_need_be_stated():
    assert made().architecture.regions == ("us-east-1", "us-west-2")
    assert made().plan.sizes == ()
    with pytest.raises(WorkloadError, match="users: starter does not use it"):
        made("users: {total: 50}\n")


def test_users_are_required_elsewhere():
    with pytest.raises(WorkloadError, match="users"):
        parse("name: first\nblueprint: three-tier\n")
    schema = json_schema()
    assert schema["required"] == ["name", "blueprint"]
    assert schema["if"]["properties"]["blueprint"]["enum"] == ["starter"]
    assert schema["else"] == {"required": ["users"]}


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_each_region_has_the_same_site_and_an_address_range_of_its_own(count: int):
    names = ["us-east-1", "us-west-2", "eu-west-1", "ap-south-1", "sa-east-1"][:count]
    architecture = made(f"regions: [{', '.join(names)}]\n").architecture
    assert architecture.regions == tuple(names)
    assert len(instances(architecture)) == count
    ranges = [ipaddress.ip_network(p.cidr) for p in architecture.places if p.kind == "vpc" and p.cidr]
    assert len(ranges) == count
    assert not any(a.overlaps(b) for i, a in enumerate(ranges) for b in ranges[:i])
    assert len(alarms(architecture)) == 5 * count
    assert len(architecture.of_type(Budget)) == 1
    assert all(finding.ok for finding in check(architecture))
    main = render(architecture)["main.tf"]
    assert main.count('source = "./modules/starter"') == count
    assert main.count("providers = {") == 3 * (count - 1)


@pytest.mark.parametrize(
    ("stated", "usd"), [("", 30), ("budget_usd_per_month: 1000\n", 30), ("budget_usd_per_month: 25\n", 25)]
)
def test_the_budget_is_the_bill_and_a_fifth_or_what_was_stated_where_that_is_less(stated: str, usd: int):
    (budget,) = made(stated).architecture.of_type(Budget)
    assert (budget.usd_per_month, budget.usd_per_day) == (usd, usd / 10)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_the_picture_lints_clean_in_any_number_of_regions(count: int):
    names = ["us-east-1", "us-west-2", "eu-west-1", "ap-south-1"][:count]
    drawn = made(f"regions: [{', '.join(names)}]\n")
    assert [f for f in lint(picture(drawn), drawn.architecture) if not f.ok] == []


def test_a_region_is_named_once_and_exists():
    with pytest.raises(WorkloadError, match=r"groma\.yaml:4: regions\.1: us-east-1 is named twice"):
        made("regions: [us-east-1, us-east-1]\n")
    with pytest.raises(WorkloadError, match=r"groma\.yaml:4: regions\.0"):
        made("regions: [us-nowhere-1]\n")


def test_the_bill_is_that_of_two_small_servers():
    priced = bill(made().architecture)
    lines = {(line.component, line.item): line for line in priced.lines}
    server = lines["us-east-1/server", "t4g.micro on demand"]
    assert server.monthly_usd is not None
    assert server.monthly_usd.likely == pytest.approx(730 * 0.0084)
    volume = lines["us-west-2/server", "gp3 volume"]
    assert volume.monthly_usd is not None
    assert volume.monthly_usd.likely == pytest.approx(20 * 0.08)
    assert 20 < priced.monthly_usd.likely < 30


def test_a_server_that_always_runs_is_reserved_when_it_is_bought_so():
    lines = bill(made("purchase: mixed\n").architecture).lines
    reserved = next(line for line in lines if line.item == "t4g.micro reserved 1 year")
    assert reserved.monthly_usd is not None
    assert reserved.monthly_usd.likely == pytest.approx(730 * 0.0053)


def test_what_an_alarm_says_comes_from_the_design():
    found = {alarm.id: alarm for alarm in alarms(made().architecture)}
    assert found["us-west-2/server-status"].missing.told == "page"
    assert "10%" in found["us-east-1/server-credits"].derived_from
    assert {id_.partition("/")[2] for id_ in found} == {
        f"server-{what}" for what in ("cpu", "memory", "disk", "status", "credits")
    }


def test_the_documents_promise_nothing_that_was_not_designed():
    document = plan_document(made())
    assert document["latency_ms"] == {}
    assert document["availability"] is None
    assert document["demand"] is None
    assert "users" not in document["workload"]
    json.dumps(document)
    page = build(made())["report.html"].decode()
    assert "p99 at peak" not in page
    assert 'href="#sizes"' not in page
    assert "us-east-1, us-west-2" in page


def test_the_plan_is_told_without_sizes_and_latency():
    said = str(Planned(made()).words())
    assert "starter in us-east-1, us-west-2" in said
    assert "t4g.micro on demand" in said
    assert "p99" not in said
    assert "Sizes" not in said


def test_questions_about_sizes_are_refused(tmp_path: Path):
    from typer.testing import CliRunner

    from groma.cli.app import app

    file = tmp_path / "groma.yaml"
    file.write_text(STARTER)
    for command in (
        ["growth"],
        ["plan", "--why", "web"],
        ["plan", "--alternatives"],
        ["plan", "--budget", "9"],
    ):
        done = CliRunner().invoke(app, [command[0], str(file), *command[1:]])
        assert isinstance(done.exception, GromaError), command
        assert "nothing of starter is sized by its load" in str(done.exception)
