"""What is compiled: the events of a network of servers, one request at a time.

    draws.py      random numbers that depend on the request alone, not on the order of events
    state.py      servers, requests and counters as arrays
    heaps.py      what comes next: at a server, and of all servers
    servers.py    a server's processors, workers and queues
    endings.py    how a request ends, and whether its client asks again
    journeys.py   what a request does next, from its first tier to its answer
    engine.py     the loop over events
    calls.py      calls of a Lambda function and its environments
    stations.py   requests that pass stations in order, and nothing else

Compiled code is kept in the user's cache, in a folder that is named after these files: a change of one of
them is never answered by code of before.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numba

from groma.installation import cache_directory


def _kept_at() -> Path:
    """A folder for the code that is compiled from these very files."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return cache_directory() / "kernels" / digest.hexdigest()[:16]


numba.config.CACHE_DIR = str(_kept_at())

_options = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}

compiled = numba.njit(**_options)
"""The decorator of compiled functions that Python calls: they hold no lock, and make no arrays."""
inner = numba.njit(**_options, no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""The decorator of those that only compiled functions call, which takes less time to compile."""
written_out = numba.njit(**_options, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)
"""The decorator of those that are written out where they are called."""
many = numba.njit(**_options, fastmath={"contract"})
"""The decorator of loops over numbers that do not hang on each other; a·b + c may be rounded once."""
