"""An image run on this machine, behind the web tier's own nginx configuration: does it answer?

It is run for as long as that takes, on loopback alone, without a database: what the stack would tell it of
that stands in the embedded cloud, which has no server.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from groma.application.boot import text_of, web_script
from groma.application.own import Service
from groma.architecture import Architecture, CheckList, Finding
from groma.architecture.finding import NotTried

ENGINES = ("docker", "podman", "nerdctl")
WITHIN_S = 60.0
PULL_S = 600.0
MODULES = ("/usr/share/nginx/modules", "/etc/nginx/modules-enabled")
"""Where distributions say which modules nginx loads."""
_CONF = re.compile(r"<<'CONF'\n(user @NGINX_USER@;.*?)\nCONF\n", re.DOTALL)
_LAST_LINES = 5


@dataclass(frozen=True)
class Engine:
    """A program that runs containers, and answers."""

    path: str

    def run(self, *words: str, timeout_s: float = 60.0) -> subprocess.CompletedProcess[str]:
        """One command of it."""
        return subprocess.run([self.path, *words], capture_output=True, text=True, timeout=timeout_s)


def tried(architecture: Architecture, modules: tuple[str, ...] = MODULES) -> CheckList:
    """Run each image of an application of one's own, and ask for its health path: directly, and by nginx.

    Findings are undecided where there is nothing to run, or nothing to run it with.
    """
    own = architecture.own
    services = () if own is None else tuple(each for each in own.services if each.image)
    if not services:
        return CheckList((_not_tried("run here", "no container image to run"),))
    engine, why = _engine()
    if engine is None:
        return CheckList((_not_tried("run here", why),))
    found: list[Finding] = []
    for service in services:
        found += _tried(service, engine, modules if service is services[0] and own and not own.web else ())
    return CheckList(tuple(found))


def _engine() -> tuple[Engine | None, str]:
    """The first engine that answers, or why there is none."""
    silent = ""
    for name in ENGINES:
        path = shutil.which(name)
        if path is None:
            continue
        try:
            done = Engine(path).run("info", timeout_s=20)
        except (OSError, subprocess.TimeoutExpired):
            silent = silent or name
            continue
        if done.returncode == 0:
            return Engine(path), ""
        silent = silent or name
    if silent:
        return None, f"{silent} is here, but no engine answers it: start it, then `groma up --run`"
    return None, f"no container engine on this machine ({', '.join(ENGINES)})"


def _tried(service: Service, engine: Engine, modules: tuple[str, ...]) -> Iterator[Finding]:
    """One image: started, asked, and asked through nginx where that stands before it (`modules`)."""
    name = service.runs
    what = f"{name} answers {service.health}"
    pulled = engine.run("pull", "--quiet", name, timeout_s=PULL_S)
    if pulled.returncode:
        yield _found("run.pull", f"{name} is pulled", "pulled", _last(pulled.stderr) or "refused", ok=False)
        return
    with ExitStack() as stack:
        port = _free_port()
        started = stack.enter_context(_container(service, engine, port))
        if isinstance(started, str):
            yield _found("run.start", f"{name} is started", "running", started, ok=False)
            return
        status = _status(port, service.health)
        said = status if status == "200" else f"{status or 'nothing'}; it said: {_said(engine, started)}"
        yield _found("run.health", what, "200", said, ok=status == "200")
        if status != "200" or not modules:
            return
        proxied = stack.enter_context(_nginx(port, modules))
        if isinstance(proxied, str):
            yield _not_tried("run.nginx", proxied)
            return
        status = _status(proxied, service.health) or "nothing"
        yield _found("run.nginx", f"{what} behind nginx", "200", status, ok=status == "200")


@contextmanager
def _container(service: Service, engine: Engine, port: int) -> Iterator[str | list[str]]:
    """The id of a container, in a list, that is taken away at the end; or why it could not be started."""
    told: Mapping[str, str] = {"PORT": str(service.port), **service.env}
    environment = [word for each in told.items() for word in ("--env", "=".join(each))]
    published = ["--publish", f"127.0.0.1:{port}:{service.port}"]
    done = engine.run("run", "--detach", *published, *environment, service.runs, *service.command)
    if done.returncode:
        yield _last(done.stderr) or "refused"
        return
    container = done.stdout.strip().splitlines()[-1]
    try:
        yield [container]
    finally:
        engine.run("rm", "--force", container)


@contextmanager
def _nginx(upstream_port: int, modules: tuple[str, ...]) -> Iterator[str | int]:
    """The port of nginx with the web tier's configuration before another port; or why there is none."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        yield "no nginx on this machine: asked directly alone"
        return
    with tempfile.TemporaryDirectory(prefix="groma-nginx-") as folder:
        root, port = Path(folder), _free_port()
        file = _configured(root, port, upstream_port, modules)
        words = [program, "-c", str(file), "-p", folder, "-e", str(root / "error.log"), "-g", "daemon off;"]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if _listens(port, process):
                yield port
            else:
                yield f"nginx does not start: {_last((root / 'error.log').read_text())}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def _configured(root: Path, port: int, upstream_port: int, modules: tuple[str, ...]) -> Path:
    """The configuration that web servers have, for a folder of this machine."""
    (text,) = _CONF.findall(web_script(text_of("nginx.conf")))
    values = {
        "${upstream}": "127.0.0.1",
        "${upstream_port}": str(upstream_port),
        "${port}": str(port),
        "@ROOT@": str(root),
        "@NGINX_USER@": "root",  # nginx looks at it only where root starts it
        "@RELAY_PORT@": str(_free_port()),
        "@RESOLVER@": "127.0.0.1",
        "@LISTEN@": "127.0.0.1",
    }
    for hole, value in values.items():
        text = text.replace(hole, value)
    for below in ("run", "var/log/nginx", "var/lib/nginx/tmp", "etc/nginx", "usr/share/nginx/modules"):
        (root / below).mkdir(parents=True)
    (root / "etc/nginx/trusted-proxies.conf").touch()
    for place in modules:
        for file in sorted(Path(place).glob("*.conf")):
            (root / "usr/share/nginx/modules" / file.name).write_bytes(file.read_bytes())
    made = root / "etc/nginx/nginx.conf"
    made.write_text(text)
    return made


def _status(port: int, path: str) -> str:
    """The status of a path on loopback, once it is 200 or the time is over; empty where nothing answers."""
    deadline, status = time.monotonic() + WITHIN_S, ""
    while True:
        asking = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            asking.request("GET", path)
            status = str(asking.getresponse().status)
        except (OSError, HTTPException):
            pass
        finally:
            asking.close()
        if status == "200" or time.monotonic() > deadline:
            return status
        time.sleep(0.5)


def _said(engine: Engine, container: list[str]) -> str:
    """What a container that does not answer has printed last."""
    done = engine.run("logs", "--tail", str(_LAST_LINES), *container)
    return _last(done.stdout + done.stderr) or "nothing"


def _listens(port: int, process: subprocess.Popen[bytes]) -> bool:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        if process.poll() is not None:
            return False
        time.sleep(0.1)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _last(text: str) -> str:
    return " / ".join(line.strip() for line in text.strip().splitlines()[-_LAST_LINES:])[:400]


def _found(id_: str, what: str, expected: str, actual: str, *, ok: bool) -> Finding:
    hint = "" if ok else "try it with its own engine: `docker run --rm -p 8080:8080 …`"
    return Finding(id=id_, what=what, expected=expected, actual=actual, ok=ok, hint=hint)


def _not_tried(id_: str, why: str) -> Finding:
    return NotTried(id_, "the image, run on this machine", "answers", why, ok=True)
