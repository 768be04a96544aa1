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
from groma.live.embedded.authority import ASKED, DEPLOYER_FILE, Authority, DeployerFile, RoleOf
from groma.live.embedded.gate import JOURNAL, Account, Gate, Stage
from groma.live.embedded.record import read_record
from groma.live.embedded.routing import Emulator
from groma.live.embedded.seal import read_key
from groma.live.embedded.unsaved import MARK, Unsaved

SAVED_STATE = "saved state: "
"""Begins the last line of the log of a server that could not begin since its saved state is at fault."""
TOKEN_VARIABLE = "GROMA_CLOUD_TOKEN"
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
        account, strict: what is played, see `gate.Stage`.
    """

    emulator: Emulator
    directory: Path
    socket: int
    token: str
    key: bytes
    account: Account = Account.GROWN
    strict: bool = False

    def gate(self, role_of: RoleOf) -> Gate:
        """What stands before the emulator; `role_of` says what a role holds."""
        deployer = DeployerFile(self.directory / DEPLOYER_FILE)
        authority = Authority(role_of, deployer, self.directory / f"{self.emulator}.{ASKED}")
        stage, journal = Stage(self.account, self.strict), self.directory / f"{self.emulator}.{JOURNAL}"
        return Gate(stage, journal, authority=authority)

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
    key = read_key(Path(key_file))
    return Settings(
        Emulator(emulator), Path(directory), int(descriptor), token, key, Account(account), strict
    )


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
    """`base` without what would lead an emulator to real AWS or to a Docker daemon, with token and stage."""
    kept = {name: value for name, value in base.items() if not name.startswith(("AWS_", "DOCKER_"))}
    stage = {ACCOUNT_VARIABLE: account.value, STRICT_VARIABLE: "strict" if strict else ""}
    return kept | {TOKEN_VARIABLE: token} | stage
