"""The embedded cloud's life: start it or find it, save it, stop it.

One cloud lives in one directory. Its two servers outlive the command that started them; the next
command finds them by `cloud.json`, and believes that file only when the servers answer and prove that
they know its token.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from groma.errors import CloudError
from groma.files import write_atomically
from groma.live.embedded import mailbox
from groma.live.embedded import record as records
from groma.live.embedded.access import credentials as keys
from groma.live.embedded.access.credentials import keep_credentials, read_credentials
from groma.live.embedded.authority import ASKED, DEPLOYER_FILE, Need, need_from
from groma.live.embedded.control import ask_to_save, is_ours, let_pass
from groma.live.embedded.endpoints import Endpoints
from groma.live.embedded.gate import JOURNAL, Account
from groma.live.embedded.processes import LOOPBACK, command_of, end, is_running, listen, spawn
from groma.live.embedded.record import Record, Server, exclusive, read_record
from groma.live.embedded.routing import Emulator
from groma.live.embedded.seal import read_key, user_key_file
from groma.live.embedded.server import SAVED_STATE, server_environment
from groma.live.embedded.unsaved import LOSSES, MARK, count_losses, losses

_LOG_TAIL_LINES = 20
_FILES_OF_A_SERVER = ("log", "log.1", "snapshot", MARK, JOURNAL, ASKED)
_MODULE = "groma.live.embedded"


@dataclass(frozen=True)
class EmbeddedCloud:
    """The embedded cloud of one directory.

    Attributes:
        directory: holds its record, logs and saved state; made when it is missing.
        start_timeout_s: how long a start may last, in seconds.
        busy_timeout_s: how long a server that lives may go without an answer, in seconds: it is never ended
            for that, since somebody's Terraform may be at work with it.
        stop_timeout_s: how long a server may take to save and end before it is killed, in seconds.
        key_file: the key that seals the saved state.
        python: the interpreter that runs the servers.
        account: whose account the servers play, once they are started.
        strict: whether they refuse names that are mere placeholders, as AWS does.
    """

    directory: Path
    start_timeout_s: float = 60.0
    busy_timeout_s: float = 60.0
    stop_timeout_s: float = 20.0
    key_file: Path = field(default_factory=user_key_file)
    python: str = sys.executable
    account: Account = Account.GROWN
    strict: bool = False

    def find(self) -> Endpoints | None:
        """Return the running cloud's endpoints; None when it does not run, or not whole.

        Raises:
            CloudError: a server lives and has not answered for `busy_timeout_s`.
        """
        record = read_record(self.directory)
        if record is None or set(self._living(record)) != set(Emulator):
            return None
        return self._endpoints(record)

    def losses(self) -> int:
        """How often the cloud began with an earlier state than it had ended with."""
        return losses(self.directory)

    def start(self) -> Endpoints:
        """Return the running cloud's endpoints; start what does not run, with the state last saved.

        Raises:
            CloudError: it cannot be started; the message ends with the end of the server's log.
        """
        read_key(self.key_file)
        _make_private(self.directory)
        with exclusive(self.directory, 2 * self.start_timeout_s):
            return self.find() or self._start(read_record(self.directory))

    def save(self) -> None:
        """Write the state of both emulators to disk now.

        Raises:
            CloudError: the cloud does not run, or could not save.
        """
        record = self._running()
        for emulator, server in record.servers.items():
            ask_to_save(emulator, server.port, record.token)

    def let_pass(self, seconds: float) -> None:
        """Let so much time pass for the alarms alone: they are evaluated each minute of it, and mail.

        What is published meanwhile has to bear the time that it is for. The clock stays ahead until the cloud
        is started anew.

        Raises:
            CloudError: the cloud does not run, or an alarm could not be looked at.
        """
        record = self._running()
        let_pass(record.servers[Emulator.MOTO].port, record.token, seconds)

    def stop(self, *, discard: bool) -> None:
        """End the servers. Their state is saved first; with `discard` all of it is removed instead.

        Stopping a cloud that does not run is no error.
        """
        if not self.directory.is_dir():
            return
        with exclusive(self.directory, 2 * self.start_timeout_s):
            record = read_record(self.directory)
            if discard:
                (self.directory / records.FILE_NAME).unlink(missing_ok=True)
            if record is not None:
                self._end(record.servers)
            if discard:
                self._remove_files()

    def log(self, emulator: Emulator) -> Path:
        """Where the emulator's output goes."""
        return self.directory / f"{emulator}.log"

    def refused(self) -> tuple[Mapping[str, str], ...]:
        """What the servers have refused, oldest first for each; what they cannot read they let pass."""
        return tuple(line for line in self._noted(JOURNAL) if "refused" in line)

    def unread(self) -> tuple[str, ...]:
        """What the servers could not read, or did not know what it needs, and let pass."""
        return tuple(line["unreadable"] for line in self._noted(JOURNAL) if "unreadable" in line)

    def judge_deployer(self, policies: Sequence[Mapping[str, Any]] | None) -> None:
        """Hold whoever deploys to these policies, and note what is needed; with None only note it."""
        _make_private(self.directory)
        content = {"policies": None if policies is None else list(policies)}
        write_atomically(self.directory / DEPLOYER_FILE, json.dumps(content).encode())

    def needed(self) -> tuple[Need, ...]:
        """What whoever deployed has needed since `judge_deployer`, each once, in its order."""
        rows = [row for line in self._noted(ASKED) for row in line["needs"]]
        return tuple(
            need_from(row) for row in {json.dumps(row, sort_keys=True): row for row in rows}.values()
        )

    def _noted(self, name: str) -> Iterator[Any]:
        """The lines of a journal that each server keeps."""
        for emulator in Emulator:
            file = self.directory / f"{emulator}.{name}"
            if file.exists():
                yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())

    def _running(self) -> Record:
        record = read_record(self.directory)
        if record is None or self.find() is None:
            raise CloudError(
                "the embedded cloud does not run", where=str(self.directory), hint="start it with `groma up`"
            )
        return record

    def _start(self, old: Record | None) -> Endpoints:
        """Start the emulators that do not run; keep those that do, and their token."""
        living = self._living(old) if old else {}
        old_servers = old.servers if old else {}
        self._end({name: server for name, server in old_servers.items() if name not in living})
        count_losses(self.directory, (name for name in Emulator if name not in living))
        access_key = keep_credentials(self.directory).access_key
        token = old.token if old and living else secrets.token_hex(32)
        started: dict[Emulator, subprocess.Popen[bytes]] = {}
        servers: dict[Emulator, Server] = dict(living)
        for emulator in Emulator:
            if emulator not in living:
                with listen(_port_of(old_servers, emulator)) as listener:
                    started[emulator] = self._spawn(emulator, listener, token)
                    servers[emulator] = Server(started[emulator].pid, listener.getsockname()[1])
        record = Record(token, datetime.now(UTC).isoformat(timespec="seconds"), servers, access_key)
        record.write(self.directory)
        try:
            self._wait(record, started)
        except BaseException:
            self._end({emulator: servers[emulator] for emulator in started})
            raise
        return self._endpoints(record)

    def _endpoints(self, record: Record) -> Endpoints:
        urls = {name: f"http://{LOOPBACK}:{server.port}" for name, server in record.servers.items()}
        return Endpoints(urls, keep_credentials(self.directory))

    def _living(self, record: Record) -> dict[Emulator, Server]:
        """The servers of the record that prove who they are; a living one is waited for while it is busy.

        None where they ask for other keys than those that are kept: an older Groma started them, or the keys
        were lost.
        """
        own = read_credentials(self.directory)
        if own is None or own.access_key != record.access_key:
            return {}
        return {name: server for name, server in record.servers.items() if self._lives(name, server, record)}

    def _lives(self, name: Emulator, server: Server, record: Record) -> bool:
        deadline = time.monotonic() + self.busy_timeout_s
        while not is_ours(name, server.pid, server.port, record.token):
            if not self._is_own(server.pid):
                return False
            if time.monotonic() > deadline:
                raise CloudError(
                    f"the embedded cloud's {name} (process {server.pid}) lives and does not answer",
                    where=str(self.log(name)),
                    hint=f"wait for it; or `kill -9 {server.pid}`, and the next command starts it again",
                )
            time.sleep(0.1)
        return True

    def _spawn(self, emulator: Emulator, listener: socket.socket, token: str) -> subprocess.Popen[bytes]:
        directory = str(self.directory.resolve())
        arguments = [emulator, directory, str(listener.fileno()), str(self.key_file.resolve())]
        command = [self.python, "-P", "-m", _MODULE, *arguments]
        try:
            environment = server_environment(os.environ, token, self.account, strict=self.strict)
            return spawn(command, environment, self.log(emulator), listener)
        except OSError as error:
            raise CloudError(f"{emulator} cannot be started: {error}", where=self.python) from error

    def _wait(self, record: Record, started: Mapping[Emulator, subprocess.Popen[bytes]]) -> None:
        """Wait until each started server answers."""
        deadline = time.monotonic() + self.start_timeout_s
        for emulator, process in started.items():
            server = record.servers[emulator]
            while not is_ours(emulator, server.pid, server.port, record.token):
                if process.poll() is not None:
                    raise self._failure(emulator, f"ended at once (exit code {process.returncode})")
                if time.monotonic() > deadline:
                    raise self._failure(emulator, f"did not answer within {self.start_timeout_s:.0f} s")
                time.sleep(0.05)

    def _failure(self, emulator: Emulator, what: str) -> CloudError:
        log = self.log(emulator)
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        snapshots = " ".join(str(self.directory / f"{name}.snapshot") for name in Emulator)
        hint = f"`rm {snapshots}`, then `groma up` makes anew what is gone, or `groma down` forgets it"
        if lines and lines[-1].startswith(SAVED_STATE):
            return CloudError(lines[-1].removeprefix(SAVED_STATE), where=str(self.directory), hint=hint)
        tail = "".join(f"\n    {line}" for line in lines[-_LOG_TAIL_LINES:])
        return CloudError(
            f"the embedded cloud's {emulator} {what}{tail}",
            where=str(log),
            hint=f"if the saved state is at fault: {hint}",
        )

    def _end(self, servers: Mapping[Emulator, Server]) -> None:
        """End those of the servers that exist and are this directory's: a process id may be reused."""
        own = [server for server in servers.values() if self._is_own(server.pid)]
        for server in own:
            end(server.pid, self.stop_timeout_s)

    def _is_own(self, pid: int) -> bool:
        command = command_of(pid)
        return is_running(pid) and _MODULE in command and str(self.directory.resolve()) in command

    def _remove_files(self) -> None:
        """Remove what the cloud wrote, and the directory when nothing else is in it."""
        for emulator in Emulator:
            for name in _FILES_OF_A_SERVER:
                (self.directory / f"{emulator}.{name}").unlink(missing_ok=True)
        for name in (DEPLOYER_FILE, LOSSES, keys.FILE_NAME):
            (self.directory / name).unlink(missing_ok=True)
        for folder in (Emulator.MINISTACK, mailbox.FOLDER):
            shutil.rmtree(self.directory / folder, ignore_errors=True)
        (self.directory / records.LOCK_NAME).unlink(missing_ok=True)
        with suppress(OSError):
            self.directory.rmdir()


def _make_private(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CloudError(
            f"the embedded cloud's directory cannot be made: {error.strerror}", where=str(directory)
        ) from error


def _port_of(servers: Mapping[Emulator, Server], emulator: Emulator) -> int:
    server = servers.get(emulator)
    return server.port if server else 0
