"""The application as Groma has to know it."""

from __future__ import annotations

from collections.abc import Mapping

from chirp.functions.names import MEDIA, UPLOADS
from chirp.servers.settings import HEALTH_PATH, THROUGH_PATH, WRITABLE_PATH
from chirp.shipping.boot import boot_files
from chirp.shipping.extra import EXTRA
from chirp.shipping.functions import (
    ACCOUNT_PATHS,
    ACCOUNT_ROUTES,
    FUNCTIONS,
    PROCESSOR,
    QUEUES,
    ROUTES,
    RUNTIME,
    TABLE,
)
from chirp.shipping.journey import Travellers
from chirp.shipping.servers import REGIONAL_SERVERS, SERVERS
from chirp.social.model import MIN_PASSWORD_CHARS
from groma.application import Archives, Function, PortableApplication


def _release() -> bytes:
    from chirp.shipping.artifact import artifact

    return artifact()


def _pages() -> Mapping[str, bytes]:
    from chirp.site import site_files

    return {name: content for name, (content, _) in site_files().items()}


def _functions() -> bytes:
    from chirp.shipping.bundle import bundle

    return bundle()


def _function(function: Function) -> bytes:
    from chirp.shipping.bundle import bundle_for

    return bundle_for(function)


APPLICATION = PortableApplication(
    extra=EXTRA,
    profile="social-media",
    port=8080,
    health_path=HEALTH_PATH,
    web_port=8080,
    web_health_path=HEALTH_PATH,
    through_path=THROUGH_PATH,
    writable_path=WRITABLE_PATH,
    min_password_chars=MIN_PASSWORD_CHARS,
    servers=SERVERS,
    regional_servers=REGIONAL_SERVERS,
    functions=FUNCTIONS,
    queues=QUEUES,
    routes=ROUTES,
    limited_routes=ACCOUNT_ROUTES,
    guarded_paths=ACCOUNT_PATHS,
    runtime=RUNTIME,
    processor=PROCESSOR,
    table=TABLE,
    uploads=UPLOADS,
    published=MEDIA,
    shipped=Archives(
        boot=boot_files, release=_release, pages=_pages, functions=_functions, function=_function
    ),
    journey=Travellers,
)
