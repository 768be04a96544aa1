"""Runs the servers' real user data here: rendered by Terraform, executed below a directory of its own.

What would change the machine (packages, services, users, kernel settings) is a stand-in on PATH that only
records how it was called; nginx is real.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from chirp.shipping.artifact import artifact
from chirp.shipping.boot import boot_files
from groma.answers import Ref, Template, Value
from groma.terraform.hcl import block

REPOSITORY = Path(__file__).parents[1]
NGINX = REPOSITORY / ".venv/nginx/bin/nginx"
AGENT = "/opt/aws/amazon-cloudwatch-agent"
USER_DATA_LIMIT_BYTES = 16 * 1024

SETTINGS = {
    "DATABASE_HOST": "chirp-master.abcdefghijkl.us-east-1.rds.amazonaws.com",
    "REPLICA_HOST": "chirp-replica.abcdefghijkl.us-east-1.rds.amazonaws.com",
    "DATABASE_PORT": 5432,
    "DATABASE_NAME": "chirp",
    "DATABASE_USER": "application",
    "DATABASE_SECRET_ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:chirp-database-AbCdEf",
    "POOL_SIZE": 6,
    "MEDIA_BUCKET": "chirp-site-123456789012",
}
WEB = {
    "name": "chirp",
    "region": "us-east-1",
    "port": 8080,
    "upstream": "internal-chirp-application-1234567890.us-east-1.elb.amazonaws.com",
    "upstream_port": 80,
}
COMMON = 'file("servers/common.sh")'
OTHERS = ("sysctl", "curl", "sleep", "chgrp", "runuser", "uncompiled-python")
"""Further commands that a machine of one's own would obey."""


def application() -> dict[str, Value]:
    """The variables of the application's user data; the release is packed when it is first asked for."""
    return {
        "name": "chirp",
        "region": "us-east-1",
        "port": 8080,
        "settings": SETTINGS,
        "artifact_bucket": "chirp-artifact-123456789012",
        "artifact_key": "application.zip",
        "artifact_version": "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
        "artifact_sha256": hashlib.sha256(artifact()).hexdigest(),
    }


STAND_IN = """#!/bin/sh
name="$(basename "$0")"
printf '%s\\n' "$name $*" >>"$ROOT/calls"
case "$name $*" in
"dnf "*)
    for last; do :; done
    failures="$(cat "$ROOT/failures-$last" 2>/dev/null || echo 0)"
    if [ "$failures" -gt 0 ]; then
        echo $((failures - 1)) >"$ROOT/failures-$last"
        echo "no route to the repository" >&2
        exit 1
    fi
    mkdir -p "$ROOT/usr/share/nginx/modules" "$ROOT/var/lib/nginx/tmp" "$ROOT/var/log/nginx" "$ROOT/run"
    cp "$MODULES" "$ROOT/usr/share/nginx/modules/mod-stream.conf"
    mkdir -p "$ROOT/opt/aws/amazon-cloudwatch-agent/bin"
    cp "$0" "$ROOT/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl" ;;
*ip-ranges.json) cat "$ROOT/ip-ranges.json" ;;
"aws s3api get-object "*)
    for last; do :; done
    cp "$ROOT/artifact.zip" "$last" ;;
"aws secretsmanager get-secret-value --secret-id "* | "aws ssm get-parameter --name "*)
    cat "$ROOT/secrets/$(basename "$4")" ;;
"aws ecr get-login-password "*) echo a-token ;;
"docker login "*) cat >"$ROOT/token" ;;
"docker image inspect "*) echo sha256:5e1d ;;
"runuser "*)
    shift 3
    exec "$@" ;;
"uncompiled-python -I -m compileall "*) ;;
"uncompiled-python "*) exec "$REAL_PYTHON" "$@" ;;
"docker pull "*)
    if [ -e "$ROOT/out-of-reach" ]; then exit 1; fi ;;
"docker run "*)
    while [ "$#" -gt 0 ]; do
        if [ "$1" = "--env-file" ]; then cat "$2" >>"$ROOT/container-environment"; fi
        shift
    done ;;
esac
"""


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on; below those that the kernel gives to others on its own."""
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def render(
    template: str,
    variables: Mapping[str, Value],
    directory: Path,
    files: Callable[[], Mapping[str, str]] = boot_files,
) -> str:
    """The user data, by real Terraform from the files that a generated root would hold."""
    (directory / "servers").mkdir(exist_ok=True)
    for name, text in files().items():
        (directory / "servers" / name).write_text(text)
    text = Template(f"servers/{template}", {**variables, "common": Ref(COMMON)})
    (directory / "main.tf").write_text(block("locals", {"user_data": text}))
    done = subprocess.run(
        ["terraform", "console"],
        input="base64encode(local.user_data)",
        cwd=directory,
        text=True,
        capture_output=True,
        check=False,
    )
    assert "Error" not in done.stderr, done.stderr  # of a local it says so, and ends well
    return subprocess.run(
        ["base64", "-d"], input=done.stdout.strip().strip('"'), text=True, capture_output=True, check=True
    ).stdout


@dataclass(frozen=True)
class Machine:
    """A directory that user data takes for a whole server."""

    root: Path

    def file(self, path: str) -> Path:
        """Where the server's absolute `path` lies here."""
        return self.root / path.lstrip("/")

    def calls(self) -> list[str]:
        """The commands that would have changed the machine, in their order."""
        return self.file("calls").read_text().splitlines()

    def written(self) -> dict[str, bytes]:
        """Path → content of everything below /etc and /opt."""
        found = [file for top in ("etc", "opt") for file in self.file(top).rglob("*") if file.is_file()]
        return {str(file.relative_to(self.root)): file.read_bytes() for file in found}

    def boot(self, user_data: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Runs the script to its end, with the given environment on top of a bare one."""
        assert NGINX.exists(), "nginx for the tests is missing: run scripts/nginx-for-tests"
        commands = self.file("commands")
        commands.mkdir(exist_ok=True)
        for name in ("aws", "dnf", "docker", "systemctl", "useradd", *OTHERS):
            (commands / name).write_text(STAND_IN)
            (commands / name).chmod(0o755)
        archive = self.file("artifact.zip")
        if "s3api get-object" in user_data and not archive.exists():
            archive.write_bytes(artifact())
        script = self.file("user-data.sh")
        script.write_text(user_data)
        return self.run(script, **settings)

    def run(self, script: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Runs a script that lies there, as the boot itself is run."""
        commands, bash = self.file("commands"), shutil.which("bash")
        assert bash
        environment = {
            "PATH": f"{commands}:{NGINX.parent}:{os.environ['PATH']}",
            "ROOT": str(self.root),
            "MODULES": str(NGINX.parents[1] / "modules.conf"),
            "LISTEN": "127.0.0.1",
            "REAL_PYTHON": sys.executable,
            **settings,
        }
        return subprocess.run(
            [bash, script, *words], env=environment, text=True, capture_output=True, check=False, timeout=60
        )


@contextlib.contextmanager
def running(
    command: list[str], port: int, host: str = "127.0.0.1", **popen: object
) -> Iterator[subprocess.Popen[bytes]]:
    """A server process, from when its port answers; terminated at the end unless it ended before."""
    process = subprocess.Popen(command, **popen)  # type: ignore[call-overload]
    try:
        deadline = time.monotonic() + 60
        while not _answers(host, port):
            assert process.poll() is None, f"{command} ended with {process.returncode}"
            assert time.monotonic() < deadline, f"{command} does not listen on port {port}"
            time.sleep(0.02)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def _answers(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0
