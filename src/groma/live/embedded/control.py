"""What both servers answer under `/_groma/`, beside the AWS APIs: who they are, and to save.

    GET  /_groma/identity?challenge=…   {"emulator", "pid", "proof"}; only who knows the token can prove it

and with the token in a header:

    GET  /_groma/gate                   {"judged", "seconds"}: requests that the gate has read, and its time
    GET  /_groma/role?name=…            what a role holds, where the server is the emulator of IAM
    POST /_groma/save                   write the snapshot now
    POST /_groma/pass?seconds=…         let time pass for the alarms, where the server is the emulator of them
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs

from groma.errors import CloudError
from groma.live.embedded.authority import TOKEN_HEADER, RoleOf
from groma.live.embedded.gate import Gate, Reply
from groma.live.embedded.processes import LOOPBACK
from groma.live.embedded.record import read_record
from groma.live.embedded.routing import Emulator

PREFIX = "/_groma/"


def _reply(status: int, **content: object) -> Reply:
    return Reply(status, json.dumps(content).encode())


@dataclass(frozen=True)
class Control:
    """The server's side.

    Attributes:
        emulator: who this server is.
        pid: its process id.
        token: the secret shared with the commands.
        save: writes the snapshot; raises when it cannot.
        gate: what stands before the emulator.
        role_of: what a role holds, if this emulator knows.
        let_pass: lets so many seconds pass for the alarms; None where there are none.
    """

    emulator: Emulator
    pid: int
    token: str
    save: Callable[[], None]
    gate: Gate
    role_of: RoleOf = lambda _: None
    let_pass: Callable[[float], None] | None = None

    def is_meant(self, path: str) -> bool:
        """Whether a request is for this interface, which may take its time, and not for the emulator."""
        return path.startswith(PREFIX)

    def answer(self, method: str, path: str, query: str, headers: Mapping[str, str]) -> Reply | None:
        """Answer a request; None when it is the emulator's. Header names are in lower case."""
        if not self.is_meant(path):
            return None
        asked = path.removeprefix(PREFIX)
        if (method, asked) == ("GET", "identity"):
            challenge = parse_qs(query).get("challenge", [""])[0]
            proof = _proof(self.token, self.emulator, self.pid, challenge)
            return _reply(200, emulator=self.emulator, pid=self.pid, proof=proof)
        if not hmac.compare_digest(headers.get(TOKEN_HEADER, "").encode(), self.token.encode()):
            return _reply(403, error="the token is missing or wrong")
        match method, asked:
            case "GET", "gate":
                return _reply(200, judged=self.gate.judged, seconds=self.gate.seconds)
            case "GET", "role":
                held = self.role_of(parse_qs(query).get("name", [""])[0])
                return _reply(404, error="there is no such role") if held is None else _reply(200, **held)
            case "POST", "save":
                return self._done(self.save)
            case "POST", "pass" if self.let_pass is not None:
                seconds = float(parse_qs(query).get("seconds", ["0"])[0])
                return self._done(partial(self.let_pass, seconds))
        return _reply(404, error="there is no such control")

    def _done(self, what: Callable[[], None]) -> Reply:
        try:
            what()
        except Exception as error:  # whatever a backend raises is the caller's to read
            return _reply(500, error=f"{type(error).__name__}: {error}")
        return _reply(200, done=True)


def _proof(token: str, emulator: str, pid: int, challenge: str) -> str:
    return hmac.new(token.encode(), f"{emulator}:{pid}:{challenge}".encode(), hashlib.sha256).hexdigest()


def is_ours(emulator: Emulator, pid: int, port: int, token: str, timeout_s: float = 2.0) -> bool:
    """Whether the process `pid` answers on `port`, is this emulator, and knows the token."""
    challenge = secrets.token_hex(16)
    try:
        status, body = _request(port, "GET", f"{PREFIX}identity?challenge={challenge}", {}, timeout_s)
        content = json.loads(body)
        proof = str(content["proof"])
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return False
    return status == 200 and hmac.compare_digest(proof, _proof(token, emulator, pid, challenge))


def ask_to_save(emulator: Emulator, port: int, token: str, timeout_s: float = 60.0) -> None:
    """Have the server write its snapshot.

    Raises:
        CloudError: it did not answer, or could not save.
    """
    try:
        status, body = _request(port, "POST", f"{PREFIX}save", {TOKEN_HEADER: token}, timeout_s)
    except (OSError, http.client.HTTPException) as error:
        raise CloudError(f"{emulator} did not save its state: {error}") from error
    if status != 200:
        raise CloudError(f"{emulator} could not save its state: {body.decode(errors='replace')}")


def let_pass(port: int, token: str, seconds: float, timeout_s: float = 600.0) -> None:
    """Let time pass for a server's alarms: they are evaluated each minute of it, and what they say is sent.

    Raises:
        CloudError: it did not answer, or could not.
    """
    try:
        path = f"{PREFIX}pass?seconds={seconds:g}"
        status, body = _request(port, "POST", path, {TOKEN_HEADER: token}, timeout_s)
    except (OSError, http.client.HTTPException) as error:
        raise CloudError(f"the alarms did not look: {error}") from error
    if status != 200:
        raise CloudError(f"the alarms could not look: {body.decode(errors='replace')}")


def _request(
    port: int, method: str, path: str, headers: dict[str, str], timeout_s: float
) -> tuple[int, bytes]:
    """One request to loopback, past any proxy that the environment names."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=timeout_s)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def watch_record(directory: Path, token: str, end: Callable[[], None], interval_s: float = 2.0) -> None:
    """Call `end` once the directory's record no longer is of this server: removed, or of another cloud.

    So no server is left behind when somebody removes the directory. The record is written a little
    after the server starts, so the first minute without it means nothing; later three looks do.
    """

    def watch() -> None:
        patience = int(60 / interval_s)
        while patience > 0:
            patience = 3 if _is_recorded(directory, token) else patience - 1
            pause.wait(interval_s)
        end()

    pause = threading.Event()
    threading.Thread(target=watch, name="watch-record", daemon=True).start()


def _is_recorded(directory: Path, token: str) -> bool:
    record = read_record(directory)
    return record is not None and record.token == token
