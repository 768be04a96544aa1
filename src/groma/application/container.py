"""An application of one's own as a value of the description: images and releases on the tiers of servers."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Mapping
from functools import partial

from groma.application.boot import common_files, own_script, proxy_configuration, text_of, web_script
from groma.application.description import Allowed, Application, Released, Servers, Shipped
from groma.application.layout import APP, PROXY, WEB
from groma.application.needs import Fixed
from groma.application.own import (
    OF_A_SECRET,
    SECRET_ROLES,
    USUAL_SETTINGS,
    USUAL_WEB_SETTINGS,
    Own,
    Service,
    small_pools,
)

PROXY_PORT = 8080
PROXY_HEALTH = "/web-server/health"
"""What nginx answers by itself; no application is likely to have such a path."""
BUCKET_PATHS = ("/static/*", "/media/*")
"""Static files, which whoever releases puts there, and what the application writes for everybody to see."""
MEDIA = "media/"
_PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
"""With a token, which is of no repository, all that a pull takes
(https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html, undated, read 2026-11-29)."""
_ARN = "arn:aws:"


def of_own(own: Own) -> Application:
    """The application that a workload states."""
    app, web = own.app, own.web
    secret = OF_A_SECRET if own.finds_database else SECRET_ROLES
    return Application(
        port=app.port,
        health_path=app.health,
        web_port=PROXY_PORT if web is None else web.port,
        web_health_path=PROXY_HEALTH if web is None else web.health,
        servers=_servers(app, USUAL_SETTINGS, MEDIA, secret),
        web_servers=None if web is None else _servers(web, USUAL_WEB_SETTINGS, ""),
        bucket_paths=BUCKET_PATHS,
        shipped=_shipped(own),
    )


def _shipped(own: Own) -> Shipped:
    boot: Callable[[], Mapping[str, str]] = partial(_boot, own)
    archive = own.app.archive
    return Shipped(boot) if archive is None else Released(boot, archive.content)


def _boot(own: Own) -> Mapping[str, str]:
    """What each tier boots with; with one service the web tier is nginx."""
    web = _script(own.web) if own.web else web_script(text_of("nginx.conf"))
    scripts = (each.user_data for each in own.services if each.user_data)
    texts = {script.name: script.text() for script in scripts}
    proxy = {} if own.web else {PROXY: proxy_configuration(web)}
    return {APP: _script(own.app), WEB: web, **proxy, **common_files(), **texts}


def _script(service: Service) -> str:
    return own_script(
        "archive" if service.archive else "machine" if service.ami else "container",
        logs_in=bool(service.login),
        migrates=bool(service.migrate),
        works=bool(service.workers),
        has_schedule=bool(service.schedule),
    )


def _servers(
    service: Service,
    usual: Mapping[str, str],
    puts_below: str,
    secret_roles: Collection[str] = SECRET_ROLES,
) -> Servers:
    settings = service.settings or usual
    told = {name: role for name, role in settings.items() if role not in secret_roles}
    told |= {worker.url: queue_role(name) for name, worker in service.workers.items()}
    secret = {name: role.replace(".", ":") for name, role in settings.items() if role in secret_roles}
    return Servers(
        settings={**told, **{name: Fixed(text) for name, text in service.env.items()}},
        puts_below=puts_below,
        variables={**_runs(service), **_few(service, settings), "health": service.health},
        secrets={**secret, **service.secrets},
        allowed=(*_pulls(service), *_reads(service)),
    )


def queue_role(worker: str) -> str:
    """What a setting names that holds the URL of a worker's queue."""
    return f"queue.{worker}"


def _runs(service: Service) -> dict[str, str]:
    """What the script is told of what it runs, and of what it runs once before."""
    once = {"migrate": shlex.join(service.migrate)} if service.migrate else {}
    command = {"command": shlex.join(service.command)}
    if service.ami:
        return {}
    if service.image is None:
        return {"packages": "".join(f" {name}" for name in service.packages), **once, **command}
    registry = service.image.host if service.image.ecr_arn else ""
    login = {"login": service.login, "registry_host": service.image.host} if service.login else {}
    return {"image": service.image.name, "registry": registry, **login, **once, **command}


def _few(service: Service, settings: Mapping[str, str]) -> dict[str, str]:
    """What tells processes beside the application that theirs is a small pool, as words of their command."""
    if service.ami or not service.has_beside:
        return {}
    word = " env" if service.image is None else " --env"
    return {"few": "".join(f"{word} {name}={text}" for name, text in small_pools(settings).items())}


def _pulls(service: Service) -> tuple[Allowed, ...]:
    """What a pull from Amazon ECR takes; any other registry asks nothing of IAM."""
    arn = service.image.ecr_arn if service.image else ""
    if not arn:
        return ()
    return (
        Allowed("image-token", ("ecr:GetAuthorizationToken",), ("*",)),
        Allowed("image", _PULL, (arn,)),
    )


def _reads(service: Service) -> tuple[Allowed, ...]:
    """What fetching secrets of one's own takes, each by its name. Of the account nothing is known here."""
    login = (f"secretsmanager:{service.login}",) if service.login else ()
    lies = {place.partition("#")[0] for place in (*service.secrets.values(), *login)}
    secrets = sorted(_secret_arn(place) for place in lies if _is_secret(place))
    parameters = sorted(
        f"{_ARN}ssm:{{region}}:*:parameter{place.removeprefix('ssm:')}"
        for place in lies
        if not _is_secret(place)
    )
    found = []
    if secrets:
        found.append(Allowed("own-secrets", ("secretsmanager:GetSecretValue",), tuple(secrets)))
    if parameters:
        found.append(Allowed("own-parameters", ("ssm:GetParameter",), tuple(parameters)))
    return tuple(found)


def _is_secret(place: str) -> bool:
    return place.startswith("secretsmanager:")


def _secret_arn(place: str) -> str:
    """Secrets Manager ends an ARN with a hyphen and six characters of its own
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html).
    """
    return f"{_ARN}secretsmanager:{{region}}:*:secret:{place.removeprefix('secretsmanager:')}-??????"
