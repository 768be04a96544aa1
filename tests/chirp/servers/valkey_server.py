"""Real Valkey or Redis servers as a cluster, on loopback ports of their own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import valkey
from postgres import wait_until

from first_boot import REPOSITORY, free_port

VALKEY = REPOSITORY / ".venv/valkey"
SLOTS = 16_384
TALK = 10_000
"""How far above its port a node talks with the others."""
FIRST_EPHEMERAL = 32_768
"""From here on the kernel gives ports to whoever connects."""
SETTINGS = {
    "bind": "127.0.0.1",
    "save": "",
    "cluster-enabled": "yes",
    "cluster-config-file": "nodes.conf",
    "cluster-node-timeout": "1000",
    "cluster-require-full-coverage": "no",  # as the default parameters of ElastiCache have it
    "logfile": "log",
}


@dataclass(frozen=True)
class Certificate:
    """Files that a server shows, and the authority's that its clients trust."""

    certificate: Path
    key: Path
    authority: Path

    @property
    def settings(self) -> dict[str, str]:
        """What a server is told of them; it asks its clients for none."""
        return {
            "tls-cert-file": str(self.certificate),
            "tls-key-file": str(self.key),
            "tls-ca-cert-file": str(self.authority),
            "tls-auth-clients": "no",
            "tls-cluster": "yes",  # else nodes tell of each other's other port
        }


def free_ports() -> int:
    """A free port, of which that of the cluster's own talk is free too."""
    while True:
        port = free_port()
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port + TALK))
            if port + TALK < FIRST_EPHEMERAL:
                return port


@dataclass
class Node:
    """One server below a directory; it keeps its part of the slots when it is started again."""

    directory: Path
    certificate: Certificate | None = None
    port: int = field(default_factory=free_ports)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers."""
        settings = {**SETTINGS, "dir": str(self.directory), "port": str(self.port)}
        if self.certificate is not None:
            settings |= {"port": "0", "tls-port": str(self.port), **self.certificate.settings}
        command = [str(VALKEY / "bin/server")]
        for name, value in settings.items():
            command += [f"--{name}", value]
        environment = {**os.environ, "LD_LIBRARY_PATH": str(VALKEY / "lib")}
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        wait_until(self._answers, "the server answers")

    def kill(self) -> None:
        """Ends it as a crash does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Neither answers nor ends anything."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def run(self, *command: str | int | bytes) -> Any:
        """What this server answers to its administrator."""
        tls: dict[str, Any] = {}
        if self.certificate is not None:
            tls = {"ssl": True, "ssl_ca_certs": str(self.certificate.authority)}
        with valkey.Valkey(port=self.port, host="127.0.0.1", socket_timeout=60, **tls) as administrator:
            return administrator.execute_command(*command)

    def log(self) -> str:
        """What the server has logged."""
        file = self.directory / "log"
        return file.read_text() if file.exists() else ""

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log()
        try:
            return bool(self.run("PING"))
        except valkey.ConnectionError:
            return False


@contextmanager
def valkey_cluster(size: int = 1, certificate: Certificate | None = None) -> Iterator[Sequence[Node]]:
    """Servers among whom all slots are shared out, in their order; each is known to the others."""
    assert (VALKEY / "bin/server").exists(), "Valkey for the tests is missing: run scripts/valkey-for-tests"
    directory = Path(tempfile.mkdtemp(prefix="groma-valkey-"))
    with ExitStack() as clean:
        clean.callback(shutil.rmtree, directory)
        nodes = [Node(directory / str(number), certificate) for number in range(size)]
        for number, node in enumerate(nodes):
            node.directory.mkdir()
            clean.callback(node.kill)
            node.start()
            node.run("CLUSTER ADDSLOTS", *range(SLOTS * number // size, SLOTS * (number + 1) // size))
            if number:
                node.run("CLUSTER MEET", "127.0.0.1", nodes[0].port)
        wait_until(lambda: all(_knows_all(node, size) for node in nodes), "each node knows all others")
        yield nodes


def _knows_all(node: Node, size: int) -> bool:
    """Whether a node serves, and would lead clients to every other."""
    return node.run("CLUSTER INFO")["cluster_state"] == "ok" and len(node.run("CLUSTER SLOTS")) == size


def let_in(node: Node) -> None:
    """Let the servers' user in with whatever it shows: whether a token is good only AWS can say."""
    node.run("ACL", "SETUSER", "chirp-app", "on", "nopass", "~*", "+@all")
