"""An application of one's own, as a file states it: what runs, ports, health paths, secrets by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from groma.application.image import Image
from groma.application.own import ROLES, WEB_ROLES, Own, Role, Service
from groma.application.packed import Packed
from groma.application.script import Script
from groma.workload.beside import BesideName, Command, DuePart, WorkerPart, words
from groma.workload.parts import Part
from groma.workload.texts import one_line

IN_CLEAR = "secret_in_clear"
"""The kind of mistake whose value is never repeated."""
TAKEN = ("PORT", "AWS_REGION", "AWS_DEFAULT_REGION")
"""What every container is told anyway."""
SSH_PORT = 22
BYTES_OF_ONCE, BYTES_OF_EACH = 3_000, 300
"""What a migration, workers and commands at times take of user data together, and each of the latter."""
MOST_SETTINGS, MOST_BYTES = 60, 6_000
"""Of one service: user data has room for 16,384 bytes, the script's own 8,000 among them."""
_NAMED_SO = re.compile(
    r"(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|(ACCESS|PRIVATE|SIGNING|ENCRYPTION)_KEY|CREDENTIALS?)"
    r"(_KEY)?(_BASE)?$",
    re.IGNORECASE,
)
_LOOKS_SO = re.compile(
    r"AKIA[0-9A-Z]{16}|\b[sr]k_(live|test)_|\bgh[pousr]_[A-Za-z0-9]{20}|\bxox[abps]-|-----BEGIN|\beyJ[A-Za-z0-9_-]{10}"
    r"|://[^/\s:@]*:[^/\s@]+@"
)
_PLACE = re.compile(
    r"((ssm:)?(/[A-Za-z0-9_.-]+)+|(secretsmanager:)?[A-Za-z0-9_+=.@-]+(/[A-Za-z0-9_+=.@-]+)*(#\w+)?)"
)
_DRAWN = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9/+=]{24,}")
"""What somebody drew at random, and nobody would call a secret by."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,79}$")]
"""A variable of an environment."""
Package = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._+-]{0,60}$")]
"""A package of Amazon Linux."""
NOT_OF_AMI = ("command", "start", "packages", "login", "migrate", "workers", "schedule")
"""What only Groma's own scripts do."""
AMI = r"^ami-[0-9a-f]{8,17}$"
OF_SERVERS = ("archive", "start", "packages", "ami", "user_data", "login")
"""What servers of EC2 alone can be, or do beside the application."""
NOT_OF_WEB: Mapping[str, str] = {
    "archive": "a release is the application tier's; the web tier takes an image",
    "migrate": "the web tier does not reach the database",
    "workers": "they run on application servers: state them under app",
    "schedule": "it is run as the application is: state it under app",
}
Scalar = Annotated[str, Field(max_length=1000), AfterValidator(one_line)] | int | float | bool


def _image(name: str) -> str:
    Image.parse(name)
    return name


class ServicePart(Part):
    """One service on a tier of servers: a container image, or a directory or archive with its start."""

    image: Annotated[str, AfterValidator(_image)] | None = Field(
        default=None, description="a container image with its tag or digest: acme/shop:1.4"
    )
    login: str | None = Field(
        default=None,
        max_length=200,
        description="the secret of Secrets Manager with the log-in of the image's registry, JSON with "
        "username and password: shop/registry",
    )
    archive: Annotated[str, Field(min_length=1, max_length=400), AfterValidator(one_line)] | None = Field(
        default=None,
        description="instead, a directory or archive beside this file, shipped as it is: ./build, shop.zip",
    )
    start: Command = Field(
        default=(), description="what starts an archive, in its folder: python3 app.py, or [./serve, --fast]"
    )
    packages: tuple[Package, ...] = Field(
        default=(),
        max_length=20,
        description="of Amazon Linux 2023, which an archive needs: [python3.11, nodejs22]",
    )
    port: int = Field(
        default=8080, ge=1, le=65_535, description="the port on which it answers HTTP; it is told it as PORT"
    )
    health: str = Field(
        default="/",
        pattern=r"^/[A-Za-z0-9._~/%-]*$",
        max_length=200,
        description="the path, from `/` on, that it answers with 200 when requests may come: /up",
    )
    command: Command = Field(
        default=(), description="what it runs instead of the image's own: [gunicorn, shop:app], or one line"
    )
    ami: str | None = Field(
        default=None,
        pattern=AMI,
        description="instead, a machine image made of Amazon Linux 2023: ami-0123456789abcdef0",
    )
    user_data: Annotated[str, Field(min_length=1, max_length=400), AfterValidator(one_line)] | None = Field(
        default=None,
        description="the script beside this file that they run at first boot, told all settings: ./boot.sh",
    )
    migrate: Command = Field(
        default=(),
        description="what is run once before a release serves, by one server or task while others wait: "
        "[python, manage.py, migrate]",
    )
    workers: Mapping[BesideName, WorkerPart] = Field(
        default_factory=dict,
        max_length=8,
        description="processes that work off a queue: {thumbnails: {command: python3 worker.py}}",
    )
    schedule: Mapping[BesideName, DuePart] = Field(
        default_factory=dict,
        max_length=8,
        description="commands at times, each run by one server or task: "
        "{nightly: {when: 0 3 * * *, command: python3 clean.py}}",
    )
    env: Mapping[Name, Scalar] = Field(
        default_factory=dict, description="its environment, as it stands: {LOG_LEVEL: info}; no secrets"
    )
    secrets: Mapping[Name, str] = Field(
        default_factory=dict,
        description="where secrets lie: {STRIPE_KEY: shop/stripe} in Secrets Manager, `ssm:/shop/stripe` in "
        "SSM; never values",
    )
    settings: Mapping[Name, Role] = Field(
        default_factory=dict,
        description=f"what it is told of the stack, by names of its own: {{PGHOST: database.host}}; "
        f"of {', '.join(ROLES)}; DATABASE_URL, DATABASE_REPLICA_URL, DATABASE_POOL and BUCKET when left "
        "out, with several replicas DATABASE_REPLICA_URLS, too",
    )

    @field_validator("port")
    @classmethod
    def _port_is_free(cls, port: int) -> int:
        if port == SSH_PORT:
            raise ValueError("is in use twice: SSH listens on it, and a container shares the network")
        return port

    @field_validator("login")
    @classmethod
    def _login_is_named(cls, login: str | None) -> str | None:
        if login is not None and (not is_named(login) or login.startswith(("ssm:", "/")) or "#" in login):
            raise _in_clear("login")
        return login

    @field_validator("env")
    @classmethod
    def _env_holds_no_secret(cls, env: Mapping[str, object]) -> Mapping[str, object]:
        for name, value in env.items():
            if isinstance(value, str) and value and (_NAMED_SO.search(name) or _LOOKS_SO.search(value)):
                raise _in_clear(name)
        return env

    @field_validator("secrets")
    @classmethod
    def _secrets_are_named(cls, secrets: Mapping[str, str]) -> Mapping[str, str]:
        for name, place in secrets.items():
            if not is_named(place):
                raise _in_clear(name)
        return {name: _whole(place) for name, place in secrets.items()}

    @model_validator(mode="after")
    def _tells_each_once(self) -> Self:
        urls = [worker.variable(name) for name, worker in self.workers.items()]
        told = [*self.env, *self.secrets, *self.settings, *urls]
        twice = [name for name in dict.fromkeys(told) if told.count(name) > 1 or name in TAKEN]
        if twice:
            raise ValueError(f"tells {' and '.join(twice)} twice ({', '.join(TAKEN)} are told in any case)")
        beside: tuple[WorkerPart | DuePart, ...] = (*self.workers.values(), *self.schedule.values())
        commands = (self.command, self.start, self.migrate, *(each.command for each in beside))
        pairs = (*self.env.items(), *self.secrets.items(), *enumerate(w for c in commands for w in words(c)))
        size = sum(len(f"{name}{value}".encode()) for name, value in pairs)
        size += BYTES_OF_ONCE * bool(self.migrate or beside) + BYTES_OF_EACH * len(beside)
        if len(told) > MOST_SETTINGS or size > MOST_BYTES:
            raise ValueError(
                f"tells more than {MOST_SETTINGS} variables or {MOST_BYTES:,} bytes, which user data has no "
                "room for: put them into one secret or file"
            )
        return self

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        for name in self.schedule:
            if f"run-{name}" in self.workers:
                raise ValueError(
                    f"has a worker run-{name}, under which name the logs of `schedule.{name}` lie: "
                    "call one of them otherwise"
                )
        return self

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        runs = [name for name in ("image", "archive", "ami") if getattr(self, name) is not None]
        if len(runs) > 1:
            raise ValueError(f"names both an {runs[0]} and an {runs[1]}: leave one out")
        if (self.ami is None) != (self.user_data is None):
            raise ValueError("names a machine image without its `user_data`, or that without an `ami`")
        beside = [name for name in NOT_OF_AMI if self.ami is not None and getattr(self, name)]
        if beside:
            raise ValueError(
                f"states {' and '.join(beside)} beside an ami: its user data does what is to be done"
            )
        if self.archive is not None and not words(self.start):
            raise ValueError("names no start of the archive: add `start: python3 app.py`")
        if self.login is not None and (self.image is None or Image.parse(self.image).ecr_arn):
            raise ValueError("states a login that no registry asks for: Amazon ECR lets the servers' role in")
        if self.archive is not None and self.command:
            raise ValueError("has no command beside an archive, only its `start`")
        if self.archive is None and (self.start or self.packages):
            stated = " and ".join(name for name in ("start", "packages") if getattr(self, name))
            raise ValueError(
                f"states {stated} without an archive: an image brings its own, and has a `command`"
            )
        return self

    def service(self, beside: Path, tier: str) -> Service:
        """The same, on a tier, as whoever provisions it takes it; `beside` is the folder of the file."""
        return Service(
            image=None if self.image is None else Image.parse(self.image),
            archive=None if self.archive is None else Packed(self.archive, beside),
            ami=self.ami or "",
            user_data=None if self.user_data is None else Script(self.user_data, beside, tier),
            login=(self.login or "").removeprefix("secretsmanager:"),
            port=self.port,
            health=self.health,
            command=words(self.command or self.start),
            packages=self.packages,
            migrate=words(self.migrate),
            workers={name: part.worker(name) for name, part in self.workers.items()},
            schedule={name: part.due() for name, part in self.schedule.items()},
            env={name: _told(value) for name, value in self.env.items()},
            secrets=dict(self.secrets),
            settings=dict(self.settings),
        )


class ApplicationPart(ServicePart):
    """One service, behind a reverse proxy; or one in the web tier and one in the application tier."""

    web: ServicePart | None = Field(default=None, description="what the web tier runs, instead of a proxy")
    app: ServicePart | None = Field(default=None, description="what the application tier runs, beside `web`")

    @field_validator("app")
    @classmethod
    def _each_has_a_port(cls, app: ServicePart | None, info: ValidationInfo) -> ServicePart | None:
        web = info.data.get("web")
        if app is not None and web is not None and app.port == web.port:
            raise ValueError(
                f"uses port {app.port} twice, for `web` and `app`: where both run on one machine, as "
                "developers run them, it could be used once"
            )
        return app

    @model_validator(mode="after")
    def _is_one_or_two(self) -> Self:
        own = self.model_fields_set - {"web", "app"}
        stated = [self] if self.web is None and self.app is None else [self.web, self.app]
        if not all(part and (part.image or part.archive or part.ami) for part in stated):
            raise ValueError(
                "names no image: add `image: acme/shop:1.4`, or `archive: ./build` with its `start`, or an "
                "`ami`, or one under both `web` and `app`"
            )
        if own and (self.web is not None or self.app is not None):
            raise ValueError(f"states {', '.join(sorted(own))} beside `web` and `app`: say it under each")
        for name in NOT_OF_WEB:
            if self.web is not None and getattr(self.web, name):
                raise ValueError(f"states {name} for web: {NOT_OF_WEB[name]}")
        _fits("web", self.web, WEB_ROLES, "the application's load balancer is all it reaches")
        _fits("app", self.app or self, ROLES, "nothing stands between it and itself")
        return self

    def own(self, beside: Path) -> Own:
        """The same as whoever designs and provisions it takes it; `beside` is the folder of the file."""
        if self.app is None or self.web is None:
            return Own(app=self.service(beside, "app"))
        return Own(app=self.app.service(beside, "app"), web=self.web.service(beside, "web"))

    @property
    def of_servers(self) -> tuple[str, ...]:
        """The keys that are stated of what servers of EC2 alone can be or do."""
        parts = [part for part in (self, self.web, self.app) if part is not None]
        return tuple(name for name in OF_SERVERS if any(getattr(part, name) for part in parts))

    @property
    def tells_workers_a_secret(self) -> bool:
        """Whether a secret has the name by which workers are told where their queue is."""
        app = self.app or self
        return bool(app.workers) and "QUEUE_URL" in app.secrets

    @property
    def runs_once(self) -> bool:
        """Whether something is run by one server of all, under a lock of the database's."""
        app = self.app or self
        return bool(app.migrate or app.schedule)

    @property
    def told(self) -> tuple[str, ...]:
        """The roles that the application tier's settings name."""
        return tuple((self.app or self).settings.values())

    def images(self) -> Mapping[tuple[str, ...], str]:
        """The container images, by the path of their keys in the file."""
        parts = {(): self, ("web",): self.web, ("app",): self.app}
        return {(*path, "image"): part.image for path, part in parts.items() if part and part.image}

    def with_images(self, images: Mapping[tuple[str, ...], str]) -> Self:
        """The same with other images, by the path of their keys."""
        update: dict[str, object] = {}
        for path, name in images.items():
            part = getattr(self, path[0]) if len(path) > 1 else None
            update[path[0]] = name if part is None else part.model_copy(update={"image": name})
        return self.model_copy(update=update)

    def shipped(self, beside: Path) -> Mapping[tuple[str, ...], Packed | Script]:
        """What is shipped from this machine, by the path of its key in the file."""
        found: dict[tuple[str, ...], Packed | Script] = {}
        for path, part in (((), self), (("web",), self.web), (("app",), self.app)):
            if part is not None and part.archive is not None:
                found[*path, "archive"] = Packed(part.archive, beside)
            if part is not None and part.user_data is not None:
                found[*path, "user_data"] = Script(part.user_data, beside, (path or ("app",))[0])
        return found


def _fits(tier: str, service: ServicePart | None, roles: Iterable[str], because: str) -> None:
    """Refuse a setting that nothing of its tier can be told."""
    for name, role in service.settings.items() if service else ():
        if role not in roles:
            raise ValueError(f"tells {tier} {name}, {role}: {because}; it can be told {', '.join(roles)}")


def is_named(place: str) -> bool:
    """Whether a text says where a secret lies, rather than what it is."""
    bare = "/" not in place and not place.startswith("secretsmanager:")
    return not (bare or not _PLACE.fullmatch(place) or _LOOKS_SO.search(place) or _DRAWN.fullmatch(place))


def _whole(place: str) -> str:
    """Where a secret lies, with the service's name: a path from `/` on is a parameter of SSM."""
    if place.startswith(("ssm:", "secretsmanager:")):
        return place
    return f"ssm:{place}" if place.startswith("/") else f"secretsmanager:{place}"


def _told(value: object) -> str:
    """A value as an environment holds it; true and false as YAML writes them."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _in_clear(name: str) -> PydanticCustomError:
    return PydanticCustomError(
        IN_CLEAR,
        "holds the value of {name} in clear, or what looks like it: everybody who reads the file, the plan "
        "or the server's user data would know it. Put it into Secrets Manager or SSM, and say under "
        "`secrets` where it lies: {{name}: shop/name}, secretsmanager:name or ssm:/shop/name",
        {"name": name},
    )
