"""A cache that nobody waits for: ElastiCache for Valkey in cluster mode, entered with the machine's IAM role.

Whatever goes wrong, `get` finds nothing and the others leave undone what they should do; what could not be
forgotten lives on until its time is over. A node that fails `FAILURES` times in a row is left alone for
`REST_S`, while the other nodes serve; then a thread of its own asks it, never a request. The first request
begins to connect, in a thread of its own too, so processes may be forked before. Only the lookup of a host's
address has no limit of time here.

AWS ends a connection 12 hours after its token was checked; each is replaced by a new one after `LIFETIME_S`,
or up to a quarter earlier so that not all are replaced at once.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

from valkey.cluster import ClusterNode, ValkeyCluster
from valkey.connection import AbstractConnection, Connection, SSLConnection
from valkey.credentials import CredentialProvider

from chirp.servers.cache_token import Token
from chirp.servers.logs import log

Clock = Callable[[], float]
CONNECT_TIMEOUT_S = 0.2
ANSWER_TIMEOUT_S = 0.2
"""Of each answer, also of those by which a connection opens, with TLS and AWS's look at the token."""
FAILURES = 3
REST_S = 5.0
LIFETIME_S = 8 * 3600.0
SHORTER = 0.1
"""The part of its time by which an entry may end earlier, so that those made together do not end together."""
KEEPALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}
Client = Any
Node = Any
"""A ValkeyCluster and a ClusterNode, few of whose methods the library has annotated."""


class Breaker:
    """Whether somebody may be asked; open, it says to one caller at a time when it is worth another try."""

    def __init__(self, name: str, now_s: Clock = time.monotonic, *, closed: bool = True) -> None:
        self.name = name
        self.closed = closed
        self._now_s = now_s
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until_s = float("-inf")
        self._trying = False

    def claim(self) -> bool:
        """Whether the caller is to try now; it says afterwards whether that has succeeded or failed."""
        with self._lock:
            if self.closed or self._trying or self._now_s() < self._rests_until_s:
                return False
            self._trying = True
            return True

    def succeeded(self) -> None:
        """It has answered."""
        with self._lock:
            reopened = not self.closed
            self.closed, self._trying, self._failures = True, False, 0
        if reopened:
            log(event="the cache answers", node=self.name)

    def failed(self, error: BaseException) -> None:
        """It has not answered."""
        with self._lock:
            was_closed = self.closed
            self._failures += 1
            self._trying = False
            if not was_closed or self._failures >= FAILURES:
                self.closed = False
                self._rests_until_s = self._now_s() + REST_S
        if not self.closed:
            log(event="the cache does not answer", node=self.name, error=f"{type(error).__name__}: {error}")


class _Mortal(AbstractConnection):
    """A connection that opens anew, with a new token, before AWS ends it."""

    def __init__(self, *, now_s: Clock, **options: Any) -> None:
        self._now_s = now_s
        self._ends_at_s = 0.0
        super().__init__(**options)

    def connect(self) -> None:
        """What a pool calls before it hands a connection out."""
        if self._sock is not None and self._now_s() >= self._ends_at_s:
            self.disconnect()  # type: ignore[no-untyped-call]
        if self._sock is None:
            self._ends_at_s = self._now_s() + LIFETIME_S * random.uniform(0.75, 1)  # noqa: S311 - only keeps servers apart
            super().connect()  # type: ignore[no-untyped-call]


class _Plain(_Mortal, Connection):
    pass


class _Tls(_Mortal, SSLConnection):
    def __init__(self, **options: Any) -> None:
        super().__init__(ssl_check_hostname=True, **options)


class Cache:
    """Shared by all threads of a process. Keys' prefixes and versions are their owner's business."""

    def __init__(
        self,
        host: str,
        port: int,
        credentials: CredentialProvider,
        *,
        tls: bool = True,
        answer_timeout_s: float = ANSWER_TIMEOUT_S,
        now_s: Clock = time.monotonic,
    ) -> None:
        self._host, self._port = host, port
        self._now_s = now_s
        known = {getattr(socket, name): value for name, value in KEEPALIVE.items() if hasattr(socket, name)}
        self._options: dict[str, Any] = {
            "credential_provider": credentials,
            "connection_class": partial(_Tls if tls else _Plain, now_s=now_s),
            "socket_connect_timeout": CONNECT_TIMEOUT_S,
            "socket_timeout": answer_timeout_s,
            "socket_keepalive": True,
            "socket_keepalive_options": known,
            "lib_name": None,
            "lib_version": None,
        }
        self._client: Client | None = None
        self._closed = False
        self._cluster = Breaker(f"{host}:{port}", now_s, closed=False)
        self._nodes: dict[str, Breaker] = {}

    @classmethod
    def connect(
        cls, host: str, port: int, user: str, name: str, region: str, session: Any, tls: bool = True
    ) -> Cache:
        """The cache behind a configuration endpoint; connects when first asked.

        Args:
            user: the IAM user of ElastiCache, whose id is its name.
            name: the replication group's id.
            session: a botocore session, for credentials.
        """
        return cls(host, port, Token(user, name, region, session), tls=tls)

    def get(self, key: str) -> bytes | None:
        """What was put under this key; None also when it cannot be had."""
        return self.look(key) or None

    def look(self, key: str) -> bytes | Literal[False] | None:
        """What was put under this key, None for nothing; False when that cannot be said."""
        found = self._ask(key, lambda client: (client.get(key),))
        return found[0] if isinstance(found, tuple) else False

    def put(self, key: str, value: bytes, ttl_s: int, *, new: bool = False) -> bool:
        """Keep a value for at most this long, and up to a tenth shorter; if it is to be `new`, only where
        nothing lies. Whether it has answered.
        """
        ttl_ms = max(1, int(1000 * ttl_s * (1 - SHORTER * random.random())))  # noqa: S311 - only keeps servers apart
        return self._ask(key, lambda client: client.set(key, value, px=ttl_ms, nx=new) or True) is True

    def forget(self, *keys: str) -> None:
        """Keep these no longer, wherever each is kept."""
        for key in keys:
            self._ask(key, lambda client, key=key: client.unlink(key))  # type: ignore[misc]

    @property
    def standing(self) -> bool:
        """Whether every part of the cache answers, as far as is known: asks nothing and waits for nobody."""
        client = self._connected()
        return client is not None and all(self._may_ask(client, node) for node in client.get_primaries())

    def close(self) -> None:
        """Close every connection; from then on there is nothing in the cache."""
        self._closed = True
        client, self._client = self._client, None
        if client is not None:
            _disconnect(client)

    def _ask(self, key: str, question: Callable[[Client], object]) -> object:
        """The answer; None when there is nobody to ask, or none that answers."""
        client = self._connected()
        if client is None:
            return None
        breaker = None
        try:
            node = client.get_node_from_key(key)
            if not self._may_ask(client, node):
                return None
            breaker = self._breaker(node)
            self._lead(client)
            answer = question(client)
        except Exception as error:  # of the network, the library, the credentials: none is worth a request
            if breaker is not None:
                breaker.failed(error)
            return None
        breaker.succeeded()
        return answer

    def _connected(self) -> Client | None:
        if self._client is None and not self._closed:
            self._try(self._cluster, self._connect)
        return self._client

    def _connect(self) -> None:
        client = ValkeyCluster(
            url=f"valkey://{self._host}:{self._port}",  # only so the library takes a class of connections
            cluster_error_retry_attempts=0,
            dynamic_startup_nodes=False,
            require_full_coverage=True,
            **self._options,
        )
        self._client = client
        if self._closed:
            self.close()

    def _may_ask(self, client: Client, node: Node) -> bool:
        breaker = self._breaker(node)
        if not breaker.closed:
            self._try(breaker, lambda: self._ping(client, node))
        return breaker.closed

    def _ping(self, client: Client, node: Node) -> None:
        self._lead(client)
        client.ping(target_nodes=node)

    def _lead(self, client: Client) -> None:
        """The library drops whoever fails from those whom it asks about the cluster, up to the last one."""
        if not client.nodes_manager.startup_nodes:
            endpoint = ClusterNode(self._host, self._port)  # type: ignore[no-untyped-call]
            client.nodes_manager.populate_startup_nodes([endpoint])

    def _try(self, breaker: Breaker, attempt: Callable[[], object]) -> None:
        """Attempt something in the background when it is time to."""

        def run() -> None:
            try:
                attempt()
            except Exception as error:
                breaker.failed(error)
            else:
                breaker.succeeded()

        if breaker.claim():
            try:
                threading.Thread(target=run, name="cache", daemon=True).start()
            except RuntimeError as error:
                breaker.failed(error)

    def _breaker(self, node: Node) -> Breaker:
        return self._nodes.setdefault(node.name, Breaker(node.name, self._now_s))


def _disconnect(client: Client) -> None:
    for node in (*client.get_nodes(), *client.nodes_manager.startup_nodes.values()):
        if node.valkey_connection is not None:
            node.valkey_connection.connection_pool.disconnect()
