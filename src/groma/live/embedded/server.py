"""What both server processes are told: where their files lie, which socket, which secrets."""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from groma.errors import CloudError
from groma.live.embedded.access.credentials import Credentials, read_credentials
from groma.live.embedded.access.outgoing import stay_inside
from groma.live.embedded.access.own import keep_own
from groma.live.embedded.authority import ASKED, DEPLOYER_FILE, Authority, DeployerFile, RoleOf
from groma.live.embedded.gate import JOURNAL, Account, Gate, Stage
from groma.live.embedded.messages import AsgiApp
from groma.live.embedded.record import read_record
from groma.live.embedded.routing import Emulator
from groma.live.embedded.seal import read_key
from groma.live.embedded.unsaved import MARK, Unsaved

SAVED_STATE = "saved state: "
"""Begins the last line of the log of a server that could not begin since its saved state is at fault."""
TOKEN_VARIABLE = "GROMA_CLOUD_TOKEN"  # noqa: S105 - a variable's name
KEPT = (
    "HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "TMPDIR", "TZ",
)  # fmt: skip
"""What a server has of the environment of who started it, beside `LC_*`: no key, no address, no token."""
ACCOUNT_VARIABLE, STRICT_VARIABLE = "GROMA_CLOUD_ACCOUNT", "GROMA_CLOUD_STRICT"


@dataclass(frozen=True)
class Settings:
    """A server's settings.

    Attributes:
        emulator: which one to be.
        directory: holds the record, the logs and the snapshots.
        socket: descriptor of the inherited listening socket.
        token: the secret shared with the commands.
        key: seals the snapshot.
        credentials: the cloud's own, which each request is signed with.
        account, strict: what is played, see `gate.Stage`.
    """

    emulator: Emulator
    directory: Path
    socket: int
    token: str
    key: bytes
    credentials: Credentials
    account: Account = Account.GROWN
    strict: bool = False

    def gate(self, role_of: RoleOf) -> Gate:
        """What stands before the emulator; `role_of` says what a role holds."""
        deployer = DeployerFile(self.directory / DEPLOYER_FILE)
        authority = Authority(role_of, deployer, self.directory / f"{self.emulator}.{ASKED}")
        stage, journal = Stage(self.account, self.strict), self.directory / f"{self.emulator}.{JOURNAL}"
        return Gate(stage, journal, authority=authority)

    def door(self, app: AsgiApp) -> AsgiApp:
        """An emulator behind its door."""
        is_public = self.emulator is Emulator.MINISTACK
        from groma.live.embedded.access.door import Door, kept

        return kept(app, Door(self.credentials, self.address[1], is_public=is_public))

    def closed(self, app: AsgiApp) -> AsgiApp:
        """All that the server answers, closed to web pages; from now on it calls nobody outside, either."""
        keep_own(self.credentials)
        stay_inside(self.ports)
        from groma.live.embedded.access.door import for_own

        return for_own(app, self.address[1])

    def ports(self) -> frozenset[int]:
        """Where the servers of this cloud listen."""
        record = read_record(self.directory)
        others = () if record is None else (server.port for server in record.servers.values())
        return frozenset({self.address[1], *others})

    @property
    def unsaved(self) -> Unsaved:
        """What tells whether all is saved; to be made once."""
        return Unsaved(self.directory / f"{self.emulator}.{MARK}")

    @property
    def snapshot(self) -> Path:
        """Where this emulator's state is kept."""
        return self.directory / f"{self.emulator}.snapshot"

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the inherited socket."""
        with socket.socket(fileno=os.dup(self.socket)) as listener:
            host, port = listener.getsockname()[:2]
        return str(host), int(port)

    def is_recorded(self) -> bool:
        """Whether the directory's record still is of this cloud: only then may its snapshot be written."""
        record = read_record(self.directory)
        return record is not None and record.token == self.token


def read_settings(emulator: str, directory: str, descriptor: str, key_file: str) -> Settings:
    """Settings from the command line and the environment; the token is taken out of the environment.

    So the programs that an emulator starts, such as functions, do not inherit it.
    """
    token = os.environ.pop(TOKEN_VARIABLE)
    account, strict = os.environ.pop(ACCOUNT_VARIABLE), bool(os.environ.pop(STRICT_VARIABLE))
    key, credentials = read_key(Path(key_file)), read_credentials(Path(directory))
    if credentials is None:
        raise SystemExit(f"the cloud in {directory} has no keys")
    place = Emulator(emulator), Path(directory), int(descriptor)
    return Settings(*place, token, key, credentials, Account(account), strict)


@contextmanager
def restoring() -> Iterator[None]:
    """Within it the saved state is read; whatever is wrong with it ends the server with one line."""
    try:
        yield
    except CloudError as error:
        raise SystemExit(f"{SAVED_STATE}{error.what}") from None
    except Exception as error:  # a pickle or an archive may fail in any way
        raise SystemExit(f"{SAVED_STATE}it cannot be read: {type(error).__name__}: {error}") from None


@contextmanager
def made_to_last() -> Iterator[None]:
    """Within it an emulator is loaded: no garbage is looked for among what is loaded, then or later.

    There is none, and looking for it took a third of the time that moto takes to be loaded.
    """
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def server_environment(
    base: Mapping[str, str], token: str, account: Account = Account.GROWN, *, strict: bool = False
) -> dict[str, str]:
    """What of `base` a program needs to run at all, with token and stage: see `KEPT`."""
    kept = {name: value for name, value in base.items() if name in KEPT or name.startswith("LC_")}
    stage = {ACCOUNT_VARIABLE: account.value, STRICT_VARIABLE: "strict" if strict else ""}
    return kept | {TOKEN_VARIABLE: token} | stage
