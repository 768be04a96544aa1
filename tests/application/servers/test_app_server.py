"""The application server's user data, run to its end; then what it installed, as its unit says."""

from __future__ import annotations

import configparser
import http.client
import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from first_boot import AGENT, APPLICATION, USER_DATA_LIMIT_BYTES, Machine, free_port, render, running

from groma.application import template

pytestmark = pytest.mark.slow

PORT = free_port()
UNIT = "/etc/systemd/system/application.service"


@pytest.fixture(scope="module")
def user_data(tmp_path_factory: pytest.TempPathFactory) -> str:
    return render("app.sh.tftpl", {**APPLICATION, "port": PORT}, tmp_path_factory.mktemp("root"))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


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
    done = machine.boot(user_data)
    assert done.returncode == 0, done.stdout + done.stderr
    calls = machine.calls()
    agent = machine.file(AGENT)
    order = [
        "useradd --system --no-create-home --home-dir / --shell /sbin/nologin application",
        "systemctl enable application.service",
        "systemctl restart application.service",
        "dnf install -y amazon-cloudwatch-agent",
        f"amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:{agent}/etc/server.json",
    ]
    assert [call for call in calls if call in order] == order
    health_check = calls.index(order[2]) + 1
    assert calls[health_check].endswith(f"http://127.0.0.1:{PORT}/healthz")
    assert machine.file("/opt/application/service.py").read_text() == template("service.py")
    assert "application server of chirp: done" in machine.file("/var/log/user-data.log").read_text()


def test_a_second_boot_changes_nothing(machine: Machine, user_data: str) -> None:
    machine.boot(user_data)
    first = machine.written()
    assert machine.boot(user_data).returncode == 0
    assert machine.written() == first


def test_what_is_installed_serves_by_its_unit(machine: Machine, user_data: str) -> None:
    machine.boot(user_data, PYTHON=sys.executable)
    service = unit_of(machine)
    environment = dict(
        line.split("=", 1) for line in Path(service["EnvironmentFile"]).read_text().splitlines()
    )
    assert environment["DATABASE_HOST"] == APPLICATION["database_host"]
    assert environment["DATABASE_SECRET_ARN"] == APPLICATION["secret_arn"]
    with running(shlex.split(service["ExecStart"]), PORT, env=environment):
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b'{"ok": true}\n'
        connection.request("GET", "/")
        assert json.loads(connection.getresponse().read())["name"] == "chirp"


def test_the_unit_confines_the_service(machine: Machine, user_data: str) -> None:
    machine.boot(user_data)
    service = unit_of(machine)
    assert service["User"] == "application"
    assert service["ExecStart"].startswith("/usr/bin/python3 -I ")
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "strict")
    assert service["CapabilityBoundingSet"] == ""
    assert int(service["TimeoutStopSec"]) > 25, "the service may drain for 25 s"


def test_a_repository_out_of_reach_for_a_while_is_waited_for(machine: Machine, user_data: str) -> None:
    machine.file("dnf-failures").write_text("3")
    assert machine.boot(user_data).returncode == 0
    assert machine.calls().count("dnf install -y amazon-cloudwatch-agent") == 4


def test_failure_is_loud_but_leaves_the_service_running(machine: Machine, user_data: str) -> None:
    machine.file("dnf-failures").write_text("1000")
    assert machine.boot(user_data).returncode != 0
    log = machine.file("/var/log/user-data.log").read_text()
    assert "user data FAILED in line " in log
    assert "done" not in log.splitlines()[-1]
    assert "systemctl restart application.service" in machine.calls()


def test_the_agent_reports_memory_and_disk_by_group(machine: Machine, user_data: str) -> None:
    machine.boot(user_data)
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


def test_without_a_replica(tmp_path: Path) -> None:
    text = render("app.sh.tftpl", {**APPLICATION, "replica_host": ""}, tmp_path)
    assert "\nREPLICA_HOST=\n" in text
