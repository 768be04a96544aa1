"""The application server's user data, run to its end; then what it installed, as its unit says."""

from __future__ import annotations

import configparser
import http.client
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chirp.shipping.boot import boot_files
from first_boot import (
    AGENT,
    REPOSITORY,
    SETTINGS,
    USER_DATA_LIMIT_BYTES,
    Machine,
    application,
    free_port,
    render,
    running,
)

pytestmark = pytest.mark.slow

PORT = free_port()
UNIT = "/etc/systemd/system/application.service"
UNCOMPILED = "uncompiled-python"
"""A stand-in of `first_boot`: to compile a release takes seconds, and is tried by the first boot alone."""


@pytest.fixture(scope="module")
def user_data(tmp_path_factory: pytest.TempPathFactory) -> str:
    return render("app.sh.tftpl", {**application(), "port": PORT}, tmp_path_factory.mktemp("root"))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def release_of(machine: Machine) -> Path:
    return machine.file(f"/opt/application/{application()['artifact_sha256']}")


def unit_of(machine: Machine) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(machine.file(UNIT).read_text())
    return parser["Service"]


def test_user_data_fits_and_is_bash(user_data: str) -> None:
    assert len(user_data.encode()) < USER_DATA_LIMIT_BYTES
    assert user_data.startswith("#!/bin/bash\n")
    subprocess.run([shutil.which("bash") or "bash", "-n"], input=user_data, text=True, check=True)


def test_boot_installs_starts_and_checks_the_service(machine: Machine, user_data: str) -> None:
    done = machine.boot(user_data, PYTHON=sys.executable)
    assert done.returncode == 0, done.stdout + done.stderr
    calls = machine.calls()
    agent = machine.file(AGENT)
    order = [
        "dnf install -y python3.11 libpq awscli-2",
        "aws s3api get-object --region us-east-1 --bucket chirp-artifact-123456789012 --key application.zip "
        f"--version-id {application()['artifact_version']} {release_of(machine)}.zip",
        "useradd --system --no-create-home --home-dir / --shell /sbin/nologin application",
        "systemctl enable application.service",
        "systemctl restart application.service",
        "dnf install -y amazon-cloudwatch-agent",
        f"amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:{agent}/etc/server.json",
    ]
    assert [call for call in calls if call in order] == order
    health_check = calls.index(order[4]) + 1
    assert calls[health_check].endswith(f"http://127.0.0.1:{PORT}/livez")
    assert (release_of(machine) / "chirp/servers/wsgi.py").is_file()
    assert list((release_of(machine) / "chirp/servers/__pycache__").glob("wsgi.*.pyc")), "and is compiled"
    assert {call.split()[0] for call in calls} & {"aws", "curl", "dnf"} == {"aws", "curl", "dnf"}
    assert [call for call in calls if call.startswith("curl ")] == [calls[health_check]], (
        "nothing of the internet"
    )
    assert "application server of chirp: done" in machine.file("/var/log/user-data.log").read_text()


def test_a_second_boot_changes_nothing(machine: Machine, user_data: str) -> None:
    machine.boot(user_data, PYTHON=UNCOMPILED)
    first = machine.written()
    assert machine.boot(user_data, PYTHON=UNCOMPILED).returncode == 0
    assert machine.written() == first
    assert sum(call.startswith("aws ") for call in machine.calls()) == 1


def test_a_release_that_was_tampered_with_is_not_started(machine: Machine, user_data: str) -> None:
    machine.file("artifact.zip").write_bytes(b"something else")
    assert machine.boot(user_data, PYTHON=UNCOMPILED).returncode != 0
    assert "user data FAILED in line " in machine.file("/var/log/user-data.log").read_text()
    assert not release_of(machine).exists()
    assert not [call for call in machine.calls() if call.startswith("systemctl")]


def test_what_is_installed_serves_by_its_unit_alone(machine: Machine, user_data: str) -> None:
    """With nothing of this machine's Python but its standard library, and no database in reach."""
    machine.boot(user_data, PYTHON=sys.executable)
    service = unit_of(machine)
    environment = dict(
        line.split("=", 1) for line in Path(service["EnvironmentFile"]).read_text().splitlines()
    )
    assert {name: environment[name] for name in SETTINGS} == {k: str(v) for k, v in SETTINGS.items()}
    assert environment["DATABASE_SSL_MODE"] == "verify-full"
    roots = Path(environment["DATABASE_SSL_ROOT"]).read_text()
    assert roots == (REPOSITORY / "src/chirp/servers/authorities.pem").read_text()
    command = shlex.split(service["ExecStart"])
    command.insert(1, "-S")
    outside = {"METADATA": "127.0.0.1:1", "AWS_EC2_METADATA_DISABLED": "true", "PATH": os.environ["PATH"]}
    with running(command, PORT, env={**environment, **outside}, stdout=subprocess.DEVNULL) as process:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        connection.request("GET", "/livez")
        assert connection.getresponse().read() == b'{"ok":true}'
        connection.request("GET", "/api/timeline")
        refusal = connection.getresponse()
        assert (refusal.status, refusal.read()) == (
            503,
            b'{"error":"the database is not ready yet; try again"}',
        )
        connection.close()
        process.terminate()
        assert process.wait(60) == 0


def test_the_unit_confines_the_service(machine: Machine, user_data: str) -> None:
    machine.boot(user_data, PYTHON=sys.executable)
    service = unit_of(machine)
    assert service["User"] == "application"
    assert service["ExecStart"] == f"{sys.executable} -I -u {release_of(machine)}"
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "strict")
    assert service["CapabilityBoundingSet"] == ""
    assert int(service["TimeoutStopSec"]) > 25, "the service may drain for 25 s"


def test_a_repository_out_of_reach_for_a_while_is_waited_for(machine: Machine, user_data: str) -> None:
    machine.file("failures-awscli-2").write_text("3")
    assert machine.boot(user_data, PYTHON=UNCOMPILED).returncode == 0
    assert machine.calls().count("dnf install -y python3.11 libpq awscli-2") == 4


def test_all_tries_of_a_boot_end_together(machine: Machine, user_data: str) -> None:
    machine.file("failures-awscli-2").write_text("1000")
    assert machine.boot(user_data, PYTHON=UNCOMPILED, BOOT_S="45").returncode != 0
    assert machine.calls().count("dnf install -y python3.11 libpq awscli-2") == 3


def test_failure_is_loud_but_leaves_the_service_running(machine: Machine, user_data: str) -> None:
    machine.file("failures-amazon-cloudwatch-agent").write_text("1000")
    assert machine.boot(user_data, PYTHON=UNCOMPILED).returncode != 0
    log = machine.file("/var/log/user-data.log").read_text()
    assert "user data FAILED in line " in log
    assert "done" not in log.splitlines()[-1]
    assert "systemctl restart application.service" in machine.calls()


def test_the_agent_reports_memory_and_disk_by_group(machine: Machine, user_data: str) -> None:
    machine.boot(user_data, PYTHON=UNCOMPILED)
    metrics = json.loads(machine.file(f"{AGENT}/etc/server.json").read_text())["metrics"]
    assert metrics["namespace"] == "CWAgent"
    assert metrics["append_dimensions"] == {"AutoScalingGroupName": "${aws:AutoScalingGroupName}"}
    assert metrics["aggregation_dimensions"] == [["AutoScalingGroupName"]]
    collected = metrics["metrics_collected"]
    assert collected["mem"]["measurement"] == ["mem_used_percent"]
    assert (collected["disk"]["measurement"], collected["disk"]["resources"]) == (
        ["disk_used_percent"],
        ["/"],
    )


def test_where_requests_are_traced_the_same_boot_gives_the_agent_traces_as_well(
    machine: Machine, tmp_path: Path
) -> None:
    root = tmp_path / "traced"
    root.mkdir()
    told = {**SETTINGS, "TRACED_SHARE": "0.01"}

    def files() -> dict[str, str]:
        return {**boot_files(), "common.sh": boot_files()["common-traced.sh"]}

    text = render("app.sh.tftpl", {**application(), "settings": told}, root, files)
    done = machine.boot(text, PYTHON=UNCOMPILED)
    assert done.returncode == 0, done.stdout + done.stderr
    agent = json.loads(machine.file(f"{AGENT}/etc/server.json").read_text())
    assert agent["traces"] == {"traces_collected": {"xray": {}, "otlp": {}}}
    assert agent["metrics"]["namespace"] == "CWAgent"
    assert "TRACED_SHARE=0.01" in machine.file("/etc/application/environment").read_text().splitlines()


def test_without_a_replica(tmp_path: Path) -> None:
    settings = {**SETTINGS, "REPLICA_HOST": ""}
    text = render("app.sh.tftpl", {**application(), "settings": settings}, tmp_path)
    assert "\nREPLICA_HOST=\n" in text


def test_settings_stand_sorted_and_each_on_its_line(user_data: str) -> None:
    block = user_data.partition("<<'ENVIRONMENT'\n")[2].partition("\nENVIRONMENT\n")[0].splitlines()
    names = [line.partition("=")[0] for line in block]
    assert names[-len(SETTINGS) :] == sorted(SETTINGS)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("name", "value"), [("A", "two\nlines"), ("A", 'a"b'), ("A", "a b"), ("A", "@ROOT@"), ("a", "b")]
)
def test_a_setting_that_systemd_would_read_otherwise_is_refused(
    name: str, value: str, tmp_path: Path
) -> None:
    with pytest.raises(AssertionError, match='Call to function "regex" failed'):
        render("app.sh.tftpl", {**application(), "settings": {name: value}}, tmp_path)
