"""One application, as whoever designs, provisions and verifies it has to know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from groma.application.journey import Journey
from groma.application.needs import CACHE, OPEN_TELEMETRY, Function, Queue, Right, Settings, Table


@dataclass(frozen=True)
class Allowed:
    """Actions on things that the stack does not make: secrets of one's own, an image's repository.

    Attributes:
        name: of the policy that allows them.
        actions: IAM actions, such as `ssm:GetParameter`.
        resources: ARNs, in which `{region}` stands for the region that it runs in.
    """

    name: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Servers:
    """What servers of an application need, in the designs that have some.

    Attributes:
        settings: what their environment holds.
        puts_below: prefix of the bucket's objects that they write, or sign for browsers to write: `media/`.
        rights: what they may do besides on table and topics, which only several regions have; the secret,
            the cache and the release need not be named.
        variables: what their script takes besides: names of `boot.container.sh.tftpl`.
        secrets: variable of their environment → where its value lies, for the same script.
        allowed: what they may do besides on what stands already.
        traced: what their environment holds besides where requests are traced.
        cached: what it holds besides where a cache stands before the database.
        remembers: class of requests → how many of its reads are asked of such a cache first; None where only
            the file can say.
    """

    settings: Settings
    puts_below: str
    rights: tuple[Right, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    allowed: tuple[Allowed, ...] = ()
    traced: Settings = field(default_factory=lambda: OPEN_TELEMETRY)
    cached: Settings = field(default_factory=lambda: CACHE)
    remembers: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Shipped:
    """What is brought to where the application runs. Nothing is made before it is called for.

    Attributes:
        boot: name → text of each of `layout.BOOT_FILES`, what web and application servers run on first boot;
            EC2 takes at most 16,384 bytes of what they render to. Both templates take `name`, `region`,
            `port` and `common` (the text of `layout.COMMON`); a web server that is nginx `upstream` and
            `upstream_port`; an application server `settings`. Where there are archives, it also takes
            where the release lies: `artifact_bucket`, `artifact_key`, `artifact_version` and
            `artifact_sha256`; settings may then hold letters, digits and `.,:/_+=%-` alone. What a server
            with a container image takes says `groma.application.boot`.
    """

    boot: Callable[[], Mapping[str, str]]


@dataclass(frozen=True)
class Released(Shipped):
    """What is brought of an application whose servers fetch it from a bucket of the stack.

    Attributes:
        release: what application servers fetch, one archive; raises InputError where it cannot be made.
    """

    release: Callable[[], bytes]


@dataclass(frozen=True, kw_only=True)
class Archives(Released):
    """What is brought of an application whose code Groma has.

    Attributes:
        pages: name → content of each file of the static site.
        functions: the zip of all functions that need no compiled library.
        function: the zip of one function, with the compiled libraries that it needs on AWS.

    Each raises ToolMissing when something it is made from is not installed, or cannot be fetched.
    """

    pages: Callable[[], Mapping[str, bytes]]
    functions: Callable[[], bytes]
    function: Callable[[Function], bytes]


@dataclass(frozen=True, kw_only=True)
class Application:
    """An application on servers: a web tier, and application servers before one database and its replica.

    Attributes:
        port: on which application servers answer HTTP.
        health_path: answered with 200 by one to which requests are to come.
        web_port, web_health_path: the same of web servers.
        servers: the application servers.
        web_servers: the web servers, where they are the application's own; None where nginx passes on.
        bucket_paths: what of the site the bucket answers, as CloudFront's patterns, and the application all
            else; where there are none, the application answers `/api/*` and the bucket all else.
        guarded_paths: those that anybody may ask and that take a mail or a compared password, with all below
            them: a firewall lets one address ask less of them.
        shipped: what is brought there.
    """

    port: int
    health_path: str
    web_port: int
    web_health_path: str
    servers: Servers
    web_servers: Servers | None = None
    bucket_paths: tuple[str, ...] = ()
    guarded_paths: tuple[str, ...] = ()
    shipped: Shipped

    @property
    def has_release(self) -> bool:
        """Whether application servers fetch a release that lies in a bucket of the stack."""
        return isinstance(self.shipped, Released)

    @property
    def has_pages(self) -> bool:
        """Whether the stack itself puts pages into the site's bucket."""
        return isinstance(self.shipped, Archives)


@dataclass(frozen=True, kw_only=True)
class PortableApplication(Application):
    """An application that also stands in several regions, and on functions.

    Attributes:
        extra: the extra of Groma's that has what it is shipped from.
        profile: the profile of workloads whose request classes are those of this application.
        through_path: answered with 200 where web and application servers together can serve: what a region is
            asked from outside.
        writable_path: the same where the database takes writes; answered with a 409 where it only reads.
        min_password_chars: characters that a password must have at least.
        regional_servers: those of several regions, before sharded databases, a cache and a global table.
        functions, queues: by their roles.
        routes: route key of the HTTP API (`GET /api/me`) → whether its authorizer stands before it.
        limited_routes: those that anybody may send and that take a mail or a compared password.
        runtime: Lambda's name of what the functions are written for.
        processor: which one compiled libraries are for: `arm64`.
        table: the table of functions and regional servers; timelines of a region's own have its keys.
        uploads: prefix of what users upload, as a topic is told: `uploads/`.
        published: prefix of what the distribution serves: `media/`.
        journey: begins a journey of users.
    """

    extra: str
    profile: str
    through_path: str
    writable_path: str
    min_password_chars: int
    regional_servers: Servers
    functions: Mapping[str, Function]
    queues: Mapping[str, Queue]
    routes: Mapping[str, bool]
    limited_routes: tuple[str, ...]
    runtime: str
    processor: str
    table: Table
    uploads: str
    published: str
    shipped: Archives
    journey: Callable[[], Journey]
