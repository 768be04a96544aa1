"""The application on one server: what all its requests share, and what each request gets of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chirp.servers.answering import answers
from chirp.servers.credentials import Credentials, OwnRole, secret_reader
from chirp.servers.database import Database
from chirp.servers.kinds import HostsCache
from chirp.servers.logs import log
from chirp.servers.migrations import NotPrepared, arrived, migrate, migrations, read_key
from chirp.servers.passwords import Cost, Passwords
from chirp.servers.pictures import BucketPictures
from chirp.servers.preparation import Preparation
from chirp.servers.remembered import Marks, Remembered
from chirp.servers.settings import Settings
from chirp.servers.signing import LastWrites, Sessions, Signer
from chirp.servers.store import LocalAccounts, Store
from chirp.social import http
from chirp.social.errors import Unavailable
from chirp.social.service import Social

LAST_WRITE = "x-last-write"


@dataclass(frozen=True)
class Tokens:
    """What is signed with the stack's key."""

    sessions: Sessions
    last_writes: LastWrites


class Host:
    """Answers requests as soon as the database has been found and brought to this release's schema.

    Attributes:
        database: the pools; usable before the host is ready too.
    """

    def __init__(
        self, settings: Settings, database: Database, s3: Any, cache: HostsCache | None = None
    ) -> None:
        self.settings = settings
        self.database = database
        self._cache = cache
        self._marks = None if cache is None else Marks(cache)
        self._pictures = BucketPictures(s3, settings.media_bucket)
        self._passwords = Passwords(Cost(log2_n=settings.scrypt_log2_n))
        self._tokens: Tokens | None = None
        self._preparation = Preparation(self.prepare)

    @classmethod
    def on_aws(cls, settings: Settings) -> Host:
        """A host with clients of Secrets Manager and S3; AWS_ENDPOINT_URL names another place than AWS."""
        from botocore.session import get_session

        secrets = aws_client("secretsmanager", settings.region)
        own = OwnRole(settings.database_user, settings.region, get_session())
        owner = Credentials(secret_reader(secrets, settings.secret_arn))
        s3 = aws_client("s3", settings.region)
        return cls(settings, Database(settings, own, owner), s3, _cache_of(settings))

    @property
    def ready(self) -> bool:
        """Whether the database has been prepared."""
        return self._preparation.done

    @property
    def broken(self) -> str | None:
        """Why this release cannot serve; None while it serves, or waits for the database."""
        return self._preparation.broken

    def start(self) -> None:
        """Prepare the database in the background, again and again until it answers, and connect to the
        cache.
        """
        self._preparation.start()
        if self._marks is not None:
            threading.Thread(target=self._marks.run, name="marks", daemon=True).start()

    def prepare(self) -> None:
        """Migrate where something is missing, read the key, open the pools; raises whatever goes wrong.

        Only who has to migrate reads the secret: a server that replaces another one needs no Secrets Manager.
        What has arrived is read at the replica where the master does not answer, so that a server comes up
        to read where nobody can write: in a standby, and while the master is away.
        """
        known, user = migrations(), self.settings.database_user
        if not arrived(self.database.once_anywhere, known):
            for name in self.database.once(lambda c: migrate(c, known, user), as_owner=True):
                log(event="migrated", migration=name)
        key = self.database.once_anywhere(read_key)
        if key is None:
            raise NotPrepared("the key with which servers sign")
        signer = Signer(key)
        self.database.open()
        self._tokens = Tokens(Sessions(signer), LastWrites(signer))

    def stop(self) -> None:
        """Give up preparing, and close the connections."""
        self._preparation.stop()
        self.database.close()
        if self._cache is not None and self._marks is not None:
            self._marks.stop()
            self._cache.close()

    def silent_s(self) -> float:
        """Seconds since any database answered; asks them when nobody has of late."""
        return self.database.silent_s()

    def standing(self) -> tuple[bool, Mapping[str, Any]]:
        """Whether the master answers, and what is to be said of it, of the replica and of the cache."""
        not_ready: dict[str, Any] = {"ok": False, "error": "not ready"}
        found = {"master": answers(self.database.master) if self.ready else not_ready}
        if self.database.replica is not None:
            replica = self.database.watch.standing
            found["replica"] = {"ok": replica.usable, "lag_s": round(replica.lag_s, 1)}
        if self._cache is not None:
            found["cache"] = {"ok": self._cache.standing}
        return found["master"]["ok"], found

    def respond(self, request: http.Request) -> http.Response:
        """Answer a request for /api, with `X-Last-Write` when it has changed something."""
        tokens = self._tokens
        if tokens is None:
            return http.refuse(Unavailable("the database is not ready yet; try again"))
        seen = tokens.last_writes.from_header(request.headers.get(LAST_WRITE))
        visit = self.database.visit(seen)
        store = Store(visit, Remembered(self._cache, self._marks, skip=bool(seen)))
        accounts = LocalAccounts(visit, self._passwords, tokens.sessions)
        social = Social(accounts, store, store, store, self._pictures)
        response = http.respond(social, request)
        if visit.wrote is None:
            return response
        headers = {**response.headers, LAST_WRITE: tokens.last_writes.to_header(visit.wrote)}
        return http.Response(response.status, headers, response.body)


def _cache_of(settings: Settings) -> HostsCache | None:
    """The cache before the database, where there is one; it is connected to when it is first asked."""
    if not settings.cache_host:
        return None
    from botocore.session import get_session

    from chirp.servers.cache import Cache

    who = (settings.cache_user, settings.cache_name, settings.region, get_session())
    return Cache.connect(settings.cache_host, settings.cache_port, *who, tls=settings.cache_tls)


def aws_client(service: str, region: str) -> Any:
    """A client that does not wait long; its credentials are the instance role's.

    S3 is called by its regional names: the site's pages may send to no other, see the module `cdn`.
    """
    from botocore.config import Config
    from botocore.session import get_session

    config = Config(
        connect_timeout=2,
        read_timeout=5,
        retries={"mode": "standard", "total_max_attempts": 3},
        signature_version="s3v4" if service == "s3" else None,
        s3={"us_east_1_regional_endpoint": "regional", "addressing_style": "virtual"},
    )
    make: Callable[..., Any] = get_session().create_client
    return make(service, region_name=region, config=config)
