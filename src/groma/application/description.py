"""One application, as whoever designs, provisions and verifies it has to know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from groma.application.journey import Journey
from groma.application.needs import Function, Queue, Right, Settings, Table


@dataclass(frozen=True, kw_only=True)
class Servers:
    """What application servers need, in the designs that have some.

    Attributes:
        settings: what their environment holds.
        puts_below: prefix of the bucket's objects that they write, or sign for browsers to write: `media/`.
        rights: what they may do besides on table and topics, which only several regions have; the secret,
            the cache and the release need not be named.
    """

    settings: Settings
    puts_below: str
    rights: tuple[Right, ...] = ()


@dataclass(frozen=True)
class Shipped:
    """What is brought to where the application runs. Nothing is made before it is called for.

    Attributes:
        boot: name → text of each of `layout.BOOT_FILES`, what web and application servers run on first boot;
            EC2 takes at most 16,384 bytes of what they render to. Both templates take `name`, `region`,
            `port` and `common` (the text of `layout.COMMON`); the web server's `upstream` and
            `upstream_port`; the application server's `settings`, and where the release lies:
            `artifact_bucket`, `artifact_key`, `artifact_version` and `artifact_sha256`. Settings may hold
            letters, digits and `.,:/_+=%-` alone.
        release: what application servers fetch, one archive.
        pages: name → content of each file of the static site.
        functions: the zip of all functions that need no compiled library.
        function: the zip of one function, with the compiled libraries that it needs on AWS.

    Each raises ToolMissing when something it is made from is not installed, or cannot be fetched.
    """

    boot: Callable[[], Mapping[str, str]]
    release: Callable[[], bytes]
    pages: Callable[[], Mapping[str, bytes]]
    functions: Callable[[], bytes]
    function: Callable[[Function], bytes]


@dataclass(frozen=True, kw_only=True)
class Application:
    """An application with servers, and the same on functions.

    Attributes:
        extra: the extra of Groma's that has what it is shipped from.
        profile: the profile of workloads whose request classes are those of this application.
        port: of web and application servers, on which they answer HTTP.
        health_path: answered with 200 by a server to which requests are to come.
        through_path: answered with 200 where web and application servers together can serve: what a region is
            asked from outside.
        min_password_chars: characters that a password must have at least.
        servers: application servers before one database and its replica.
        regional_servers: those of several regions, before sharded databases, a cache and a global table.
        functions, queues: by their roles.
        routes: route key of the HTTP API (`GET /api/me`) → whether its authorizer stands before it.
        limited_routes: those that anybody may send and that take a mail or a compared password.
        runtime: Lambda's name of what the functions are written for.
        processor: which one compiled libraries are for: `arm64`.
        table: the table of functions and regional servers.
        uploads: prefix of what users upload, as a topic is told: `uploads/`.
        published: prefix of what the distribution serves: `media/`.
        shipped: what is brought there.
        journey: begins a journey of users.
    """

    extra: str
    profile: str
    port: int
    health_path: str
    through_path: str
    min_password_chars: int
    servers: Servers
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
    shipped: Shipped
    journey: Callable[[], Journey]
