"""The application's servers as processes of their own, over a real database and stand-ins for AWS."""

from __future__ import annotations

import http.client
import io
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from postgres import DATABASE, ROLE, USER, Cluster, Server, wait_until

from chirp.shipping.artifact import artifact
from first_boot import REPOSITORY, free_port, running

REGION = "us-east-1"
BUCKET = "chirp-site-123456789012"
AWS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": REGION}
Answer = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Cloud:
    """Secrets Manager and S3, as far as the servers use them."""

    url: str
    secret_arn: str

    def client(self, service: str) -> Any:
        """A client of one of the two."""
        return boto3.client(
            service, endpoint_url=self.url, region_name=REGION,
            aws_access_key_id="testing", aws_secret_access_key="testing",
        )  # fmt: skip

    def keep(self, password: str) -> None:
        """Puts the database's password into the secret."""
        secret = json.dumps({"username": USER, "password": password})
        self.client("secretsmanager").put_secret_value(SecretId=self.secret_arn, SecretString=secret)


@contextmanager
def cloud(password: str) -> Iterator[Cloud]:
    """The services, with a secret that holds this password, and the site's bucket.

    They are a process of their own: whoever mocks AWS in this one empties every service of its moto.
    """
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _listens(port), "the services answer", 60)
        found = Cloud(f"http://127.0.0.1:{port}", "")
        made = found.client("secretsmanager").create_secret(
            Name=f"chirp-{secrets.token_hex(4)}", SecretString="{}"
        )
        found = Cloud(found.url, made["ARN"])
        found.keep(password)
        found.client("s3").create_bucket(Bucket=BUCKET)
        yield found
    finally:
        server.terminate()
        server.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def environment(cluster: Cluster, cloud: Cloud, port: int, **other: str) -> dict[str, str]:
    """What the unit file would give to the service."""
    return {
        "PATH": os.environ["PATH"],
        **AWS,
        "AWS_ENDPOINT_URL": cloud.url,
        "NAME": "chirp",
        "AWS_REGION": REGION,
        "LISTEN": "127.0.0.1",
        "PORT": str(port),
        "DATABASE_HOST": "127.0.0.1",
        "DATABASE_PORT": str(cluster.master.port),
        "REPLICA_HOST": "127.0.0.1",
        "REPLICA_PORT": str(cluster.replica.port),
        "DATABASE_NAME": DATABASE,
        "DATABASE_USER": ROLE,
        "DATABASE_SECRET_ARN": cloud.secret_arn,
        "DATABASE_SSL_MODE": "disable",
        "POOL_SIZE": "4",
        "MEDIA_BUCKET": BUCKET,
        "METADATA": "127.0.0.1:1",
        "PROCESSORS": "2",
        "SCRYPT_LOG2_N": "8",
        **other,
    }


def without_database(port: int, **other: str) -> dict[str, str]:
    """The environment of a server that finds neither its database nor its secret."""
    nowhere = Server(Path("/nonexistent"), 1)
    lost = Cluster(nowhere, nowhere, "")
    settings = {"AWS_MAX_ATTEMPTS": "1", "PROCESSORS": "1", "REPLICA_HOST": "", **other}
    return environment(lost, Cloud("http://127.0.0.1:1", "arn"), port, **settings)


@dataclass(frozen=True)
class Running:
    """A server that listens."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    processes: int

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """A request over a connection of its own; the headers' names in small letters."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body=body or None, headers=dict(headers or {}))
            response = connection.getresponse()
            answered = {name.lower(): value for name, value in response.getheaders()}
            return response.status, answered, response.read()
        finally:
            connection.close()

    def lines(self) -> list[dict[str, Any]]:
        """The log, line by line, without what is no JSON."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]

    def is_ready(self) -> bool:
        """Whether every process has prepared its database, and answers."""
        ready = sum(line.get("event") == "ready" for line in self.lines())
        return ready >= self.processes and self.ask("GET", "/readyz")[0] == 200

    def terminate(self) -> None:
        """What systemd does."""
        self.process.send_signal(signal.SIGTERM)


def release(directory: Path) -> list[str]:
    """The command that runs what servers fetch, unpacked here, with nothing else but the standard library."""
    with zipfile.ZipFile(io.BytesIO(artifact())) as archive:
        archive.extractall(directory)
    return [sys.executable, "-I", "-S", "-u", str(directory)]


COMMAND = (sys.executable, "-m", "chirp.servers")
FROM_HERE = {"PYTHONPATH": str(REPOSITORY / "src")}
"""The sources beside these tests, whichever are installed."""


@contextmanager
def serving(
    log: Path, variables: Mapping[str, str], *, ready: bool = True, command: Sequence[str] = COMMAND
) -> Iterator[Running]:
    """A server with this environment, from when it is ready (or, if not to be waited for, listens)."""
    port = int(variables["PORT"])
    with (
        log.open("ab") as output,
        running(
            list(command), port, env=FROM_HERE | dict(variables), stdout=output, stderr=output
        ) as process,
    ):
        server = Running(process, port, log, int(variables["PROCESSORS"]))
        if ready:
            wait_until(server.is_ready, "the server is ready", 60)
        yield server
