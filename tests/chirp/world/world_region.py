"""Regions of the worldwide servers: real databases, and table, topic, queue and bucket in this process."""

from __future__ import annotations

import json
import secrets
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

sys.path.append(str(Path(__file__).parents[1] / "servers"))
sys.path.append(str(Path(__file__).parents[1] / "behaviour"))

from behaviour import App, Reply
from dict_cache import DictCache
from functions_cloud import Cloud
from functions_emulated import BUCKET, REGION, session
from moto.server import ThreadedMotoServer
from postgres import DATABASE, ROLE, USER, Cluster

from chirp.servers.credentials import Credentials, OwnRole
from chirp.servers.kinds import HostsCache
from chirp.social.http import Request
from chirp.world.clients import publisher
from chirp.world.host import Region, WorldHost
from chirp.world.settings import WorldSettings

NOWHERE = "127.0.0.1:1"


def new_databases(cluster: Cluster, count: int = 2) -> list[str]:
    """Names of so many new, empty databases."""
    names = [f"world_{secrets.token_hex(4)}" for _ in range(count)]
    for name in names:
        cluster.sql(f"CREATE DATABASE {name}")
    cluster.settle()
    return names


def variables(
    cluster: Cluster, databases: Sequence[str], primaries: Sequence[bool] | None = None, **other: str
) -> dict[str, str]:
    """The environment of a server. Where a database is not written, its writer's address leads nowhere, and
    what stands for the reader that sends writes on is the master.
    """
    written = primaries or [True] * len(databases)
    master, replica = (f"127.0.0.1:{server.port}" for server in (cluster.master, cluster.replica))
    pairs = list(zip(databases, written, strict=True))
    return {
        "NAME": "chirp",
        "AWS_REGION": REGION,
        "LISTEN": "127.0.0.1",
        "PORT": "1",
        "TABLE": "social",
        "TIMELINES": "social-timelines",
        "POSTED_TOPIC": f"arn:aws:sns:{REGION}:123456789012:posted",
        "CACHE_HOST": "127.0.0.1",
        "CACHE_PORT": "1",
        "CACHE_USER": "chirp-app",
        "CACHE_NAME": "chirp-cache",
        "MEDIA_BUCKET": BUCKET,
        "DATABASE_WRITERS": ",".join(f"{master if here else NOWHERE}/{name}" for name, here in pairs),
        "DATABASE_READERS": ",".join(f"{replica if here else master}/{name}" for name, here in pairs),
        "DATABASE_PRIMARIES": ",".join(str(here).lower() for here in written),
        "DATABASE_PORT": "5432",
        "DATABASE_NAME": DATABASE,
        "DATABASE_USER": ROLE,
        "DATABASE_SECRET_ARN": "arn",
        "DATABASE_SSL_MODE": "disable",
        "POOL_SIZE": "2",
        "WRITE_POOL_SIZE": "2",
        "METADATA": NOWHERE,
        "PROCESSORS": "1",
        "SCRYPT_LOG2_N": "8",
        **other,
    }


@dataclass
class Here:
    """A region in this process."""

    host: WorldHost
    cache: DictCache
    cloud: Cloud

    @property
    def app(self) -> App:
        """The application, asked without a network between."""
        return App(self._ask, lambda handle: "", 60.0, False)

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        url = urlsplit(path)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        answer = self.host.respond(Request(method, url.path, query, headers, body))
        return Reply(answer.status, answer.headers, answer.body)


def host_of(cluster: Cluster, cloud: Cloud, said: Mapping[str, str], cache: HostsCache) -> WorldHost:
    """A host with these variables, not yet prepared."""
    settings = WorldSettings.from_environment(said)
    secret = lambda: json.dumps({"username": USER, "password": cluster.password})  # noqa: E731
    publish = publisher(Late(cloud), said["POSTED_TOPIC"])
    region = Region(cloud.store, cloud.timelines, cloud.clients["s3"], publish, cache)
    return WorldHost(settings, (OwnRole(ROLE, REGION, session()._session), Credentials(secret)), region)


@dataclass(frozen=True)
class Late:
    """The topic as the cloud has it when it is told something: a test may have put another in its place."""

    cloud: Cloud

    def publish_batch(self, **said: Any) -> Any:
        return self.cloud.clients["sns"].publish_batch(**said)


@contextmanager
def region(cluster: Cluster, cloud: Cloud, said: Mapping[str, str]) -> Iterator[Here]:
    """A prepared host."""
    cache = DictCache()
    host = host_of(cluster, cloud, said, cache)
    try:
        host.prepare()
        host._preparation.done = True
        yield Here(host, cache, cloud)
    finally:
        host.stop()


@contextmanager
def over_http() -> Iterator[str]:
    """The address at which other processes find the services of this one."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def secret_of(url: str, password: str) -> str:
    """The ARN of a new secret with the databases' password."""
    keeper = session().client("secretsmanager", endpoint_url=url)
    secret = json.dumps({"username": USER, "password": password})
    return str(keeper.create_secret(Name=f"chirp-{secrets.token_hex(4)}", SecretString=secret)["ARN"])


@contextmanager
def fanned_out(cloud: Cloud) -> Iterator[None]:
    """The workers, which handle what comes for them for as long as this lasts."""
    end = threading.Event()

    def work() -> None:
        while not end.wait(0.05):
            cloud.settle()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()
