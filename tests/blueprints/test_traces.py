"""Traces of a share of the requests: servers are told of them, may send them, and they are paid."""

from __future__ import annotations

import json

import pytest
from shop import OWN, SHARED, app, made, settings

from groma.application.layout import TRACED, boot_files
from groma.application.sample import built_in
from groma.bill import bill
from groma.blueprints.containers.workers import AGENT_GB
from groma.blueprints.three_tier.traces import AGENT_PORTS
from groma.components.container_service import AGENT_MIB, ContainerService
from groma.components.container_worker import ContainerWorker
from groma.components.interface_endpoints import InterfaceEndpoints
from groma.components.nat_gateway import NatGateway
from groma.design import Design, design
from groma.design.steps import steps
from groma.errors import WorkloadError
from groma.terraform import render
from groma.workload import parse

SHARE = 0.02


def traced(more: str = "") -> Design:
    return made(f"traced_share: {SHARE}\n{more}")


def test_without_it_nothing_of_a_design_speaks_of_traces():
    plain = made()
    root = render(plain.architecture)
    assert not [name for name, text in root.items() if "xray" in text and "/modules/" not in f"/{name}"]
    assert f"servers/{TRACED}" not in root
    assert not [line for line in bill(plain.architecture).lines if line.item == "traces"]


def test_its_share_of_the_requests_is_paid_once():
    designed = traced()
    (line,) = (line for line in bill(designed.architecture).lines if line.item == "traces")
    assert line.component == "app"
    assert line.quantity == designed.demand.requests_per_month * SHARE
    billed = line.quantity.likely - 100_000  # the allowance of each month
    assert line.monthly_usd is not None
    assert line.monthly_usd.likely == pytest.approx(billed * 5e-6)


def test_what_servers_send_of_it_passes_the_nat_gateways():
    def sent_gb(designed: Design) -> float:
        gateways = designed.architecture.of_type(NatGateway)
        return sum(
            line.quantity.likely
            for line in bill(designed.architecture).lines
            if line.component in {each.id for each in gateways}
            and line.unit == "GB"
            and line.meter is not None
            and line.meter[0] == "natgateway"
        )

    requests = made().demand.requests_per_month.likely
    assert sent_gb(traced()) - sent_gb(made()) == pytest.approx(requests * SHARE * 2e-6)


def test_without_a_way_out_there_is_an_endpoint_for_it():
    def services(designed: Design) -> set[str]:
        (found,) = designed.architecture.of_type(InterfaceEndpoints)
        return set(found.services)

    shut = "network: {nat: none}\n"
    assert services(traced(shut)) - services(made(shut)) == {"xray"}


def test_application_servers_take_traces_and_may_send_them():
    root = render(traced().architecture)
    assert root["main.tf"].count(f'file("${{path.module}}/servers/{TRACED}")') == 1
    configured = root[f"servers/{TRACED}"].partition("<<'JSON'\n")[2].partition("\nJSON\n")[0]
    agent = json.loads(configured)
    assert set(agent["traces"]["traces_collected"]) == {"xray", "otlp"}
    plain = boot_files(built_in())["servers/common.sh"]
    rest = json.loads(plain.partition("<<'JSON'\n")[2].partition("\nJSON\n")[0])
    assert {key: value for key, value in agent.items() if key != "traces"} == rest
    policies = app(traced()).rights["instance_policies"]
    assert isinstance(policies, dict)
    (statement,) = json.loads(policies["traces"])["Statement"]
    assert set(statement["Action"]) == {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}


def test_the_sample_is_told_its_share():
    assert settings(traced())["TRACED_SHARE"] == "0.02"
    assert "TRACED_SHARE" not in settings(made())


def test_an_application_of_ones_own_is_told_as_opentelemetry_looks_for_it():
    told = settings(traced(OWN + "}\n"))
    assert told["OTEL_TRACES_SAMPLER_ARG"] == "0.02"
    assert told["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://127.0.0.1:4318"
    assert told["OTEL_SERVICE_NAME"] == "shop-app"
    assert not {name for name in settings(made(OWN + "}\n")) if name.startswith("OTEL")}


def test_whose_owner_tells_it_anything_of_opentelemetry_is_told_nothing_else_of_it():
    told = settings(traced(OWN + ", env: {OTEL_EXPORTER_OTLP_ENDPOINT: 'https://traces.acme.dev'}}\n"))
    assert [name for name in told if name.startswith("OTEL")] == ["OTEL_EXPORTER_OTLP_ENDPOINT"]
    hidden = settings(traced(OWN + ", secrets: {OTEL_EXPORTER_OTLP_HEADERS: 'ssm:/shop/otel'}}\n"))
    assert not [name for name in hidden if name.startswith("OTEL")]


@pytest.mark.parametrize("port", AGENT_PORTS)
def test_an_application_cannot_listen_where_the_agent_does(port: int):
    there = OWN.replace("8000", str(port)) + "}\n"
    assert app(made(there)).port == port
    with pytest.raises(WorkloadError, match="takes traces: 2000, 4317, 4318") as caught:
        traced(there)
    assert caught.value.where == "groma.yaml:5: application.port"


def test_traces_of_ones_own_application_are_stated_and_not_for_sale():
    def offered(more: str = "") -> bool:
        least = made(f"budget_usd_per_month: 9000\n{more}")
        return any("traced_share" in step.changes for step in steps(least))

    assert offered()
    assert not offered(OWN + "}\n")


def test_it_is_a_decision_and_machines_are_as_before():
    designed = traced()
    (decided,) = (each for each in designed.decisions if each.about == "traces")
    assert decided.decided.startswith("2 % of the requests")
    assert designed.plan == made().plan


def tasks(more: str = "") -> tuple[ContainerService, Design]:
    """The application's tasks, with a worker and something at times beside them."""
    beside = "workers: {mail: {command: [work]}}, schedule: {report: {command: [report], when: rate(1 day)}}"
    text = SHARED.replace("three-tier", "containers") + f"{OWN}, {beside}}}\n{more}"
    designed = design(parse(text), reasons=False)
    (app,) = (each for each in designed.architecture.of_type(ContainerService) if each.id == "app")
    return app, designed


def test_an_agent_beside_each_task_takes_traces():
    (plain, _), (traced, designed) = tasks(), tasks(f"traced_share: {SHARE}\n")
    assert "agent" not in plain.module(designed.architecture).arguments
    assert traced.module(designed.architecture).arguments["agent"] == {"memory_mib": AGENT_MIB}
    assert traced.environment["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://127.0.0.1:4318"
    assert not [name for name in plain.environment if name.startswith("OTEL")]
    assert "traces" in traced.policies
    assert "traces" not in plain.policies
    lines = [line for line in bill(designed.architecture).lines if line.item == "traces"]
    assert [(line.component, line.quantity) for line in lines] == [
        ("app", designed.demand.requests_per_month * SHARE)
    ]


def test_a_task_has_room_for_its_agent():
    """What the application needs is a step of Fargate's to the last MiB: with the agent it takes the next."""
    load = "load: {app_working_gib: 2}\n"
    (plain, before), (traced, after) = tasks(load), tasks(f"{load}traced_share: {SHARE}\n")
    assert plain.step.memory_gb == 2
    assert traced.step.memory_gb > 2
    worker, other = (made.architecture.of_type(ContainerWorker)[0] for made in (before, after))
    assert worker.step.memory_gb == 2
    assert other.step.memory_gb > 2
    assert other.working_gib - worker.working_gib == AGENT_MIB / 1024, "its alarm knows of the agent"


def test_what_an_agent_takes_is_said():
    (_, plain), (_, traced) = tasks(), tasks(f"traced_share: {SHARE}\n")
    said, before = ({each.about: each for each in made.decisions} for made in (traced, plain))
    assert "agent" not in before
    assert f"{AGENT_MIB} MiB" in said["agent"].because
    assert "and the agent that takes its traces" in said["mail worker"].because
    assert "its image and the agent" in said["report at times"].because


def test_each_start_of_a_traced_task_pulls_the_agents_image():
    def pulled(designed: Design) -> float:
        return sum(each.gb_per_month.likely for each in designed.architecture.of_type(NatGateway))

    (_, before), (_, after) = tasks(), tasks(f"traced_share: {SHARE}\n")
    assert pulled(after) - pulled(before) > AGENT_GB * after.plan.of("app").min
