"""The design of containers: what its tasks are made of, what they are told, and what it is refused for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from groma import catalog
from groma.answers import Metric, Ref
from groma.application.boot import MIGRATION_S
from groma.bill import bill
from groma.blueprints.containers.tiers import ONCE_START_S, TASK_START_S
from groma.components.container_service import GRACE_S, ContainerService
from groma.components.container_worker import ContainerWorker
from groma.components.nat_gateway import NatGateway
from groma.components.timed_task import LEAST_PAID_S, PULL_S, TimedTask
from groma.components.work_queue import WorkQueue
from groma.design import Design, design
from groma.errors import Infeasible, WorkloadError
from groma.monitoring.evaluate import ONLY, Rule, Sample, followed
from groma.quantity import Range
from groma.questions.blueprints import ONE_REGION
from groma.simulation.scene import Assumed, scenes_of
from groma.terraform import render
from groma.terraform.calls import module_calls
from groma.workload import parse

SHOP = "name: shop\nblueprint: containers\nusers: {total: 200_000}\nprofile: web-shop\n"
ONE = "application: {image: acme/shop:1.4, port: 8000, health: /up}\n"
TWO = """\
application:
  web: {image: acme/front:7, port: 3000, health: /alive}
  app:
    image: acme/shop:1.4
    port: 8000
    health: /up
    command: [gunicorn, shop:app]
    env: {LOG_LEVEL: info}
    secrets: {STRIPE_KEY: shop/stripe#live, LICENCE: ssm:/shop/licence}
    settings: {PGHOST: database.host, PGPASSWORD: database.password}
"""


@cache
def made(text: str) -> Design:
    return design(parse(SHOP + text), reasons=False)


def service(text: str, id_: str) -> ContainerService:
    found = made(text).architecture.component(id_)
    assert isinstance(found, ContainerService)
    return found


WORKS = """\
application:
  image: acme/shop:1.4
  port: 8000
  health: /up
  secrets: {STRIPE_KEY: shop/stripe}
  workers:
    mail: {command: [python, worker.py], processes: 2, per_request: [0, 0.005, 0.02], timeout_s: 30}
    thumbnails: {command: python thumbnails.py}
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WORKS.replace("STRIPE_KEY", "QUEUE_URL"), "as QUEUE_URL: call that secret otherwise"),
        (
            "application: {ami: ami-0123456789abcdef0, user_data: run.sh, port: 8000}\n",
            "with ami and user_data",
        ),
        (ONE + "database: {engine: mysql}\n", "takes no database of MySQL"),
        (ONE + "network: {nat: none}\n", "takes no network without a way out"),
    ],
)
def test_what_only_servers_can_do_is_refused(text: str, said: str) -> None:
    with pytest.raises(WorkloadError, match=said):
        parse(SHOP + text)


def test_each_task_has_an_address_also_while_a_release_comes_in() -> None:
    """A subnet of a /22 has 64 addresses, of which 43 are left for tasks."""
    small = "network: {cidr: 10.0.0.0/22}\n"
    web, app = (service(ONE, id_).size.max for id_ in ("web", "app"))
    assert web + app <= 43  # halves in each of two zones, and twice of them
    assert made(ONE + small).plan
    grown = parse(f"{SHOP.replace('200_000', '900_000')}{ONE}{small}")
    with pytest.raises(Infeasible, match=r"has room for 43 tasks, and \d+ may stand in it"):
        design(grown, reasons=False)


def test_tasks_are_steps_of_fargate_in_private_subnets_of_every_zone() -> None:
    for id_ in ("web", "app"):
        found = service(ONE, id_)
        assert found.step in catalog.fargate_sizes()
        assert found.step.memory_gb >= found.size.working_gib
        assert found.places == ("private-a", "private-b")
        assert found.size.min >= 2


def test_an_image_is_for_x86_and_the_proxy_for_what_is_cheapest_unless_stated() -> None:
    assert (service(ONE, "web").step.arch, service(ONE, "app").step.arch) == ("arm64", "x86_64")
    arm = ONE + "machines: {architecture: arm}\n"
    assert {service(arm, id_).step.arch for id_ in ("web", "app")} == {"arm64"}


def test_one_service_stands_behind_a_proxy_that_knows_the_load_balancer() -> None:
    root = render(made(ONE).architecture)
    assert 'image       = "public.ecr.aws/nginx/nginx' in root["main.tf"]
    assert [path for path in root if path.startswith("servers/")] == ["servers/nginx.conf.tftpl"]
    assert "proxy_pass http://application" in root["servers/nginx.conf.tftpl"]


def test_secrets_are_told_by_where_they_lie() -> None:
    found = service(TWO, "app")
    assert found.secrets == {
        "PGPASSWORD": Ref('"${module.connection.arn}:password::"'),
        "STRIPE_KEY": "secretsmanager:shop/stripe#live",
        "LICENCE": "/shop/licence",
    }
    assert found.environment["PGHOST"] == Ref("module.database.master_endpoint")
    assert (found.environment["LOG_LEVEL"], found.environment["PORT"]) == ("info", "8000")
    assert found.command == ("gunicorn", "shop:app")
    assert found.labels == {"connection": Ref("module.connection.version")}


def test_two_services_need_no_proxy() -> None:
    web = service(TWO, "web")
    assert (web.image, web.port, web.health_check_path) == ("acme/front:7", 3000, "/alive")
    assert web.environment["APP_URL"] == Ref('"http://${module.app.load_balancer_dns_name}"')
    assert (dict(web.secrets), dict(web.writes), dict(web.labels)) == ({}, {}, {})
    assert not [path for path in render(made(TWO).architecture) if path.startswith("servers/")]


def test_the_bill_is_cpu_and_memory_by_the_hour() -> None:
    lines = [line for line in bill(made(ONE).architecture).lines if line.component == "app"]
    by_item = {line.item: line for line in lines}
    size, step = service(ONE, "app").size, service(ONE, "app").step
    cpu, memory = by_item["vCPUs of the tasks"], by_item["memory of the tasks"]
    assert cpu.quantity.likely == pytest.approx(size.mean * step.vcpu * 730)
    assert memory.monthly_usd is not None
    assert memory.monthly_usd.likely == pytest.approx(size.mean * step.memory_gb * 730 * 0.004445)


def test_it_can_be_compared_with_what_carries_the_same_load() -> None:
    assert {"three-tier", "containers"} <= set(ONE_REGION)


def test_whoever_buys_otherwise_is_told_that_tasks_are_paid_on_demand() -> None:
    decided = {each.about: each.decided for each in made(ONE + "purchase: reserved-1y\n").decisions}
    assert decided["purchase of tasks"] == "on demand"


def worker(name: str) -> ContainerWorker:
    found = made(WORKS).architecture.component(f"{name}-worker")
    assert isinstance(found, ContainerWorker)
    return found


def test_a_worker_is_a_service_of_the_applications_image_with_a_task_for_each_process_in_each_zone() -> None:
    mail, app = worker("mail"), service(WORKS, "app")
    assert (mail.tasks, worker("thumbnails").tasks) == (4, 2)
    assert (mail.image, mail.places) == (app.image, app.places)
    assert (mail.step.vcpu, mail.step.arch) == (0.25, app.step.arch)
    assert mail.step.memory_gb >= app.size.working_gib
    assert mail.environment == {"QUEUE_URL": Ref("module.queue_mail.url"), "DATABASE_POOL": "2"}
    assert set(mail.secrets) == {"DATABASE_URL", "DATABASE_REPLICA_URL", "STRIPE_KEY"}


def test_the_application_knows_and_may_use_the_queues_of_its_workers() -> None:
    app, web = service(WORKS, "app"), service(WORKS, "web")
    assert app.environment["THUMBNAILS_QUEUE_URL"] == Ref("module.queue_thumbnails.url")
    assert dict(app.policies) == {
        "queue-mail": Ref("module.queue_mail.policy"),
        "queue-thumbnails": Ref("module.queue_thumbnails.policy"),
    }
    assert not web.policies
    call = module_calls(made(WORKS).architecture)["app"]
    workers = call.arguments["workers"]
    assert isinstance(workers, Mapping)
    assert list(workers) == ["mail", "thumbnails"]


def test_a_worker_has_its_lines_of_the_bill_and_its_queue_is_polled_by_all_its_tasks() -> None:
    by_item = {
        line.item: line for line in bill(made(WORKS).architecture).lines if line.component == "mail-worker"
    }
    assert by_item["vCPUs of the tasks"].quantity.likely == pytest.approx(4 * 0.25 * 730)
    queue = made(WORKS).architecture.component("mail-queue")
    assert isinstance(queue, WorkQueue)
    assert queue.pollers.likely == 4


def test_fewer_workers_than_planned_and_messages_that_wait_are_told() -> None:
    alarms = {
        each.id: each
        for each in made(WORKS).architecture.component("mail-worker").alarms(made(WORKS).architecture)
    }
    short = alarms["mail-worker-short"]
    assert (short.comparison, short.threshold, short.missing.told) == ("<", 4, "ticket")
    queue = made(WORKS).architecture.component("mail-queue")
    (late,) = queue.alarms(made(WORKS).architecture)
    assert "log group" in late.runbook.look
    assert "systemctl" not in late.runbook.look


@pytest.mark.parametrize("blueprint", ["containers", "three-tier"])
def test_connections_of_workers_are_counted(blueprint: str) -> None:
    without = WORKS[: WORKS.index("  workers:")]
    counted = []
    for text in (without, WORKS):
        stated = SHOP.replace("containers", blueprint) + text
        architecture = design(parse(stated), reasons=False).architecture
        alarms = architecture.component("database-master").alarms(architecture)
        counted += [each.threshold for each in alarms if each.id == "database-master-connections"]
    assert counted[1] > counted[0]


def test_what_workers_do_is_decided_and_nothing_is_said_of_servers() -> None:
    decided = {each.about: each for each in made(WORKS).decisions}
    assert decided["mail worker"].decided == "python worker.py, 4 tasks of 0.25 vCPU and 2 GB"
    assert "2 in each of 2 zones" in decided["mail worker"].because


def test_workers_have_addresses_of_their_own() -> None:
    many = WORKS.replace("processes: 2", "processes: 20") + "network: {cidr: 10.0.0.0/22}\n"
    with pytest.raises(Infeasible, match="has room for 43 tasks"):
        design(parse(SHOP + many), reasons=False)


MIGRATES = ONE.replace("health", "migrate: [flask, upgrade], health")


def test_a_migration_runs_before_the_application_and_knows_where_the_database_is() -> None:
    app, web = service(MIGRATES, "app"), service(MIGRATES, "web")
    assert (app.migration, web.migration) == (("flask", "upgrade"), ())
    assert (app.grace_s, web.grace_s) == (GRACE_S + MIGRATION_S, GRACE_S)
    call = module_calls(made(MIGRATES).architecture)["app"]
    assert call.arguments["migration"] == {
        "command": ["flask", "upgrade"],
        "database_url": Ref('"${module.connection.arn}:url::"'),
    }
    assert app.labels == {"connection": Ref("module.connection.version")}


def test_what_a_migration_costs_is_said_and_counted() -> None:
    decided = {each.about: each for each in made(MIGRATES).decisions}
    assert decided["migration"].decided == "flask upgrade, once for each release"
    assert "by the first task of acme/shop:1.4" in decided["migration"].because
    usual, more = (
        sum(each.gb_per_month.likely for each in made(text).architecture.of_type(NatGateway))
        for text in (ONE, MIGRATES)
    )
    assert more > usual
    (scene,) = scenes_of(made(MIGRATES), Assumed())
    assert scene.rows[1].start_s == TASK_START_S + ONCE_START_S


REFUSED: list[tuple[str, tuple[str, ...]]] = [
    ("", ("containers runs container images, and none is named", "application: {image:")),
    (ONE + "machines: {families: [m7g]}\n", ("groma.yaml:6: machines", "no instance type")),
    (
        ONE.replace("/up}", "/up, secrets: {KEY: shop/my-secret}}"),
        ("groma.yaml:5: application", "hyphen and six characters", "another name"),
    ),
]


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_what_cannot_run_is_refused_with_what_to_do(text: str, said: tuple[str, ...]) -> None:
    def run() -> Any:
        return design(parse(SHOP + text, source="groma.yaml"), reasons=False)

    with pytest.raises(WorkloadError) as caught:
        run()
    assert [part for part in said if part not in str(caught.value)] == []


def test_a_simulation_waits_for_tasks_as_long_as_they_take_to_start() -> None:
    (scene,) = scenes_of(made(ONE), Assumed())
    assert [(row.name, row.start_s) for row in scene.rows] == [
        ("web", TASK_START_S),
        ("app", TASK_START_S),
        ("database", None),
    ]
    assert scene.rows[0].boot_s == TASK_START_S < scene.rows[2].boot_s


TIMED = ONE.replace(
    "health",
    "schedule: {nightly: {when: 0 3 * * *, command: python clean.py, takes_s: 100}, "
    "monthly: {when: 0 4 1 * *, command: [python, bill.py]}}, health",
)


def timed(name: str) -> TimedTask:
    found = made(TIMED).architecture.component(f"{name}-task")
    assert isinstance(found, TimedTask)
    return found


def test_a_command_at_times_is_a_task_of_the_applications_image_that_a_clock_starts() -> None:
    nightly, app = timed("nightly"), service(TIMED, "app")
    assert (nightly.image, nightly.times.aws) == (app.image, "cron(0 3 * * ? *)")
    assert set(nightly.secrets) == set(app.secrets)
    calls = module_calls(made(TIMED).architecture)
    runs, schedules = calls["app"].arguments["runs"], calls["schedule"].arguments["schedules"]
    assert isinstance(runs, Mapping)
    assert isinstance(schedules, Mapping)
    assert list(runs) == list(schedules) == ["nightly", "monthly"]
    assert runs["nightly"]["command"] == ["python", "clean.py"]
    assert calls["schedule"].arguments["subnet_ids"] == Ref("values(module.network.private_subnet_ids)")
    assert calls["schedule"].arguments["security_group_ids"] == Ref("[module.app.task_security_group_id]")


def test_a_run_is_paid_by_the_second_with_its_pull() -> None:
    lines = {
        each.item: each for each in bill(made(TIMED).architecture).lines if each.component == "nightly-task"
    }
    runs, step = 1461 / 48, timed("nightly").step
    paid = lines["vCPUs of the tasks"].quantity.likely
    assert paid == pytest.approx(runs * (100 + PULL_S) / 3600 * step.vcpu)
    short = replace(timed("nightly"), takes_s=Range.exactly(1))
    assert short.paid_s.likely == LEAST_PAID_S


def test_the_image_that_each_run_pulls_passes_the_nat_gateways() -> None:
    usual, often = (
        sum(each.gb_per_month.likely for each in made(text).architecture.of_type(NatGateway))
        for text in (ONE, TIMED.replace("0 3 * * *", "rate(5 minutes)"))
    )
    assert often - usual == pytest.approx(0.25 * 12 * 24 * 1461 / 48, rel=0.02)


def test_a_clock_that_stands_is_told_unless_it_is_due_too_seldom() -> None:
    architecture = made(TIMED).architecture
    (missed,) = timed("nightly").alarms(architecture)
    assert isinstance(missed.watches, Metric)
    assert (missed.watches.period_s, missed.evaluation_periods, missed.missing.told) == (3600, 26, "ticket")
    assert timed("monthly").alarms(architecture) == ()
    decided = {each.about: each for each in made(TIMED).decisions}
    assert "no alarm can tell" in decided["monthly at times"].because
    assert "no alarm" not in decided["nightly at times"].because
    (failed,) = architecture.component("failed-runs").alarms(architecture)
    assert "nightly, monthly" in failed.runbook.means


def test_a_clock_that_stands_mails_within_the_hours_that_its_alarm_says() -> None:
    (missed,) = timed("nightly").alarms(made(TIMED).architecture)
    day_s, stands_s = 86_400, 3 * 86_400
    data = {ONLY: [Sample(at_s, 1.0, 1) for at_s in range(0, stands_s, day_s)]}
    seen = [each for _, each in followed(Rule.of(missed), data, 0, stands_s + 2 * day_s)]
    silent = [minute for minute, each in enumerate(seen) if each.state == "INSUFFICIENT_DATA" and minute > 60]
    assert silent, "it is told"
    since_due_h = silent[0] / 60 - stands_s / 3600
    assert 1 < since_due_h < 9, "some hours after it was due, and never while it comes each day"
