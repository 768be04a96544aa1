"""An application of one's own, as its owner states it: container images, and what they are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from groma.application.image import Image

USUAL_SETTINGS: Mapping[str, str] = {
    "DATABASE_URL": "database.url",
    "DATABASE_REPLICA_URL": "database.replica_url",
    "DATABASE_POOL": "database.pool",
    "BUCKET": "bucket.name",
}
"""What an application that says nothing else is told, by the names that most frameworks look for."""
USUAL_WEB_SETTINGS: Mapping[str, str] = {"APP_URL": "app.url"}
"""What a web service is told, which stands before the application's load balancer."""
SecretRole = Literal["database.url", "database.replica_url", "database.user", "database.password"]
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


@dataclass(frozen=True, kw_only=True)
class Service:
    """One container image on a tier of servers.

    Attributes:
        port: on which it answers HTTP.
        health: the path that it answers with 200 when requests may come.
        command: what it runs instead of the image's own command.
        env: what its environment holds, as it stands.
        secrets: variable → where its value lies: `secretsmanager:name`, `…#key`, or `ssm:/name`.
        settings: variable → role, of `ROLES`, or of `WEB_ROLES` in the web tier.
    """

    image: Image
    port: int
    health: str
    command: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Own:
    """An application of one's own: one service behind a reverse proxy, or one in each tier."""

    app: Service
    web: Service | None = None

    @property
    def services(self) -> tuple[Service, ...]:
        """Its services, in the order in which a request passes them."""
        return (self.app,) if self.web is None else (self.web, self.app)
