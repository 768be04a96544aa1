"""The serverless design: what it consists of, what it costs, what it may do, and what it says when asked."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chirp.shipping.functions import FUNCTIONS
from chirp.social.http import PUBLIC, ROUTES
from groma.answers import BillLine, Expression, Ref
from groma.architecture import Architecture
from groma.bill import Bill, bill
from groma.check import check
from groma.cli.app import app
from groma.components.function import LambdaFunction
from groma.components.http_api import HttpApi
from groma.components.table import DynamoTable
from groma.components.user_pool import UserPool
from groma.design import Design, bought, design
from groma.diagram import lint
from groma.errors import Infeasible, InputError, WorkloadError
from groma.monitoring import alarms
from groma.monitoring.evaluate import Rule
from groma.questions.why import why
from groma.report.documents import build, picture
from groma.report.plan import Planned
from groma.report.plan_document import plan_document
from groma.terms import Month, Terms
from groma.terraform import render
from groma.workload import load, parse
from workloads import ROOT

EXAMPLE = ROOT / "examples" / "social-serverless.yaml"
TEXT = EXAMPLE.read_text()
OF_THE_BRIEF = ("Users", "Client machines", "Route 53", "CloudFront", "Cognito", "Lambda", "API Gateway")
OF_THE_BRIEF += ("DynamoDB", "S3")


STORED = ("storage", "point-in-time recovery")


@cache
def made(more: str = "") -> Design:
    return design(parse(TEXT + more, source="groma.yaml"))


@cache
def priced() -> Bill:
    return bill(made().architecture)


def architecture() -> Architecture:
    return made().architecture


def line(component: str, item: str) -> BillLine:
    (found,) = [one for one in priced().lines if one.component == component and one.item.startswith(item)]
    return found


@pytest.mark.parametrize("name", OF_THE_BRIEF)
def test_every_element_of_the_brief_is_there_with_its_name(name: str):
    said = [f"{component.label} {component.service}" for component in architecture().components]
    assert any(name in words for words in said)


def test_nothing_stands_in_a_vpc():
    assert {place.kind for place in architecture().places} == {"world", "cloud", "region"}


def test_the_bill_of_the_example(golden):
    golden("social-serverless-bill.csv", priced().to_csv())


def test_the_bill_is_quantities_times_prices_of_aws():
    """By hand: 60.8 million requests of 20,000 people a day; prices of us-east-1."""
    requests = 20_000 * 100 * 730 / 24
    api = architecture().component("api-function")
    assert isinstance(api, LambdaFunction)
    second = api.size.billed_ms / 1000 * api.size.choice.memory_mib / 1024
    assert line("api", "requests").monthly_usd.likely == pytest.approx(requests / 1e6)
    assert line("api-function", "calls").monthly_usd.likely == pytest.approx((requests - 1e6) * 0.2e-6)
    paid = requests * second - 400_000
    assert line("api-function", "time").monthly_usd.likely == pytest.approx(paid * 1.33334e-5)
    assert line("auth", "monthly").monthly_usd.likely == pytest.approx((35_000 - 10_000) * 0.0055)
    posts = requests * 0.1 * 0.1
    writes = requests * 0.1 * 10 + posts * 100
    assert line("table", "write request").monthly_usd.likely == pytest.approx(writes * 0.625e-6)
    assert line("waf", "rules").monthly_usd.likely == 5
    assert line("dns", "hosted zone").monthly_usd.likely == 0.5


def test_traces_beyond_the_free_ones_are_billed_once_for_all_functions():
    (traces,) = [one for one in priced().lines if one.item.startswith("traces")]
    assert traces.monthly_usd.likely == pytest.approx((traces.quantity.likely - 100_000) * 5e-6)
    assert priced().unknown == ()


def test_a_month_of_31_days_costs_more_for_what_flows_and_the_same_for_what_is_stored():
    march = bill(bought(made(), Terms(Month.parse("2026-03"))).architecture)
    usd = {(one.component, one.item): one.monthly_usd for one in march.lines}
    assert usd["table", "storage"] == line("table", "storage").monthly_usd
    calls, free = line("api-function", "calls").monthly_usd.likely, 0.2
    assert usd["api-function", "calls"].likely == pytest.approx((calls + free) * 744 / 730 - free)


def test_each_function_may_do_what_the_application_says_and_nothing_else():
    for component in architecture().of_type(LambdaFunction):
        wanted = {action for right in FUNCTIONS[component.name].rights for action in right.actions}
        given = {action for statement in component.statements for action in statement["actions"]}
        assert given == wanted
        assert all(isinstance(r, Ref) for s in component.statements for r in s["resources"])
        assert set(component.environment) == set(FUNCTIONS[component.name].settings)


def test_routes_ask_for_a_token_unless_the_application_serves_everybody():
    (api,) = architecture().of_type(HttpApi)
    for (method, path), route in ROUTES.items():
        assert api.routes[f"{method} {path}"] == (route not in PUBLIC)


def test_what_anybody_may_make_cognito_do_has_a_limit_of_its_own():
    (api,), (pool,) = architecture().of_type(HttpApi), architecture().of_type(UserPool)
    accounts = {
        "POST /api/accounts",
        "POST /api/accounts/{handle}/code",
        "POST /api/accounts/{handle}/confirm",
        "POST /api/sessions",
    }
    assert set(api.limits) == accounts
    (limit,) = set(api.limits.values())
    assert 2 * pool.logins_per_s <= limit <= api.size.rate_per_s
    assert limit >= 10
    assert api.module(architecture()).arguments["routes"]["POST /api/sessions"] == {
        "function": "api",
        "public": True,
        "throttling": {"requests_per_s": limit, "burst": limit},
    }


def test_alarms_cover_every_service_and_come_from_the_design():
    found = {alarm.id: alarm for alarm in alarms(architecture())}
    assert found["api-latency"].threshold == 1
    assert Rule.of(found["api-latency"]).metrics["slow"].statistic == "TC(400:)"
    assert found["api-5xx"].threshold == pytest.approx(100 * 14.4 * 0.002)
    assert found["api-5xx-6h"].threshold == pytest.approx(100 * 6 * 0.002)
    assert found["fan-out-dead-letters-messages"].threshold == 1
    assert found["pictures-function-duration"].threshold == pytest.approx(0.8 * 60_000)
    assert isinstance(found["api-function-errors"].watches, Expression)
    metrics = [metric for alarm in found.values() for metric in Rule.of(alarm).metrics.values()]
    spaces = {metric.namespace.removeprefix("AWS/") for metric in metrics}
    assert spaces >= {"Lambda", "ApiGateway", "DynamoDB", "SQS", "SNS", "Cognito", "CloudFront", "WAFV2"}


def test_what_aws_publishes_in_one_region_alone_is_watched_there_whatever_the_home():
    elsewhere = design(parse(TEXT.replace("us-east-1", "eu-west-1")), reasons=False).architecture
    of_edge = [a for a in alarms(elsewhere) if a.component in ("cdn", "waf", "certificate")]
    assert {alarm.id for alarm in of_edge} == {"cdn-5xx", "waf-blocked", "certificate-days"}
    assert {alarm.region for alarm in of_edge} == {"us-east-1"}
    calls = {c.id: c.module(elsewhere) for c in elsewhere.components}
    assert calls["waf"].providers == calls["certificate"].providers == {"aws": "us-east-1"}
    assert calls["edge-monitoring"].providers == {"aws": "us-east-1"}
    assert calls["edge-monitoring"].name != calls["monitoring"].name
    text = render(elsewhere)["alarms.tf"]
    home, _, edge = text.partition("edge_alarms = {")
    assert {id_ for id_ in ("cdn-5xx", "waf-blocked", "certificate-days") if f"{id_} = {{" in edge} == {
        alarm.id for alarm in of_edge
    }
    assert "api-latency = {" in home
    assert "cdn-5xx" not in home
    lines = {line.item: line for line in elsewhere.component("edge-monitoring").bill(elsewhere)}
    watched = lines["metrics watched by alarms"]
    assert watched.quantity.likely == sum(len(Rule.of(alarm).metrics) for alarm in of_edge)
    assert watched.meter == ("cloudwatch", "alarm_standard", "us-east-1")


def test_the_example_has_no_error_and_says_what_to_do_before_launch():
    wrong = [finding for finding in check(architecture()) if not finding.ok]
    assert [finding.id for finding in wrong] == ["dns-domain", "auth-mail"]


def test_the_post_with_most_followers_is_looked_at():
    (found,) = [f for f in check(architecture()) if f.id == "fan-out-queue-largest"]
    assert (found.ok, found.what) == (True, "a post for 5,000 followers, the most, reaches all in time")
    many = made("load: {most_followed_share: 1}\n").architecture
    (late,) = [f for f in check(many) if f.id == "fan-out-queue-largest"]
    assert (late.ok, late.severity) == (False, "warning")
    assert float(late.actual.removesuffix(" s")) == pytest.approx(
        10 * float(found.actual.removesuffix(" s")), rel=0.02
    )


def test_a_large_load_says_which_quotas_to_ask_for():
    large = design(parse(TEXT.replace("50_000", "5_000_000").replace("3_000", "300_000")), reasons=False)
    wrong = {f.id: f for f in check(large.architecture) if not f.ok and f.id != "auth-mail"}
    assert {"quota-api-rate", "quota-lambda-concurrency", "table-first-peak"} <= set(wrong)
    assert {f.severity for f in wrong.values()} == {"warning"}
    assert "Concurrent executions" in wrong["quota-lambda-concurrency"].what


def test_what_is_asked_of_aws_is_what_the_stage_lets_through():
    large = design(parse(TEXT.replace("50_000", "5_000_000").replace("3_000", "300_000")), reasons=False)
    (found,) = [f for f in check(large.architecture) if f.id == "quota-api-rate"]
    stage = large.plan.gateway
    assert stage.rate_per_s > 10_000
    assert found.hint == f"ask AWS for {stage.rate_per_s:,} before `groma up --target aws`"
    assert stage.burst == stage.rate_per_s // 2


def test_capacity_is_bought_when_no_burst_has_to_be_feared():
    calm = made("load: {burst_to_peak_hour: 1.2}\n")
    (table,) = calm.architecture.of_type(DynamoTable)
    assert table.size.mode == "provisioned"
    arguments = table.module(calm.architecture).arguments
    assert arguments["capacity"]["read"]["min"] < arguments["capacity"]["read"]["max"]
    (index,) = arguments["indexes"].values()
    demand = calm.demand
    at_peak = 2 * demand.posts_per_s.high + 3 * demand.uploads_per_s.high
    assert index["write_capacity"] == pytest.approx(at_peak, abs=1), "nothing scales it: it stands the peak"
    assert index["read_capacity"] == 8, "16 queries of half a unit, all at once"
    throttles = {alarm.id: alarm for alarm in alarms(calm.architecture) if "index" in alarm.id}
    assert f" {index['write_capacity']} units" in throttles["table-index-write-throttles"].derived_from
    assert throttles["table-index-write-throttles"].watches.dimensions["GlobalSecondaryIndexName"] == "todo"
    (before,) = architecture().of_type(DynamoTable)
    assert "capacity" not in before.module(architecture()).arguments


@pytest.mark.parametrize("burst", [1.2, 1.7, 2.0, 2.3, 3.0])
def test_the_table_is_paid_in_the_way_that_its_own_bill_finds_cheaper(burst: float):
    """With the index and the alarms of scaling, which the bill has and the choice once left out."""
    found = made(f"load: {{burst_to_peak_hour: {burst}}}\n")
    (table,) = found.architecture.of_type(DynamoTable)
    size = table.size
    assert size.usd_per_month < size.other_usd_per_month
    whole = replace(found.architecture, terms=replace(found.architecture.terms, free_tier=False))
    for usd, mode in (
        (size.usd_per_month, size.mode),
        (size.other_usd_per_month, "on-demand" if size.mode == "provisioned" else "provisioned"),
    ):
        lines = replace(table, size=replace(size, mode=mode)).bill(whole)
        paid = sum(line.monthly_usd.likely for line in lines if line.item not in STORED)
        assert paid == pytest.approx(usd, rel=0.01), mode


def test_availability_is_the_product_of_agreements():
    assert made().availability.value == pytest.approx(0.9995 * 0.9995 * 0.9999 * (1 - 0.005 * 0.001))


def test_an_availability_out_of_reach_is_refused_with_what_is_reached():
    with pytest.raises(Infeasible, match=r"0\.99890"):
        design(parse(TEXT.replace("0.998", "0.9995")))


def test_a_p99_out_of_reach_is_refused():
    with pytest.raises(Infeasible, match="api function"):
        design(parse(TEXT.replace("p99_ms: 400", "p99_ms: 40")))


def test_a_workload_without_a_domain_is_refused():
    with pytest.raises(WorkloadError, match="domain"):
        parse(TEXT.replace("domain: chirp.example.com\n", ""))


@pytest.mark.slow
def test_the_package_holds_the_functions_and_the_site_its_pages():
    files = build(made())
    archive = zipfile.ZipFile(BytesIO(files["terraform/functions/application.zip"]))
    assert "chirp/functions/api.py" in archive.namelist()
    assert b"<html" in files["terraform/site/index.html"]
    assert (
        build(made())["terraform/functions/application.zip"] == files["terraform/functions/application.zip"]
    )


def test_the_picture_lints_clean_with_costs_and_load():
    layout = picture(made(), costs=True, load=True)
    assert [finding for finding in lint(layout, architecture()) if not finding.ok] == []


@pytest.mark.slow
def test_the_plan_says_functions_goals_and_why():
    said = str(Planned(made()).words())
    for words in ("Functions at peak", "freshness", "at API Gateway", "HTTP API", "start cold"):
        assert words in said
    assert "zone lost" not in said
    assert "load balancer" not in said


def test_plan_json_has_functions_table_and_gateway():
    document = json.loads(json.dumps(plan_document(made())))
    assert set(document["functions"]) == set(FUNCTIONS)
    assert document["functions"]["api"]["latency_ms"]["p99"] <= 400
    assert (document["table"]["mode"], document["gateway"]["kind"]) == ("on-demand", "HTTP")


def test_why_names_the_functions():
    assert {row.differs for row in why(made(), "api").rejected} == {"size", "family"}
    with pytest.raises(InputError, match="web") as raised:
        why(made(), "web")
    assert "fan-out" in raised.value.hint


@pytest.mark.parametrize(
    "arguments", [["plan", "--ranges"], ["plan", "--alternatives"], ["plan", "--budget", "2000"], ["growth"]]
)
def test_questions_about_servers_are_answered_plainly(arguments: list[str]):
    command, *options = arguments
    run = CliRunner().invoke(app, [command, str(EXAMPLE), *options])
    assert isinstance(run.exception, InputError)
    assert "no servers" in run.exception.what
    assert "--compare" in run.exception.hint


def test_init_writes_a_file_that_can_be_planned(tmp_path: Path):
    file = tmp_path / "groma.yaml"
    assert CliRunner().invoke(app, ["init", str(file), "--blueprint", "serverless"]).exit_code == 0
    assert design(load(file), reasons=False).plan.functions


def test_request_classes_that_say_nothing_of_a_table_ask_it_as_they_ask_a_database():
    own = "requests:\n  ask: {share: 1, web_ms: 1, app_ms: 5, reads: 3, writes: 0.5, query_ms: 1}\n"
    (ask,) = parse(TEXT + own).requests.values()
    assert (ask.calls_of_table, ask.units_read, ask.units_written, ask.posts) == (3.5, 3, 0.5, 0)


def test_demand_counts_posts_entries_and_units_by_hand():
    found, requests = made().demand, 20_000 * 100 * 730 / 24
    posts = requests * 0.1 * 0.1
    assert found.posts_per_month.likely == pytest.approx(posts)
    assert found.deliveries_per_month.likely == pytest.approx(posts * 100)
    assert found.table_reads_per_month.likely == pytest.approx(
        requests * (0.6 * 6 + 0.3 * 5 + 0.1) + posts * 3
    )
    kept = posts * (100 * 90 / (730 / 24) + 12) * 0.6 / 2**20
    assert found.table_stored_gib.likely == pytest.approx(kept)
    assert found.monthly_users.low >= found.active_users.low
