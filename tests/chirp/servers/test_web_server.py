"""The web server's user data, run to its end; then real nginx with what it wrote, before real servers."""

from __future__ import annotations

import getpass
import gzip
import http.client
import json
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from web_machine import UPSTREAM, Names, Web

from first_boot import AGENT, NGINX, USER_DATA_LIMIT_BYTES, WEB, Machine, free_port, render, running

pytestmark = pytest.mark.slow

CLOUDFRONT = {"prefixes": [
    {"ip_prefix": "198.51.100.0/24", "service": "CLOUDFRONT_ORIGIN_FACING"},
    {"ip_prefix": "192.0.2.0/24", "service": "EC2"},
]}  # fmt: skip


@pytest.fixture(scope="module")
def names() -> Iterator[Names]:
    with Names() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def ports() -> tuple[int, int]:
    return free_port(), free_port()


@pytest.fixture(scope="module")
def user_data(ports: tuple[int, int], tmp_path_factory: pytest.TempPathFactory) -> str:
    variables = {**WEB, "port": ports[0], "upstream": UPSTREAM, "upstream_port": ports[1]}
    return render("web.sh.tftpl", variables, tmp_path_factory.mktemp("root"))


@pytest.fixture(scope="module")
def boot(names: Names, user_data: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    def booted(machine: Machine, **settings: str) -> subprocess.CompletedProcess[str]:
        if not machine.file("ip-ranges.json").exists():
            machine.file("ip-ranges.json").write_text(json.dumps(CLOUDFRONT))
        ours = {
            "RESOLVER": f"127.0.0.1:{names.server_address[1]}",
            "NGINX_USER": getpass.getuser(),
            "RELAY_PORT": str(free_port()),
            "LOAD_BALANCERS": "127.0.0.0/8",
        }
        return machine.boot(user_data, **{**ours, **settings})

    return booted


@pytest.fixture(scope="module")
def web(
    boot: Callable[..., subprocess.CompletedProcess[str]],
    names: Names,
    ports: tuple[int, int],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Web]:
    machine = Machine(tmp_path_factory.mktemp("web"))
    done = boot(machine)
    assert done.returncode == 0, done.stdout + done.stderr
    root, log = str(machine.root), str(machine.file("/var/log/nginx/error.log"))
    configuration = str(machine.file("/etc/nginx/nginx.conf"))
    command = [str(NGINX), "-p", root, "-e", log, "-c", configuration, "-g", "daemon off;"]
    with running(command, ports[0]):
        yield Web(machine, ports[0], ports[1], names)


def test_user_data_fits_and_is_bash(tmp_path: Path) -> None:
    user_data = render("web.sh.tftpl", WEB, tmp_path)
    assert len(user_data.encode()) < USER_DATA_LIMIT_BYTES
    assert user_data.startswith("#!/bin/bash\n")
    subprocess.run([shutil.which("bash") or "bash", "-n"], input=user_data, text=True, check=True)
    assert f'set $application "{WEB["upstream"]}:80";' in user_data


def test_boot_installs_checks_and_starts(web: Web) -> None:
    calls = web.machine.calls()
    agent = web.machine.file(AGENT)
    order = [
        "dnf install -y nginx nginx-mod-stream logrotate",
        "systemctl enable nginx.service logrotate.timer",
        "systemctl reload-or-restart nginx.service",
        "dnf install -y amazon-cloudwatch-agent",
        f"amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:{agent}/etc/server.json",
    ]
    assert [call for call in calls if call in order] == order
    assert calls[calls.index(order[2]) + 1].endswith(f"http://127.0.0.1:{web.port}/healthz")
    assert "web server of chirp: done" in web.machine.file("/var/log/user-data.log").read_text()


def test_the_agent_reports_memory_and_disk_by_group(web: Web) -> None:
    agent = json.loads(web.machine.file(f"{AGENT}/etc/server.json").read_text())
    assert agent["metrics"]["namespace"] == "CWAgent"
    assert agent["metrics"]["aggregation_dimensions"] == [["AutoScalingGroupName"]]
    assert set(agent["metrics"]["metrics_collected"]) == {"mem", "disk"}


def test_a_second_boot_changes_nothing(
    tmp_path: Path, boot: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    machine = Machine(tmp_path)
    boot(machine, RELAY_PORT="1024")
    first = machine.written()
    assert boot(machine, RELAY_PORT="1024").returncode == 0
    assert machine.written() == first


def test_a_configuration_that_nginx_refuses_is_not_started(
    tmp_path: Path, boot: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    machine = Machine(tmp_path)
    assert boot(machine, RELAY_PORT="seventy").returncode != 0
    log = machine.file("/var/log/user-data.log").read_text()
    assert "invalid port" in log
    assert "user data FAILED in line " in log
    assert not [call for call in machine.calls() if call.startswith("systemctl")]


def test_the_list_of_cloudfront_addresses_may_be_out_of_reach(
    tmp_path: Path, boot: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    machine = Machine(tmp_path)
    machine.file("ip-ranges.json").write_text("<html>no list here")
    assert boot(machine).returncode == 0
    assert "no list of CloudFront addresses" in machine.file("/var/log/user-data.log").read_text()
    trusted = machine.file("/etc/nginx/trusted-proxies.conf").read_text()
    assert trusted == "set_real_ip_from 127.0.0.0/8;\n"
    assert "FAILED" not in machine.file("/var/log/user-data.log").read_text()


def test_requests_reach_the_application(web: Web) -> None:
    with web.application():
        status, headers, body = web.ask("/?page=2")
        assert web.ask("/nothing")[0] == 404
    assert status == 200
    assert json.loads(body)["name"] == "chirp"
    assert headers["Server"] == "nginx"


def test_every_answer_has_the_security_headers(web: Web) -> None:
    with web.application():
        answers = [web.ask(path)[1] for path in ("/", "/healthz", "/nothing", "/api/nothing")]
    for headers in answers:
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_health_does_not_depend_on_the_application(web: Web) -> None:
    assert web.ask("/healthz")[::2] == (200, b"ok\n")
    assert web.ask("/")[0] == 502


def test_a_name_without_an_address_is_a_bad_gateway_until_it_has_one(web: Web) -> None:
    try:
        web.names.move(None)
        assert web.ask("/healthz")[0] == 200
        assert web.ask("/")[0] == 502
        web.names.address = "127.0.0.1"
        with web.application():
            assert web.ask("/")[0] == 200
    finally:
        web.names.address = "127.0.0.1"


def test_readiness_is_not_for_the_outside(web: Web) -> None:
    with web.application():
        assert [web.ask(path)[0] for path in ("/readyz", "/livez")] == [404, 404]


def test_connections_to_the_application_are_kept(web: Web) -> None:
    answers = []
    with web.recorder():
        client = http.client.HTTPConnection("127.0.0.1", web.port, timeout=60)  # one, so one nginx worker
        for _ in range(5):
            client.request("GET", "/")
            answers.append(json.loads(client.getresponse().read()))
        client.close()
    assert len({answer["port"] for answer in answers}) == 1
    assert "Connection" not in answers[0]["headers"]


def test_an_address_that_changes_is_resolved_anew(web: Web) -> None:
    try:
        with web.application("127.0.0.1", "before"):
            assert json.loads(web.ask()[2])["name"] == "before"
        web.names.move("127.0.0.2")
        with web.application("127.0.0.2", "after"):
            assert json.loads(web.ask()[2])["name"] == "after"
    finally:
        web.names.move("127.0.0.1")


def test_the_viewer_is_the_last_address_that_no_trusted_proxy_added(web: Web) -> None:
    chain = "6.6.6.6, 203.0.113.7, 198.51.100.20"  # forged, viewer, CloudFront; then the load balancer, here
    with web.recorder():
        asked = web.ask("/who", headers={"X-Forwarded-For": chain, "X-Amzn-Trace-Id": "Root=1-2"})
        seen = json.loads(asked[2])["headers"]
        alone = json.loads(web.ask("/")[2])["headers"]
    assert seen["X-Real-IP"] == "203.0.113.7"
    assert seen["X-Forwarded-For"] == f"{chain}, 127.0.0.1"
    assert seen["X-Amzn-Trace-Id"] == "Root=1-2"
    assert alone["X-Forwarded-For"] == "127.0.0.1"
    line = web.log_line("/who")
    assert (line["client"], line["forwarded_for"], line["trace"]) == ("203.0.113.7", chain, "Root=1-2")


def test_the_access_log_is_json_with_times(web: Web) -> None:
    with web.recorder():
        web.ask('/times?quote="', headers={"User-Agent": 'a "quoted" agent'})
    line = web.log_line('/times?quote="')
    assert (line["status"], line["upstream_status"], line["agent"]) == (200, "200", 'a "quoted" agent')
    assert 0 <= float(str(line["request_s"])) < 5
    assert 0 <= float(str(line["upstream_s"])) < 5


def test_an_oversize_body_is_refused_before_the_application(web: Web) -> None:
    with web.application():
        assert web.ask("/", "POST", headers={"Content-Length": "262145"})[0] == 413
        assert web.ask("/", "POST", body=b"a" * 262144)[0] == 405
        status, headers, body = web.ask("/api/posts", "POST", headers={"Content-Length": "262145"})
    assert (status, headers["Content-Type"]) == (413, "application/json")
    assert "262,144" in json.loads(body)["error"]


def test_the_headers_of_the_application_pass_both_ways(web: Web) -> None:
    sent = {"Authorization": "Bearer t.s", "X-Last-Write": "w.s", "Idempotency-Key": "k-1"}
    with web.recorder():
        status, headers, body = web.ask("/api/timeline?limit=5", headers=sent)
    seen = json.loads(body)["headers"]
    assert status == 200
    assert {name: seen.get(name) for name in sent} == sent
    assert headers["X-Last-Write"] == "recorded"


def test_the_key_of_the_distribution_goes_no_further(web: Web) -> None:
    with web.recorder():
        seen = json.loads(web.ask("/api/timeline", headers={"X-Origin-Key": "7d9f2c1e"})[2])["headers"]
    assert "X-Origin-Key" not in seen
    assert "7d9f2c1e" not in str(seen)


def test_the_application_out_of_reach_is_told_in_its_own_form(web: Web) -> None:
    status, headers, body = web.ask("/api/timeline")
    assert (status, headers["Content-Type"], headers["Retry-After"]) == (503, "application/json", "5")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert list(json.loads(body)) == ["error"]
    with web.application():
        status, headers, body = web.ask("/api/timeline")
    assert (status, headers["Retry-After"]) == (503, "5")
    assert "not ready" in json.loads(body)["error"]


def test_logging_in_is_held_to_a_rate_and_reading_is_not(web: Web) -> None:
    client = {"X-Forwarded-For": "203.0.113.99"}
    with web.recorder():
        logins = [web.ask("/api/sessions", "POST", body=b"{}", headers=client) for _ in range(80)]
        others = {web.ask("/api/timeline", headers=client)[0] for _ in range(80)}
        elsewhere = web.ask("/api/sessions", "POST", headers={"X-Forwarded-For": "203.0.113.98"})[0]
    statuses = [status for status, _, _ in logins]
    assert statuses[:50] == [200] * 50
    _, headers, body = next(answer for answer in logins if answer[0] == 429)
    assert (headers["Content-Type"], headers["Retry-After"]) == ("application/json", "5")
    assert json.loads(body) == {"error": "too many attempts"}
    assert (others, elsewhere) == ({200}, 200)


def test_large_answers_are_compressed_for_those_who_accept_it(web: Web) -> None:
    with web.recorder():
        plain = web.ask("/")
        packed = web.ask("/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain[1]
    assert (packed[1]["Content-Encoding"], packed[1]["Vary"]) == ("gzip", "Accept-Encoding")
    assert len(packed[2]) < len(plain[2]) / 5
    assert json.loads(gzip.decompress(packed[2]))["filling"] == "a" * 5000


def test_a_rotated_log_is_opened_anew(web: Web) -> None:
    """By the very command that logrotate is told to run."""
    rotation = web.machine.file("/etc/logrotate.d/nginx").read_text()
    assert rotation.startswith(f"{web.machine.root}/var/log/nginx/*.log {{")
    command = rotation.partition("postrotate\n")[2].partition("endscript")[0]
    log = web.machine.file("/var/log/nginx/access.log")
    log.rename(log.with_suffix(".1"))
    subprocess.run(command, shell=True, check=True)
    deadline = time.monotonic() + 60
    while not (log.exists() and log.read_text()) and time.monotonic() < deadline:
        web.ask("/after-rotation")  # a worker may take some time to hear of it from its master
        time.sleep(1.1)
    assert web.log_line("/after-rotation")["status"] == 502
