"""`up --run`: an image on loopback behind the web tier's nginx configuration; the engine is a stand-in."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from first_boot import NGINX
from groma.architecture import Finding
from groma.design import design
from groma.live import run_here
from groma.live.run_here import tried
from groma.workload import parse
from workloads import MINIMAL

ENGINE = f"""#!{sys.executable}
import os, signal, subprocess, sys
words = sys.argv[1:]
with open({{calls!r}}, "a") as file:
    file.write(" ".join(words) + "\\n")
SERVER = '''
import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/up" else 500)
        self.send_header("Content-Length", "0")
        self.end_headers()
HTTPServer(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
'''
if words[0] == "info":
    sys.exit({{silent}})
elif words[0] == "run":
    port = words[words.index("--publish") + 1].split(":")[1]
    quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(subprocess.Popen([sys.executable, "-c", SERVER, port], **quiet).pid)
elif words[0] == "logs":
    print("no database")
elif words[0] == "rm":
    os.kill(int(words[2]), signal.SIGTERM)
"""
OWN = "{image: 'acme/shop:1.4', port: 8000, health: %s, env: {LEVEL: info}, command: [serve, --fast]}"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that alone is on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(run_here, "WITHIN_S", 5.0)
    return tmp_path


def engine(folder: Path, *, silent: bool = False) -> Path:
    program, calls = folder / "docker", folder / "calls"
    program.write_text(ENGINE.format(calls=str(calls), silent=int(silent)))
    program.chmod(0o755)
    return calls


def asked(folder: Path, health: str = "/up") -> list[Finding]:
    modules = folder / "modules"
    modules.mkdir(exist_ok=True)
    shutil.copy(NGINX.parents[1] / "modules.conf", modules)
    made = design(parse(f"{MINIMAL}application: {OWN % health}\n"), reasons=False)
    return list(tried(made.architecture, (str(modules),)).findings)


@pytest.mark.slow
def test_an_image_is_asked_directly_and_behind_nginx_and_taken_away(path: Path) -> None:
    calls = engine(path)
    (path / "nginx").symlink_to(NGINX.resolve())
    found = asked(path)
    assert [(each.id, each.actual, each.outcome) for each in found] == [
        ("run.health", "200", "ok"),
        ("run.nginx", "200", "ok"),
    ]
    ran = [line for line in calls.read_text().splitlines() if line.startswith("run ")]
    assert len(ran) == 1
    assert ran[0].endswith(":8000 --env PORT=8000 --env LEVEL=info acme/shop:1.4 serve --fast")
    assert calls.read_text().splitlines()[-1].startswith("rm --force ")


@pytest.mark.slow
def test_what_is_not_well_is_wrong_and_told_with_what_it_said(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine(path)
    monkeypatch.setattr(run_here, "WITHIN_S", 1.0)
    (found,) = asked(path, "/other")
    assert (found.outcome, found.actual) == ("wrong", "500; it said: no database")


def test_without_an_engine_or_with_a_silent_one_it_says_so(path: Path) -> None:
    (none,) = asked(path)
    assert (none.outcome, none.actual) == (
        "not tried",
        "no container engine on this machine (docker, podman, nerdctl)",
    )
    engine(path, silent=True)
    (silent,) = asked(path)
    assert silent.outcome == "not tried"
    assert silent.actual.startswith("docker is here, but no engine answers it")
    (sample,) = tried(design(parse(MINIMAL), reasons=False).architecture).findings
    assert sample.actual == "no container image to run"
    assert os.environ["PATH"] == str(path)
