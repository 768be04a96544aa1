"""What servers of an application of one's own run on first boot, run to its end: image, settings, secrets."""

from __future__ import annotations

import getpass
import json
import stat
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict

from first_boot import USER_DATA_LIMIT_BYTES, Machine, free_port, render
from groma.answers import Ref, Template
from groma.architecture import Architecture
from groma.components.server_group import ServerGroup
from groma.design import design
from groma.workload import parse

TOLD = "aws cloudwatch put-metric-data --region us-east-1 --namespace CWAgent --metric-name schedule_done"
pytestmark = pytest.mark.slow

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
FILE = f"""\
name: shop
blueprint: three-tier
users: {{total: 50_000}}
application:
  web: {{image: {ECR}/front:7, port: 3000, health: /alive}}
  app:
    image: acme/shop:1.4
    port: 8000
    health: /up
    command: [gunicorn, "shop:app", "--name=it's $HOME %n"]
    env: {{LOG_LEVEL: info, GREETING: 'a "quoted" ${{text}} %% @ end'}}
    secrets: {{STRIPE_KEY: shop/stripe#live, LICENCE: ssm:/shop/licence}}
    settings:
      {{DATABASE_URL: database.url, READS: database.replica_url, PGUSER: database.user, FILES: bucket.name}}
"""
KNOWN = {
    "module.database.secret_arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-database-AbCdEf",
    "module.database.master_endpoint": "master.rds.internal",
    "module.database.replica_endpoint": "replica.rds.internal",
    "module.database.replica_endpoints": ["one.rds.internal", "two.rds.internal"],
    'join(":${module.database.port},", module.database.replica_endpoints)': (
        "one.rds.internal:5432,two.rds.internal"
    ),
    "module.database.port": 5432,
    "module.database.database_name": "shop",
    "module.cdn.bucket_name": "shop-site-123456789012",
    '"http://${module.app.load_balancer_dns_name}"': "http://app.internal",
    "module.app.load_balancer_dns_name": "app.internal",
}
SECRETS = {
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-database-AbCdEf": json.dumps(
        {"username": "shop", "password": "p/w@1"}
    ),
    "stripe": json.dumps({"live": "sk-1", "test": "sk-2"}),
    "licence": "L-77",
}


@cache
def architecture(text: str) -> Architecture:
    return design(parse(text), reasons=False).architecture


def literal(value: Any, known: Mapping[str, Any]) -> Any:
    """A value with what Terraform would put where it refers to something."""
    if isinstance(value, Ref) and value.expression.startswith("file("):
        return value
    if isinstance(value, Ref):
        return known[value.expression]
    if isinstance(value, list):
        return [literal(one, known) for one in value]
    return {name: literal(one, known) for name, one in value.items()} if hasattr(value, "items") else value


def user_data(tier: str, folder: Path, text: str = FILE, known: Mapping[str, Any] = KNOWN) -> str:
    made = architecture(text)
    (group,) = (each for each in made.of_type(ServerGroup) if each.id == tier)
    template = group.module(made).arguments["user_data"]
    assert isinstance(template, Template)
    variables = {name: literal(one, known) for name, one in template.variables.items() if name != "common"}
    return render(Path(template.file).name, variables, folder, made.application.shipped.boot)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "secrets").mkdir()
    for name, text in SECRETS.items():
        (tmp_path / "secrets" / name).write_text(f"{text}\n")
    return Machine(tmp_path)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> str:
    return user_data("app", tmp_path_factory.mktemp("root"))


def test_a_boot_installs_the_engine_pulls_the_image_and_starts_it(machine: Machine, app: str) -> None:
    assert len(app.encode()) < USER_DATA_LIMIT_BYTES
    done = machine.boot(app)
    assert done.returncode == 0, done.stdout + done.stderr
    order = [
        "dnf install -y docker awscli-2",
        "systemctl enable docker.service",
        "systemctl start docker.service",
        "docker pull --quiet acme/shop:1.4",
        "systemctl daemon-reload",
        "systemctl enable application.service",
        "systemctl restart application.service",
    ]
    calls = machine.calls()
    assert [call for call in calls if call in order] == order
    assert any(call.endswith("http://127.0.0.1:8000/up") for call in calls)
    assert not [call for call in calls if call.startswith(("aws ecr", "docker login"))]
    unit = machine.file("/etc/systemd/system/application.service").read_text()
    assert f"ExecStart={machine.root}/opt/application/run\n" in unit
    assert "Restart=always\n" in unit
    assert "Requires=docker.service\n" in unit


@pytest.mark.parametrize("more", ["", "traced_share: 0.01\n"])
def test_as_much_as_may_be_stated_fits(tmp_path: Path, more: str) -> None:
    lines = [f"      V{number}: {'ä' * 45}" for number in range(55)]
    text = FILE.partition("    command:")[0] + "    env:\n" + "\n".join(lines) + f"\n{more}"
    script = user_data("app", tmp_path, text)
    assert 12_000 < len(script.encode()) < USER_DATA_LIMIT_BYTES


def test_the_container_is_told_what_the_file_says_and_what_the_stack_knows(
    machine: Machine, app: str
) -> None:
    machine.boot(app)
    done = machine.run(machine.file("/opt/application/run"))
    assert done.returncode == 0, done.stderr
    told = dict(line.split("=", 1) for line in machine.file("container-environment").read_text().splitlines())
    assert told == {
        "PORT": "8000",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "FILES": "shop-site-123456789012",
        "LOG_LEVEL": "info",
        "GREETING": 'a "quoted" ${text} %% @ end',
        "DATABASE_URL": "postgresql://shop:p%2Fw%401@master.rds.internal:5432/shop?sslmode=require",
        "READS": "postgresql://shop:p%2Fw%401@replica.rds.internal:5432/shop?sslmode=require",
        "PGUSER": "shop",
        "STRIPE_KEY": "sk-1",
        "LICENCE": "L-77",
    }
    (run,) = (call for call in machine.calls() if call.startswith("docker run "))
    assert run.endswith("acme/shop:1.4 gunicorn shop:app --name=it's $HOME %n")
    assert "--network host --pull never" in run


def test_a_mysql_database_is_told_by_its_own_scheme(machine: Machine, tmp_path: Path) -> None:
    """Without a parameter for TLS, which each driver calls otherwise: the database refuses what has none."""
    machine.boot(user_data("app", tmp_path, f"{FILE}database: {{engine: mysql}}\n"))
    assert machine.run(machine.file("/opt/application/run")).returncode == 0
    told = machine.file("/run/application/secrets").read_text()
    assert "DATABASE_URL=mysql://shop:p%2Fw%401@master.rds.internal:5432/shop\n" in told


def test_several_replicas_are_told_as_one_url_of_libpqs_and_as_a_list(
    machine: Machine, tmp_path: Path
) -> None:
    text = (
        f"{FILE.replace('PGUSER: database.user', 'EACH: database.replica_urls')}database: {{replicas: 2}}\n"
    )
    machine.boot(user_data("app", tmp_path, text))
    assert machine.run(machine.file("/opt/application/run")).returncode == 0
    told = dict(
        line.split("=", 1) for line in machine.file("/run/application/secrets").read_text().splitlines()
    )
    login = "postgresql://shop:p%2Fw%401"
    assert told["DATABASE_URL"] == f"{login}@master.rds.internal:5432/shop?sslmode=require"
    assert told["READS"] == (
        f"{login}@one.rds.internal:5432,two.rds.internal:5432/shop?sslmode=require&load_balance_hosts=random"
    )
    hosts = conninfo_to_dict(told["READS"].replace("&load_balance_hosts=random", ""))  # of libpq 16 on
    assert (hosts["host"], hosts["port"]) == ("one.rds.internal,two.rds.internal", "5432,5432")
    assert told["EACH"].split(",") == [
        f"{login}@{host}.rds.internal:5432/shop?sslmode=require" for host in ("one", "two")
    ]


def test_several_replicas_of_mysql_are_told_as_a_list(machine: Machine, tmp_path: Path) -> None:
    stated = FILE.replace("database.replica_url", "database.replica_urls")
    machine.boot(user_data("app", tmp_path, f"{stated}database: {{engine: mysql, replicas: 2}}\n"))
    assert machine.run(machine.file("/opt/application/run")).returncode == 0
    told = machine.file("/run/application/secrets").read_text()
    each = [f"mysql://shop:p%2Fw%401@{host}.rds.internal:5432/shop" for host in ("one", "two")]
    assert f"READS={','.join(each)}\n" in told


def test_a_database_that_exists_is_told_as_its_secret_says(machine: Machine, tmp_path: Path) -> None:
    """All of it is read before each start: a password that is rotated is told with the next one."""
    settings = "{DATABASE_URL: database.url, READS: database.replica_url, EACH: database.replica_urls,"
    stated = FILE.partition("    settings:")[0] + (
        f"    settings: {settings} PGHOST: database.host, PGPORT: database.port, DB: database.name}}\n"
        "database: {existing: {secret: prod/shop/db}}\n"
    )
    arn = KNOWN["module.database.secret_arn"]
    held = {"username": "sh op", "password": "p/w@1", "host": "db.internal", "dbname": "wares"}
    machine.file(f"secrets/{arn}").write_text(json.dumps(held))
    script = user_data("app", tmp_path, stated)
    machine.boot(script)
    assert machine.run(machine.file("/opt/application/run")).returncode == 0
    kept = machine.file("/run/application/secrets")
    told = dict(line.split("=", 1) for line in kept.read_text().splitlines())
    url = "postgresql://sh%20op:p%2Fw%401@db.internal:5432/wares?sslmode=require"
    assert told["DATABASE_URL"] == told["READS"] == told["EACH"] == url
    assert (told["PGHOST"], told["PGPORT"], told["DB"]) == ("db.internal", "5432", "wares")
    assert "db.internal" not in script
    moved = {**held, "port": 6432, "replica_host": "copy.internal"}
    machine.file(f"secrets/{arn}").write_text(json.dumps(moved))
    machine.run(machine.file("/opt/application/run"))
    assert "PGPORT=6432\n" in kept.read_text()
    assert (
        "READS=postgresql://sh%20op:p%2Fw%401@copy.internal:6432/wares?sslmode=require\n" in kept.read_text()
    )


def test_workers_and_commands_at_times_run_as_the_application_does(machine: Machine, tmp_path: Path) -> None:
    beside = """\
    workers: {mail: {command: [python, worker.py], processes: 2}, long-ones: {command: "python 'a b.py'"}}
    schedule: {nightly: {when: 0 3 * * *, command: [python, "clear $HOME"]}}
"""
    known = {
        **KNOWN,
        "module.queue_mail.url": "https://sqs/1/mail",
        "module.queue_long_ones.url": "https://sqs/1/l",
    }
    (tmp_path / "root").mkdir()
    stated = FILE.replace("FILES: bucket.name", "FILES: bucket.name, POOL: database.pool")
    done = machine.boot(user_data("app", tmp_path / "root", stated + beside, known))
    assert done.returncode == 0, done.stdout + done.stderr
    calls = machine.calls()
    assert {call.split()[-1] for call in calls if call.startswith("systemctl restart worker-")} == {
        *(f"worker-mail@{number}.service" for number in (1, 2)),
        "worker-long-ones@1.service",
    }
    assert "systemctl restart schedule-nightly.timer" in calls
    timer = machine.file("/etc/systemd/system/schedule-nightly.timer").read_text()
    assert "OnCalendar=*-*-* 3:0:00 UTC\n" in timer
    assert "MAIL_QUEUE_URL=https://sqs/1/mail\n" in machine.file("/etc/application/environment").read_text()
    for script, words in (("worker-long-ones", "python a b.py"), ("schedule-nightly", "python clear $HOME")):
        assert machine.run(machine.file(f"/opt/application/{script}"), "3").returncode == 0
        (run,) = (call for call in machine.calls() if call.startswith(f"docker run --rm --name {script}"))
        assert run.endswith(f" --env POOL=2 acme/shop:1.4 {words}")
    assert "LICENCE=L-77\n" in machine.file("container-environment").read_text()
    assert machine.calls()[-1] == f"{TOLD} --dimensions Group=shop-app,Schedule=nightly --value 1"


def test_a_command_at_times_that_fails_is_told(machine: Machine, tmp_path: Path) -> None:
    beside = "    schedule: {nightly: {when: 0 3 * * *, command: [python, clean.py]}}\n"
    (tmp_path / "root").mkdir()
    machine.boot(user_data("app", tmp_path / "root", FILE + beside))
    script = machine.file("/opt/application/also")
    script.write_text("#!/bin/bash\nexit 3\n")
    assert machine.run(machine.file("/opt/application/schedule-nightly")).returncode != 0
    assert machine.calls()[-1] == f"{TOLD} --dimensions Group=shop-app,Schedule=nightly --value 0"


def test_secrets_lie_where_root_alone_reads_and_in_no_user_data(machine: Machine, app: str) -> None:
    machine.boot(app)
    machine.run(machine.file("/opt/application/run"))
    kept = machine.file("/run/application/secrets")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "sk-1" in kept.read_text()
    assert not [word for word in ("sk-1", "L-77", "p/w@1") if word in app]
    machine.file("secrets/licence").write_text("L-78\n")
    machine.run(machine.file("/opt/application/run"))
    assert "LICENCE=L-78\n" in kept.read_text(), "a restart takes what is known by then"


@pytest.mark.parametrize(
    ("held", "said"), [("two\nlines", "LICENCE: ssm:/shop/licence holds more than one line"), (None, "")]
)
def test_a_secret_that_cannot_be_told_starts_nothing(
    machine: Machine, app: str, held: str | None, said: str
) -> None:
    machine.boot(app)
    lies = machine.file("secrets/licence")
    lies.unlink() if held is None else lies.write_text(held)
    done = machine.run(machine.file("/opt/application/run"))
    assert done.returncode != 0
    assert said in done.stderr
    assert not [call for call in machine.calls() if call.startswith("docker run ")]


def test_an_image_out_of_reach_is_tried_for_a_while_and_told(machine: Machine, app: str) -> None:
    machine.file("out-of-reach").touch()
    assert machine.boot(app, BOOT_S="45").returncode != 0
    assert machine.calls().count("docker pull --quiet acme/shop:1.4") == 3
    assert "user data FAILED in line " in machine.file("/var/log/user-data.log").read_text()
    assert "systemctl restart application.service" not in machine.calls()


def test_an_image_in_ecr_is_pulled_after_a_log_in_where_it_lies(
    machine: Machine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    done = machine.boot(user_data("web", tmp_path_factory.mktemp("root")))
    assert done.returncode == 0, done.stdout + done.stderr
    calls = machine.calls()
    login = f"docker login --username AWS --password-stdin {ECR}"
    assert calls.index("aws ecr get-login-password --region eu-west-1") < calls.index(
        f"docker pull --quiet {ECR}/front:7"
    )
    assert login in calls
    assert machine.file("token").read_text() == "a-token\n"
    machine.run(machine.file("/opt/application/run"))
    assert "APP_URL=http://app.internal\n" in machine.file("container-environment").read_text()


def test_a_registry_is_logged_in_to_by_the_secret_for_the_time_of_a_pull(
    machine: Machine, tmp_path: Path
) -> None:
    text = FILE.replace("image: acme/shop:1.4", "image: registry.acme.dev/shop:1.4\n    login: shop/registry")
    machine.file("secrets/registry").write_text('{"username": "robot", "password": "p$1"}')
    (tmp_path / "root").mkdir()
    done = machine.boot(user_data("app", tmp_path / "root", text))
    assert done.returncode == 0, done.stdout + done.stderr
    assert machine.file("token").read_text() == "p$1\n"
    calls = machine.calls()
    steps = [
        "docker login --username robot --password-stdin registry.acme.dev",
        "docker pull --quiet registry.acme.dev/shop:1.4",
        "docker logout registry.acme.dev",
    ]
    assert [call for call in calls if call in steps] == steps
    allowed = architecture(text).application.servers.allowed[0]
    assert any(arn.endswith(":secret:shop/registry-??????") for arn in allowed.resources)


def test_a_machine_image_is_told_everything_and_runs_its_owners_script(
    machine: Machine, tmp_path: Path
) -> None:
    script = '#!/bin/sh\necho "$PORT $LICENCE $DATABASE_URL ${LEVEL}" >"$ROOT/told"\nsystemctl restart shop\n'
    (tmp_path / "boot.sh").write_text(script)
    text = (
        "name: shop\nblueprint: three-tier\nusers: {total: 50_000}\napplication:\n"
        f"  {{ami: ami-0123456789abcdef0, user_data: {tmp_path}/boot.sh, port: 8000, health: /up,\n"
        "   env: {LEVEL: 'a b'}, secrets: {LICENCE: ssm:/shop/licence}}\n"
    )
    (tmp_path / "root").mkdir()
    data = user_data("app", tmp_path / "root", text)
    done = machine.boot(data)
    assert done.returncode == 0, done.stdout + done.stderr
    url = "postgresql://shop:p%2Fw%401@master.rds.internal:5432/shop?sslmode=require"
    assert machine.file("told").read_text() == f"8000 L-77 {url} a b\n"
    calls = machine.calls()
    assert calls.index("systemctl restart shop") < len(calls) - 1
    assert not [call for call in calls if "docker" in call]
    group = next(each for each in architecture(text).of_type(ServerGroup) if each.id == "app")
    servers = group.module(architecture(text)).arguments["servers"]
    assert servers["image_id"] == "ami-0123456789abcdef0"  # type: ignore[index,call-overload]
    assert servers["architecture"] == "x86_64"  # type: ignore[index,call-overload]


def test_one_service_stands_behind_nginx_that_answers_for_itself(
    machine: Machine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = (
        "name: shop\nblueprint: three-tier\nusers: {total: 50_000}\napplication: {image: 'acme/shop:1.4'}\n"
    )
    script = user_data("web", tmp_path_factory.mktemp("root"), text)
    machine.file("ip-ranges.json").write_text('{"prefixes": []}')
    ours = {"RESOLVER": "127.0.0.1", "NGINX_USER": getpass.getuser(), "RELAY_PORT": str(free_port())}
    done = machine.boot(script, **ours)
    assert done.returncode == 0, done.stdout + done.stderr
    conf = machine.file("/etc/nginx/nginx.conf").read_text()
    web = next(each for each in architecture(text).of_type(ServerGroup) if each.id == "web")
    assert f"location = {web.health_check_path} {{" in conf
    assert "/api/" not in conf
    assert "Content-Security-Policy" not in conf, "which scripts run is the application's to say"
