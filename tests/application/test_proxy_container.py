"""The reverse proxy of a design of containers: nginx itself with the configuration that a task writes."""

from __future__ import annotations

import getpass
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from first_boot import NGINX, free_port
from groma.application.boot import proxy_configuration, text_of, web_script
from groma.blueprints.containers.proxy import COMMAND
from loopback import answering

pytestmark = pytest.mark.slow


def configuration() -> str:
    return proxy_configuration(web_script(text_of("nginx.conf")))


def test_the_task_fills_in_all_that_the_root_has_not() -> None:
    text = configuration()
    assert "@" not in text.replace("@RESOLVER@", "")
    assert "@RESOLVER@" in COMMAND[0]
    assert "nameserver" in COMMAND[0]
    assert text.count("set_real_ip_from") == 3


def test_a_script_that_writes_no_configuration_is_refused() -> None:
    with pytest.raises(ValueError, match=r"writes no /etc/nginx/nginx\.conf"):
        proxy_configuration("#!/bin/bash\n")
    with pytest.raises(ValueError, match="has no '@NGINX_USER@'"):
        proxy_configuration("put /etc/nginx/nginx.conf 644 <<'CONF'\nevents {}\nCONF\n")


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[str]:
    """nginx before an application that answers with the path and with whom it was told that asks."""

    def respond(request: BaseHTTPRequestHandler) -> None:
        failing = request.path == "/broken"
        body = f"{request.path} {request.headers.get('X-Forwarded-For')}".encode()
        request.send_response(500 if failing else 200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    port, relay = free_port(), free_port()
    with answering(respond) as address:
        host, _, upstream = address.removeprefix("http://").partition(":")
        text = configuration()
        modules = f"include {NGINX.parents[1]}/modules.conf;"
        for mark, becomes in {
            "${port}": str(port),
            "${upstream}": host,
            "${upstream_port}": upstream,
            "8079": str(relay),
            "@RESOLVER@": "127.0.0.1",
            "listen 0.0.0.0": "listen 127.0.0.1",
            "user nginx;": f"user {getpass.getuser()};",
            "include /usr/share/nginx/modules/*.conf;": modules,
            "/var/lib/nginx/tmp": str(tmp_path),
            "/var/log/nginx": str(tmp_path),
            "pid /run/": f"pid {tmp_path}/",
        }.items():
            assert mark in text
            text = text.replace(mark, becomes)
        file = tmp_path / "nginx.conf"
        file.write_text(text)
        command = [str(NGINX), "-e", str(tmp_path / "error.log"), "-c", str(file), "-g", "daemon off;"]
        subprocess.run([*command[:-2], "-t"], check=True)
        running = subprocess.Popen(command)
        try:
            _wait_for(f"http://127.0.0.1:{port}/web-server/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()
            running.wait(timeout=20)


def _wait_for(url: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(url, timeout=1).read()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"{url} does not answer")


def test_it_passes_on_says_who_asks_and_prints_failures_alone(proxy: str, tmp_path: Path) -> None:
    asked = urllib.request.Request(f"{proxy}/shop?a=1", headers={"X-Forwarded-For": "203.0.113.9"})
    with urllib.request.urlopen(asked) as answer:
        assert answer.read().startswith(b"/shop?a=1 203.0.113.9")
    with pytest.raises(OSError, match="500"):
        urllib.request.urlopen(f"{proxy}/broken")
    log = tmp_path / "access.log"
    for _ in range(60):
        if log.exists() and "/broken" in log.read_text():
            break
        time.sleep(0.1)
    assert "/broken" in log.read_text()
    assert "/shop" not in log.read_text()
