"""A real PostgreSQL master with a real streaming replica, on loopback ports of their own."""

from __future__ import annotations

import ctypes.util
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from first_boot import REPOSITORY, free_port

POSTGRES = REPOSITORY / ".venv/postgres"
USER, ROLE, DATABASE = "groma", "application", "chirp_database"
"""The owner of the databases, the application's role, and one of them."""
NOBODY = 65534
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
shared_buffers = 16MB
max_connections = 200
jit = off
hot_standby_feedback = on
wal_receiver_timeout = 5s
wal_retrieve_retry_interval = 200ms
max_standby_streaming_delay = -1
log_line_prefix = '%m %u '
"""

_libpq = POSTGRES / "lib/libpq.so.5"
if _libpq.exists() and ctypes.util.find_library("pq") is None:
    psycopg.pq._pq_ctypes.pq = ctypes.cdll.LoadLibrary(str(_libpq))  # type: ignore[attr-defined]


@dataclass
class Server:
    """One PostgreSQL server below a directory; PostgreSQL refuses to run as root, who starts it as nobody."""

    directory: Path
    port: int = field(default_factory=free_port)

    @property
    def data(self) -> Path:
        """PGDATA."""
        return self.directory / "data"

    def run(self, program: str, *arguments: str, password: str = "") -> None:
        """Runs one of PostgreSQL's programs; fails with its words."""
        environment = {**os.environ, "LD_LIBRARY_PATH": str(POSTGRES / "lib"), "LC_ALL": "C"}
        if password:
            environment["PGPASSWORD"] = password
        with tempfile.TemporaryFile() as output:  # a server keeps a pipe open for as long as it runs
            done = subprocess.run(
                [*_as_nobody(), str((POSTGRES / "bin").resolve() / program), *arguments],
                env=environment, cwd=self.directory, stdout=output, stderr=output, check=False, timeout=60,
            )  # fmt: skip
            output.seek(0)
            assert done.returncode == 0, f"{program}: {output.read().decode()}{self.log()}"

    def log(self) -> str:
        """What the server has logged."""
        file = self.directory / "log"
        return file.read_text() if file.exists() else ""

    def start(self) -> None:
        """Starts it and waits until it answers."""
        options = f"-p {self.port}"
        self.run("pg_ctl", "start", "-w", "-t", "30", "-D", str(self.data), "-l", "log", "-o", options)

    def stop(self, mode: str = "fast") -> None:
        """Stops it; `immediate` is as hard as a crash."""
        self.run("pg_ctl", "stop", "-w", "-t", "30", "-m", mode, "-D", str(self.data))

    @property
    def is_running(self) -> bool:
        """Whether it has been started and not stopped."""
        return (self.data / "postmaster.pid").exists()


@dataclass
class Cluster:
    """The master and its replica; `password` is the user's as it is now."""

    master: Server
    replica: Server
    password: str

    def sql(self, query: str, *values: object, at: Server | None = None, database: str = DATABASE) -> Any:
        """Runs one statement, at the master unless said otherwise; its rows when it has any."""
        server = at or self.master
        where = {"host": "127.0.0.1", "port": server.port, "dbname": database}
        with psycopg.connect(**where, user=USER, password=self.password, autocommit=True) as connection:
            found = connection.execute(query, values or None)
            return found.fetchall() if found.description else None

    def pause_replica(self) -> None:
        """Lets the replica receive but not replay: it falls behind."""
        self.sql("SELECT pg_wal_replay_pause()", at=self.replica)

    def resume_replica(self) -> None:
        """Ends the pause, and waits until the replica has caught up."""
        self.sql("SELECT pg_wal_replay_resume()", at=self.replica)
        self.settle()

    def settle(self) -> None:
        """Waits until the replica shows all that the master has."""
        target = self.sql("SELECT pg_current_wal_flush_lsn()")[0][0]
        reached = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
        replayed = lambda: self.sql(reached, target, at=self.replica, database="postgres")[0][0]  # noqa: E731
        wait_until(replayed, "the replica catches up")

    def rotate(self) -> str:
        """Gives the user a new password."""
        fresh = secrets.token_hex(16)
        self.sql(f"ALTER USER {USER} PASSWORD '{fresh}'")
        self.password = fresh
        return fresh


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A master with an empty database, and its replica."""
    assert (POSTGRES / "bin/initdb").exists(), (
        "PostgreSQL for the tests is missing: run scripts/postgres-for-tests"
    )
    directory = Path(tempfile.mkdtemp(prefix="groma-postgres-"))
    servers: list[Server] = []
    try:
        for name in ("master", "replica"):
            servers.append(Server(directory / name))
            servers[-1].directory.mkdir()
            if os.geteuid() == 0:
                os.chown(servers[-1].directory, NOBODY, NOBODY)
        directory.chmod(0o755)
        yield _started(*servers)
    finally:
        for server in reversed(servers):
            if server.is_running:
                server.stop("immediate")
        shutil.rmtree(directory)


def _started(master: Server, replica: Server) -> Cluster:
    password = secrets.token_hex(16)
    secret = master.directory / "password"
    secret.write_text(password)
    secret.chmod(0o644)
    master.run(
        "initdb", "-D", "data", "-U", USER, "--pwfile", "password", "-A", "scram-sha-256",
        "--encoding", "UTF8", "--locale", "C", "--no-sync",
    )  # fmt: skip
    with (master.data / "postgresql.conf").open("a") as configuration:
        configuration.write(SETTINGS)
    rules = master.data / "pg_hba.conf"
    by_token = f"host all {ROLE} 127.0.0.1/32 trust\n"  # whether a token is good only AWS can say
    rules.write_text(by_token + rules.read_text() + "host replication all 127.0.0.1/32 scram-sha-256\n")
    master.start()
    source = f"host=127.0.0.1 port={master.port} user={USER}"
    replica.run(
        "pg_basebackup", "-R", "-X", "stream", "-c", "fast", "-D", "data", "-d", source, password=password
    )
    replica.start()
    found = Cluster(master, replica, password)
    found.sql(f"CREATE DATABASE {DATABASE}", database="postgres")
    found.settle()
    return found


def _as_nobody() -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def wait_until(holds: Callable[[], object], what: str, within_s: float = 60.0) -> None:
    """Asserts that something comes true."""
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        time.sleep(0.05)
