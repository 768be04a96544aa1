"""The design of containers: what its tasks are made of, what they are told, and what it is refused for."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from groma import catalog
from groma.answers import Ref
from groma.bill import bill
from groma.blueprints.containers.tiers import TASK_START_S
from groma.components.container_service import ContainerService
from groma.design import Design, design
from groma.errors import Infeasible, WorkloadError
from groma.questions.blueprints import ONE_REGION
from groma.simulation.scene import Assumed, scenes_of
from groma.terraform import render
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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ONE.replace("health", "migrate: [flask, upgrade], health"), "takes no application with migrate"),
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
