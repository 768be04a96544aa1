"""The application on one server of a region: what all its requests share, and what each request gets of
it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chirp.functions.posts import DynamoTimelines
from chirp.functions.table import Store
from chirp.functions.uploads import DynamoPictures
from chirp.servers import migrations
from chirp.servers.answering import answers, silent_s
from chirp.servers.credentials import Credentials, Logins, OwnRole, secret_reader
from chirp.servers.database import FAILURES
from chirp.servers.host import LAST_WRITE, aws_client
from chirp.servers.kinds import HostsCache
from chirp.servers.logs import log
from chirp.servers.passwords import Cost, Passwords
from chirp.servers.preparation import Preparation
from chirp.servers.signing import Signer
from chirp.social import http
from chirp.social.errors import Unavailable
from chirp.social.service import Social
from chirp.world.accounts import Sessions, WorldAccounts
from chirp.world.announcer import Announcer, Publish
from chirp.world.clients import configure_log, publisher
from chirp.world.clients import table as table_of
from chirp.world.follows import WorldFollows
from chirp.world.posts import WorldPosts
from chirp.world.recent import LastWrites
from chirp.world.settings import WorldSettings
from chirp.world.shards import Shard, Shards
from chirp.world.visit import Visit

MEDIA_URL = "/media"
SCHEMA = "chirp.world.migrations"
_BUSY = frozenset({"ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"})


class NotArrived(RuntimeError):
    """What another region makes has not been replicated to this one yet."""


@dataclass(frozen=True)
class Region:
    """What the servers of a region share besides the databases.

    Attributes:
        store: the region's copy of the table that all share; `timelines` is its own.
        s3: a client of S3 that signs for the region's bucket.
        publish: tells the region's topic.
    """

    store: Store
    timelines: Store
    s3: Any
    publish: Publish
    cache: HostsCache


class WorldHost:
    """Answers requests as soon as every database has this release's schema.

    Where a database has its primary, this is seen to here; elsewhere, or when its writer cannot be had, it is
    waited for.
    """

    def __init__(self, settings: WorldSettings, logins: tuple[Logins, Logins], region: Region) -> None:
        self.settings = settings
        self.shards = Shards(settings, logins)
        self.announcer = Announcer(region.timelines, region.publish, self.shards)
        self._region = region
        self._pictures = DynamoPictures(region.store, region.s3, settings.media_bucket, MEDIA_URL)
        self._passwords = Passwords(Cost(log2_n=settings.scrypt_log2_n))
        self._sessions = Sessions(region.store)
        self._preparation = Preparation(self.prepare)
        self._last_writes: LastWrites | None = None

    @classmethod
    def on_aws(cls, settings: WorldSettings) -> WorldHost:
        """A host with clients of all services; AWS_ENDPOINT_URL names another place than AWS."""
        from botocore.session import get_session

        from chirp.servers.cache import Cache as Valkey

        configure_log()
        name = settings.region
        owner = Credentials(secret_reader(aws_client("secretsmanager", name), settings.secret_arn))
        logins = (OwnRole(settings.database_user, name, get_session()), owner)
        who = (settings.cache_user, settings.cache_name, name, get_session())
        region = Region(
            table_of(settings.table, name, settings.threads),
            table_of(settings.timelines, name, settings.threads),
            aws_client("s3", name),
            publisher(aws_client("sns", name), settings.posted_topic),
            Valkey.connect(settings.cache_host, settings.cache_port, *who, tls=settings.cache_tls),
        )
        return cls(settings, logins, region)

    @property
    def ready(self) -> bool:
        """Whether every database has been prepared."""
        return self._preparation.done

    @property
    def broken(self) -> str | None:
        """Why this release cannot serve; None while it serves, or waits."""
        return self._preparation.broken

    def start(self) -> None:
        """Prepare the databases in the background, again and again until all answer."""
        self._preparation.start()

    def prepare(self) -> None:
        """Migrate or wait for it, read the key, open the pools; raises whatever goes wrong."""
        wanted = migrations.migrations(SCHEMA)
        for number, shard in enumerate(self.shards.all):
            _bring_up_to_date(shard, number, wanted, self.settings.database_user)
        signer = Signer(_signing_key(self.shards.all[0]))
        if self._last_writes is None:
            self.shards.open()
            self.announcer.start()
        self._last_writes = LastWrites(signer)

    def stop(self) -> None:
        """Give up preparing, announce what waits, and close the connections."""
        self._preparation.stop()
        self.announcer.stop()
        self.shards.close()
        self._region.cache.close()

    def silent_s(self) -> float:
        """Seconds since any database answered; asks them when nobody has of late."""
        sides = (side for shard in self.shards.all for side in (shard.reads, shard.writes))
        return silent_s((side.pool, side.answering) for side in sides)

    def standing(self) -> tuple[bool, Mapping[str, Any]]:
        """Whether requests can be answered; what is to be said of each database, the tables and the cache."""
        if not self.ready:
            return False, {"databases": [], "error": "not ready"}
        databases: list[dict[str, Any]] = [
            {
                "primary": shard.is_primary,
                "writes": answers(shard.writes.pool),
                "reads": answers(shard.reads.pool),
            }
            for shard in self.shards.all
        ]
        answered = [each for each in databases if each["writes"]["ok"] or each["reads"]["ok"]]
        table = self._table()
        found = {"databases": databases, "table": table, "cache": {"ok": self._region.cache.standing}}
        return table["ok"] and len(answered) == len(databases), found

    def respond(self, request: http.Request) -> http.Response:
        """Answer a request for /api, with `X-Last-Write` when it has changed something."""
        last_writes = self._last_writes
        if last_writes is None:
            return http.refuse(Unavailable("the databases are not ready yet; try again"))
        recent = last_writes.from_header(request.headers.get(LAST_WRITE))
        visit = Visit(self.shards, self._region.cache, recent)
        try:
            response = http.respond(self._social(visit), request)
        except (BotoCoreError, ClientError) as error:
            response = _failed(error)
        if not visit.wrote:
            return response
        return http.Response(
            response.status, {**response.headers, LAST_WRITE: last_writes.to_header()}, response.body
        )

    def _social(self, visit: Visit) -> Social:
        store, entries, pictures = self._region.store, self._region.timelines, self._pictures
        posts = WorldPosts(visit, pictures, self.announcer)
        timelines = DynamoTimelines(store, entries, pictures, posts.by_key)
        accounts = WorldAccounts(visit, self._passwords, self._sessions)
        follows = WorldFollows(visit, store, entries, posts, self._region.publish)
        return Social(accounts, posts, follows, timelines, pictures)

    def _table(self) -> Mapping[str, Any]:
        try:
            for each in (self._region.store, self._region.timelines):
                each.get(("readyz", "readyz"))
        except (BotoCoreError, ClientError) as error:
            return {"ok": False, "error": type(error).__name__}
        return {"ok": True}


def _bring_up_to_date(shard: Shard, number: int, wanted: Mapping[str, str], user: str) -> None:
    """Migrate where a database has its primary and something is missing, and see elsewhere that it was done.

    A primary whose writer cannot be had may have been given to another region: what is there already is
    enough then to serve with.
    """
    if migrations.arrived(lambda query: shard.once(query, reader=True), wanted):
        return
    lost: Exception | None = None
    if shard.is_primary:
        try:
            for name in shard.once(lambda c: migrations.migrate(c, wanted, user), as_owner=True):
                log(event="migrated", migration=name, database=number)
            return
        except FAILURES as error:
            lost = error
            log(event="the writer cannot be had", database=number, error=f"{type(error).__name__}: {error}")
    raise lost or NotArrived(f"the schema of database {number}, which another region brings up to date")


def _signing_key(first: Shard) -> bytes:
    """The key in the first database, which is made where that has its primary."""
    lost: Exception | None = None
    if first.is_primary:
        try:
            found = first.once(migrations.read_key)
            if found is not None:
                return found
        except FAILURES as error:
            lost = error
    found = first.once(migrations.read_key, reader=True)
    if found is None:
        raise lost or NotArrived("the key with which servers sign, which another region makes")
    return found


def _failed(error: BotoCoreError | ClientError) -> http.Response:
    """What table or bucket did not do: 503 when another attempt may help; what is no such failure escapes."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if error.response["Error"].get("Code") not in _BUSY and status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise error
    log(event="an AWS service failed", error=repr(error))
    return http.refuse(Unavailable("too busy; try again in a moment"))
