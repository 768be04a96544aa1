"""A Dask cluster as a crew: replications are made by its workers, and come to the same numbers.

Every worker needs this version of Groma, with the extra `cluster`. One that dies is survived: the scheduler
gives its work to the others (https://distributed.dask.org/en/stable/resilience.html, read 2026-11-29).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from groma.errors import CloudError, InputError
from groma.installation import need
from groma.simulation.certified import code_digest
from groma.simulation.crews import Found
from groma.words import abridged

if TYPE_CHECKING:
    from distributed import Client, Future

KINDS = ("tcp://", "tls://", "ws://", "wss://")
ANSWERS_WITHIN_S = 10
ALONE_S = 20
"""For so long work waits for a worker, once there is none left: a supervisor may start another."""
LOOKS_EACH_S = 1.0


@contextmanager
def crew_at(address: str) -> Iterator[Cluster]:
    """The workers of a cluster, for as long as they are needed.

    Args:
        address: of its scheduler: `tcp://10.0.0.5:8786`.

    Raises:
        InputError: that is no address.
        ToolMissing: the extra `cluster` is not installed.
        CloudError: nobody answers there, it has no workers, or they run another Groma.
    """
    if not address.startswith(KINDS) or not address.partition("://")[2]:
        raise InputError(
            f"{abridged(address)} is no address of a scheduler", where="--cluster", hint="tcp://10.0.0.5:8786"
        )
    need("cluster")
    from distributed import Client

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=ANSWERS_WITHIN_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise CloudError(
            f"no scheduler answers: {str(error).splitlines()[0] if str(error) else 'it takes too long'}",
            where=address,
            hint="start one with `dask scheduler`, and workers with `dask worker`; or leave out --cluster",
        ) from None
    with client, client.as_current():
        yield Cluster(client, address)


class Cluster:
    """Workers of a Dask cluster that run this version of Groma."""

    def __init__(self, client: Client, address: str) -> None:
        self._client, self._address = client, address
        self._known = set[str]()
        if not self._threads():
            raise self._gone("the cluster has no workers")
        self._check()

    @property
    def width(self) -> int:
        """How many replications are made at once."""
        return max(1, sum(self._threads().values()))

    def made(self, once: Callable[[int], Found], numbers: Iterable[int]) -> list[Found]:
        """What is seen of each number, in their order. Raises CloudError when no worker is left."""
        from distributed.client import ClosedClientError

        self._check()
        futures = self._client.map(once, list(numbers), key="replication", pure=False)
        try:
            self._wait(futures)
            return list(self._client.gather(futures))
        except (CancelledError, ClosedClientError, OSError) as error:
            raise self._gone("the scheduler of the cluster is gone") from error
        finally:
            with suppress(CancelledError, OSError, ClosedClientError):
                self._client.cancel(futures)

    def _wait(self, futures: list[Future[Any]]) -> None:
        """Until all are done. Raises CloudError: no worker is left, or one piece kills whoever makes it."""
        from distributed import wait
        from distributed.scheduler import KilledWorker

        seen_s = time.monotonic()
        while True:
            try:
                wait(futures, timeout=LOOKS_EACH_S)
                break
            except TimeoutError:
                if self._threads():
                    seen_s = time.monotonic()
                elif time.monotonic() - seen_s > ALONE_S:
                    raise self._gone("the last worker of the cluster is gone") from None
        for future in futures:
            if isinstance(error := future.exception(), KilledWorker):
                raise self._gone("too many workers died of the same work") from error

    def _threads(self) -> Mapping[str, int]:
        """Worker → threads; none when the scheduler is gone."""
        if self._client.status != "running":
            return {}
        try:
            workers: Mapping[str, Any] = self._client.scheduler_info(n_workers=-1)["workers"]
        except (OSError, TypeError):
            return {}
        return {name: int(worker["nthreads"]) for name, worker in workers.items()}

    def _check(self) -> None:
        """Whether every worker that was not asked before has this code. Raises CloudError."""
        own = code_digest()
        new = [each for each in self._threads() if each not in self._known]
        if not new:
            return
        try:
            told = self._client.run(code_digest, workers=new, on_error="return")
        except (CancelledError, OSError) as error:
            raise self._gone("the scheduler of the cluster is gone") from error
        self._known.update(new)
        for worker, found in told.items():
            if isinstance(found, Exception):
                raise self._gone(f"worker {worker} has no Groma: {found}")
            if found != own:
                raise self._gone(f"worker {worker} has another version of Groma, or other data")

    def _gone(self, what: str) -> CloudError:
        hint = "start workers with `dask worker` where this Groma is installed, or leave out --cluster"
        return CloudError(what, where=self._address, hint=hint)
