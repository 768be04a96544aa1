"""`application:` in a workload file: what it becomes, and what is refused, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from groma.errors import WorkloadError
from groma.workload import load, parse
from workloads import MINIMAL


def stated(application: str) -> str:
    return f"{MINIMAL}application: {application}\n"


def test_a_file_without_one_runs_the_sample() -> None:
    assert parse(MINIMAL).own is None


def test_one_service_stands_behind_a_proxy() -> None:
    own = parse(
        stated("{image: acme/shop:1.4, port: 8000, health: /up, command: 'gunicorn --bind a shop:app'}")
    ).own
    assert own is not None
    assert own.web is None
    assert (own.app.image.name, own.app.port, own.app.health) == ("acme/shop:1.4", 8000, "/up")
    assert own.app.command == ("gunicorn", "--bind", "a", "shop:app")


def test_two_services_have_a_tier_each() -> None:
    own = parse(stated("{web: {image: 'a/front:1', port: 3000}, app: {image: 'a/back:2', port: 8000}}")).own
    assert own is not None
    assert [service.image.path for service in own.services] == ["a/front", "a/back"]


def test_an_archive_has_a_start_and_is_run_once_before_by_its_migration(tmp_path: Path) -> None:
    own = parse(
        stated("{archive: ./build, start: 'python3 app.py', migrate: [python3, m.py], packages: [nodejs22]}")
    ).own
    assert own is not None
    assert (own.app.image, own.app.runs) == (None, "./build")
    assert (own.app.command, own.app.migrate) == (("python3", "app.py"), ("python3", "m.py"))
    file = tmp_path / "groma.yaml"
    file.write_text(stated("{archive: ./build, start: ./serve}"))
    with pytest.raises(WorkloadError, match=r"groma.yaml:4: application.archive: there is no ./build beside"):
        load(file)
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "serve").touch()
    assert load(file).own is not None


def test_an_environment_holds_texts_and_secrets_say_where_they_lie() -> None:
    own = parse(
        stated(
            "{image: 'a/b:1', env: {WORKERS: 4, DEBUG: false, TOKEN_TTL_S: 60, NAME: 'x y'}, "
            "secrets: {A: shop/a, B: /shop/b, C: 'ssm:/c', D: 'secretsmanager:d', E: 'shop/e#key'}}"
        )
    ).own
    assert own is not None
    assert own.app.env == {"WORKERS": "4", "DEBUG": "false", "TOKEN_TTL_S": "60", "NAME": "x y"}
    assert list(own.app.secrets.values()) == [
        "secretsmanager:shop/a",
        "ssm:/shop/b",
        "ssm:/c",
        "secretsmanager:d",
        "secretsmanager:shop/e#key",
    ]


@pytest.mark.parametrize(
    ("application", "said"),
    [
        ("{image: Acme Shop}", "application.image: is no name of an image"),
        ("{image: acme/shop}", "application.image: names no release"),
        ("{image: 'a/b:1', port: 0}", "application.port"),
        ("{image: 'a/b:1', port: 22}", "application.port: is in use twice: SSH"),
        (
            "{web: {image: 'a/b:1', port: 80}, app: {image: 'a/c:1', port: 80}}",
            "application.app: uses port 80 twice",
        ),
        ("{image: 'a/b:1', health: up}", "application.health: 'up' cannot be used"),
        ("{image: 'a/b:1', health: '/a b'}", "application.health"),
        ("{image: 'a/b:1', helth: /}", "did you mean 'health'?"),
        ("{port: 80}", "names no image"),
        ("{archive: ./build}", "names no start"),
        ("{archive: ./build, start: a, command: b}", "has no command beside an archive"),
        ("{archive: ./build, start: a, image: 'a/b:1'}", "names both an image and an archive"),
        ("{image: 'a/b:1', workers: {A: {command: a}}}", "application.workers.A"),
        ("{image: 'a/b:1', workers: {a: {command: ''}}}", "application.workers.a.command: must say what"),
        ("{image: 'a/b:1', workers: {a: {comand: b}}}", "did you mean 'command'?"),
        ("{image: 'a/b:1', workers: {a: {command: b, tries: 0}}}", "application.workers.a.tries"),
        ("{image: 'a/b:1', env: {A_QUEUE_URL: 1}, workers: {a: {command: b}}}", "tells A_QUEUE_URL twice"),
        ("{image: 'a/b:1', schedule: {a: {command: b}}}", "application.schedule.a.when: is required"),
        ("{image: 'a/b:1', schedule: {a: {command: b, when: daily}}}", "when: is no time that is due"),
        (
            "{image: 'a/b:1', workers: {run-a: {command: b}}, schedule: {a: {when: 0 3 * * *, command: b}}}",
            "application: has a worker run-a, under which name the logs of `schedule.a` lie",
        ),
        ("{archive: ./build, start: a, login: a/b}", "states a login that no registry asks for"),
        ("{ami: ami-1, user_data: a}", "application.ami: 'ami-1' cannot be used"),
        ("{ami: ami-0123456789abcdef0}", "without its `user_data`"),
        ("{image: 'a/b:1', user_data: a}", "without an `ami`"),
        ("{ami: ami-0123456789abcdef0, user_data: a, migrate: b}", "states migrate beside an ami"),
        ("{ami: ami-0123456789abcdef0, user_data: a, image: 'a/b:1'}", "names both an image and an ami"),
        ("{image: 'a/b:1', start: a}", "states start without an archive"),
        ("{archive: ./build, start: a, packages: ['a b']}", "application.packages"),
        ("{image: 'a/b:1', migrate: \"x 'y\"}", "application.migrate: No closing quotation"),
        (
            "{web: {image: 'a/b:1', port: 1, migrate: x}, app: {image: 'a/c:1'}}",
            "states migrate for web: the web tier does not reach the database",
        ),
        ("{web: {image: 'a/b:1'}}", "names no image"),
        ("{image: 'a/b:1', web: {image: 'a/c:1'}, app: {image: 'a/d:1', port: 1}}", "say it under each"),
        (
            "{web: {image: 'a/b:1', port: 1, settings: {D: database.url}}, app: {image: 'a/c:1'}}",
            "tells web D",
        ),
        ("{image: 'a/b:1', settings: {D: app.url}}", "tells app D"),
        (
            "{image: 'a/b:1', settings: {D: database.hst}}",
            "application.settings.D: 'database.hst' does not exist",
        ),
        ("{image: 'a/b:1', env: {PORT: 3}}", "tells PORT twice"),
        ("{image: 'a/b:1', env: {A: 1}, secrets: {A: a/b}}", "tells A twice"),
        ("{image: 'a/b:1', env: {'A-B': 1}}", "application.env.A-B"),
        ('{image: "a/b:1", env: {A: "two\\nlines"}}', "application.env.A"),
        ("{image: 'a/b:1', command: \"sh -c 'x\"}", "application.command: No closing quotation"),
        (
            f"{{image: 'a/b:1', env: {{{', '.join(f'A{i}: 1' for i in range(61))}}}}}",
            "more than 60 variables",
        ),
        (f"{{image: 'a/b:1', command: [{'x' * 7000}]}}", "6,000 bytes"),
    ],
)
def test_a_mistake_is_named_with_its_line(application: str, said: str) -> None:
    with pytest.raises(WorkloadError) as caught:
        parse(stated(application), source="groma.yaml")
    assert str(caught.value).startswith("groma.yaml:4: application")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("env: {DB_PASSWORD: hunter2}", "hunter2"),
        ("login: hunter2", "hunter2"),
        ("env: {SECRET_KEY_BASE: hunter2}", "hunter2"),
        ("env: {DATABASE_URL: 'postgres://shop:hunter2@db/shop'}", "hunter2"),
        ("env: {PAY: sk_live_51Habcdef}", "sk_live"),
        ("env: {AWS: AKIAIOSFODNN7EXAMPLE}", "AKIA"),
        ("secrets: {PAY: hunter2}", "hunter2"),
        ("secrets: {PAY: 'secretsmanager:sk_live_51Habcdef'}", "sk_live"),
        ("secrets: {AWS: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY}", "wJalr"),
        ("secrets: {PAY: 'two words'}", "two words"),
    ],
)
def test_a_secret_in_clear_is_refused_and_never_repeated(part: str, value: str) -> None:
    with pytest.raises(WorkloadError) as caught:
        parse(stated(f"{{image: 'a/b:1', {part}}}"), source="groma.yaml")
    said = str(caught.value)
    assert "groma.yaml:4: application." in said
    assert "in clear" in said
    assert "Put it into Secrets Manager or SSM" in said
    assert value not in said
