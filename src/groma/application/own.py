"""An application of one's own, as its owner states it: what runs, and what it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from groma.application.image import Image
from groma.application.packed import Packed
from groma.application.script import Script
from groma.quantity import Range

USUAL_SETTINGS: Mapping[str, str] = {
    "DATABASE_URL": "database.url",
    "DATABASE_REPLICA_URL": "database.replica_url",
    "DATABASE_POOL": "database.pool",
    "BUCKET": "bucket.name",
}
"""What an application that says nothing else is told, by the names that most frameworks look for."""
USUAL_WITH_REPLICAS: Mapping[str, str] = {
    "DATABASE_URL": "database.url",
    "DATABASE_REPLICA_URL": "database.replica_url",
    "DATABASE_REPLICA_URLS": "database.replica_urls",
    "DATABASE_POOL": "database.pool",
    "BUCKET": "bucket.name",
}
"""The same before several read replicas."""
POOL_BESIDE = 2
"""Connections to each database that a process beside the application may keep at most: a worker, a migration
and a command at times do one thing after the other."""
OF_POSTGRESQL = "database.replica_url"
"""What of several replicas has a meaning in PostgreSQL alone: one URL over all of them, of libpq's."""
USUAL_WEB_SETTINGS: Mapping[str, str] = {"APP_URL": "app.url"}
"""What a web service is told, which stands before the application's load balancer."""
SecretRole = Literal[
    "database.url",
    "database.replica_url",
    "database.replica_urls",
    "database.user",
    "database.password",
]
"""What holds a secret, and is fetched before each start."""
PlainRole = Literal[
    "database.host",
    "database.replica_host",
    "database.port",
    "database.name",
    "database.pool",
    "bucket.name",
]
WebRole = Literal["app.url"]
"""What the web tier can be told: where the application's load balancer is, `http://…`."""
Role = Literal[SecretRole, PlainRole, WebRole]
SECRET_ROLES, WEB_ROLES = get_args(SecretRole), get_args(WebRole)
ROLES = (*SECRET_ROLES, *get_args(PlainRole))
OF_A_SECRET = tuple(role for role in ROLES if role.startswith("database.") and role != "database.pool")
"""What stands in the secret of a database that exists, and nowhere else."""


@dataclass(frozen=True, kw_only=True)
class Worker:
    """Processes on the application servers, or tasks beside them, that work off a queue.

    Attributes:
        command: what each of them runs.
        processes: on each server, or tasks in each zone.
        url: the variable that tells the application where to put messages.
        per_request: messages for each request, low, likely and high.
        within_s: within which a message is to be done.
        timeout_s: that one try may take.
        tries: how often a message is tried before it is set aside.
    """

    command: tuple[str, ...]
    processes: int
    url: str
    per_request: Range
    within_s: int
    timeout_s: int
    tries: int


@dataclass(frozen=True, kw_only=True)
class Due:
    """A command that is run at times, by one of the application servers, or by a task of its own.

    Attributes:
        command: what is run.
        stated: when, as the file states it.
        calendar: the same as systemd writes it.
        takes_s: seconds that a run takes.
    """

    command: tuple[str, ...]
    stated: str
    calendar: str
    takes_s: Range


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service on a tier of servers: of a container image, of a release, or of a machine's image.

    Attributes:
        image: the container image; or
        archive: the directory or archive that is shipped, run by systemd; or
        ami: the id of the machine image, with `user_data` that its servers run at first boot.
        login: the secret of Secrets Manager with the log-in of the image's registry; empty for none.
        port: on which it answers HTTP.
        health: the path that it answers with 200 when requests may come.
        command: what it runs: of an image instead of the image's own, of an archive its start.
        packages: of Amazon Linux, which servers install before they run an archive.
        migrate: what is run once before a release is in service; nothing when empty.
        workers: what works off queues beside it, by name; schedule: what is run at times, by name.
        env: what its environment holds, as it stands.
        secrets: variable → where its value lies: `secretsmanager:name`, `…#key`, or `ssm:/name`.
        settings: variable → role, of `ROLES`, or of `WEB_ROLES` in the web tier.
    """

    image: Image | None = None
    archive: Packed | None = None
    ami: str = ""
    user_data: Script | None = None
    login: str = ""
    port: int
    health: str
    command: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    migrate: tuple[str, ...] = ()
    workers: Mapping[str, Worker] = field(default_factory=dict)
    schedule: Mapping[str, Due] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_beside(self) -> bool:
        """Whether anything runs beside it, or before it."""
        return bool(self.migrate or self.workers or self.schedule)

    @property
    def runs(self) -> str:
        """What it is, in a few words: `acme/shop:1.4`, `./build`."""
        return self.image.name if self.image else self.archive.stated if self.archive else self.ami


@dataclass(frozen=True, kw_only=True)
class Own:
    """An application of one's own: one service behind a reverse proxy, or one in each tier.

    Attributes:
        finds_database: whether its database exists already, so that only the secret knows all of it.
    """

    app: Service
    web: Service | None = None
    finds_database: bool = False

    @property
    def services(self) -> tuple[Service, ...]:
        """Its services, in the order in which a request passes them."""
        return (self.app,) if self.web is None else (self.web, self.app)

    def before_replicas(self, *, is_postgresql: bool) -> Own:
        """The same before several read replicas: what says nothing of its settings is told of all of them."""
        if self.app.settings:
            return self
        usual = USUAL_WITH_REPLICAS.items()
        told = {name: role for name, role in usual if is_postgresql or role != OF_POSTGRESQL}
        return replace(self, app=replace(self.app, settings=told))


def small_pools(settings: Mapping[str, object]) -> dict[str, str]:
    """What a process beside the application is told of its pool, in the place of the application's."""
    return {name: str(POOL_BESIDE) for name, role in settings.items() if role == "database.pool"}
