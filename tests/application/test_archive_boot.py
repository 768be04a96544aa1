"""What servers of a release of one's own run on first boot, run to its end; PostgreSQL is real."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "chirp" / "servers"))

import shutil

from postgres import DATABASE, NOBODY, POSTGRES, SETTINGS, USER, Server
from test_container_boot import KNOWN, SECRETS, user_data

from first_boot import USER_DATA_LIMIT_BYTES, Machine, free_port, running
from groma.application.packed import Packed

pytestmark = pytest.mark.slow

PORT = free_port()
FILE = f"""\
name: shop
blueprint: three-tier
users: {{total: 50_000}}
application:
  archive: ./build
  start: python3 app.py "--name=it's $HOME"
  packages: [nodejs22]
  port: {PORT}
  health: /up
  migrate: [./migrate, --all]
  env: {{GREETING: 'a "quoted" ${{text}} %% @ end'}}
  secrets: {{LICENCE: ssm:/shop/licence}}
"""
APP = """\
import json, os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Told(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]).encode())

HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Told).serve_forever()
"""
MIGRATE = """\
#!/bin/sh
echo "$* $LICENCE" >>"$ROOT/../migrated"
sleep 0.3
test ! -e "$ROOT/../broken"
"""


@pytest.fixture(scope="module")
def database() -> Iterator[Server]:
    """A PostgreSQL without a replica, whose owner is let in."""
    directory = Path(tempfile.mkdtemp(prefix="groma-postgres-"))
    server = Server(directory / "master")
    server.directory.mkdir()
    directory.chmod(0o755)
    if os.geteuid() == 0:
        os.chown(server.directory, NOBODY, NOBODY)
    try:
        server.run("initdb", "-D", "data", "-U", USER, "-A", "trust", "--locale", "C", "--no-sync")
        with (server.data / "postgresql.conf").open("a") as configuration:
            configuration.write(SETTINGS)
        server.start()
        server.run("createdb", "-h", "127.0.0.1", "-p", str(server.port), "-U", USER, DATABASE)
        yield server
    finally:
        if server.is_running:
            server.stop("immediate")
        shutil.rmtree(directory)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("build")
    (folder / "app.py").write_text(APP)
    (folder / "migrate").write_text(MIGRATE)
    (folder / "migrate").chmod(0o755)
    return Packed(folder.name, folder.parent).content()


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory, database: Server, release: bytes) -> str:
    known = {
        **KNOWN,
        "module.database.master_endpoint": "127.0.0.1",
        "module.database.port": database.port,
        "module.database.database_name": DATABASE,
        "module.artifact.bucket": "shop-artifact-123456789012",
        "module.artifact.key": "application.zip",
        "module.artifact.version": "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
        "module.artifact.sha256": hashlib.sha256(release).hexdigest(),
    }
    return user_data("app", tmp_path_factory.mktemp("root"), FILE, known)


def machine(folder: Path, release: bytes) -> Machine:
    """A machine that finds the release, secrets and psql."""
    for name in ("secrets", "commands"):
        (folder / name).mkdir(parents=True)
    for name, text in SECRETS.items():
        login = json.dumps({"username": USER, "password": "p"}) if name.startswith("arn:") else text
        (folder / "secrets" / name).write_text(f"{login}\n")
    (folder / "artifact.zip").write_bytes(release)
    (folder / "commands" / "psql").symlink_to(POSTGRES / "bin" / "psql")
    return Machine(folder)


def booted(each: Machine, script: str) -> int:
    return each.boot(script, PGSSLMODE="prefer").returncode


def test_a_boot_ships_migrates_and_starts_and_is_told_what_the_file_says(
    tmp_path: Path, script: str, release: bytes
) -> None:
    assert len(script.encode()) < USER_DATA_LIMIT_BYTES
    here = machine(tmp_path / "one", release)
    done = here.boot(script, PGSSLMODE="prefer")
    assert done.returncode == 0, done.stdout + done.stderr
    calls = here.calls()
    assert "dnf install -y python3 awscli-2 nodejs22" in calls
    assert any(call.endswith(f"http://127.0.0.1:{PORT}/up") for call in calls)
    assert (tmp_path / "migrated").read_text() == "--all L-77\n"
    unit = here.file("/etc/systemd/system/application.service").read_text()
    assert f"ExecStartPre=+{here.root}/opt/application/prepare\n" in unit
    assert not [word for word in ("L-77", "postgres") if word in unit]
    with running([str(here.file("/opt/application/run"))], PORT):
        asking = http.client.HTTPConnection("127.0.0.1", PORT)
        asking.request("GET", "/up")
        words, told, folder = json.loads(asking.getresponse().read())
    assert words == ["--name=it's $HOME"]
    assert Path(folder).name == hashlib.sha256(release).hexdigest()
    expected = {"PORT": str(PORT), "GREETING": 'a "quoted" ${text} %% @ end', "LICENCE": "L-77"}
    assert {name: told[name] for name in expected} == expected
    assert told["DATABASE_URL"].startswith(f"postgresql://{USER}:p@127.0.0.1:")


def test_of_a_fleet_one_server_migrates_and_a_failure_lets_none_serve(
    tmp_path: Path, script: str, release: bytes
) -> None:
    script = script.replace("--all", "--fleet").replace('"migrate ', '"migrate of another release ')
    (tmp_path / "broken").touch()
    fleet = [machine(tmp_path / name, release) for name in ("one", "two")]
    with ThreadPoolExecutor() as both:
        codes = list(both.map(lambda each: booted(each, script), fleet))
    assert all(codes)
    assert (tmp_path / "migrated").read_text() == "--fleet L-77\n" * 2, "the second tries what failed"
    for each in fleet:
        assert "systemctl restart application.service" not in each.calls()
        assert "it failed, and is not noted as done" in each.file("/var/log/user-data.log").read_text()
    (tmp_path / "broken").unlink()
    with ThreadPoolExecutor() as both:
        codes = list(both.map(lambda each: booted(each, script), fleet))
    assert codes == [0, 0]
    assert (tmp_path / "migrated").read_text() == "--fleet L-77\n" * 3, "one of both"
    assert all("systemctl restart application.service" in each.calls() for each in fleet)
