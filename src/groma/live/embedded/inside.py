"""The emulators as the cloud's own services ask each other: allowed all, and noted as nobody's need."""

from __future__ import annotations

from pathlib import Path

from groma.live.embedded.access.credentials import read_credentials
from groma.live.embedded.authority import ROOT_TOKEN
from groma.live.embedded.endpoints import Endpoints
from groma.live.embedded.processes import LOOPBACK
from groma.live.embedded.record import read_record


def inside(directory: Path) -> Endpoints:
    """Where the emulators of a directory's cloud answer. Raises LookupError: it has no record any more."""
    record, credentials = read_record(directory), read_credentials(directory)
    if record is None or credentials is None:
        raise LookupError("the cloud has no record any more")
    urls = {name: f"http://{LOOPBACK}:{server.port}" for name, server in record.servers.items()}
    return Endpoints(urls, credentials, session=ROOT_TOKEN)
