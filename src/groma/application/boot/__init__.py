"""What servers of any application run on first boot, but for what an application adds to it.

    common.sh           embedded by all scripts: tries, packages, files, the CloudWatch agent
    web.sh.tftpl        a web server: nginx before the application; holes stand in it, `#: name`
    nginx.conf          what fills them before an application that nothing more is known of
    container.sh.tftpl  a server of an application that comes as a container image
    archive.sh.tftpl    a server of an application that comes as a release of one's own
    machine.sh.tftpl    a server of a machine image of one's own, with user data of one's own
    settings.sh.tftpl   fills a hole of both: what the application is told, secrets before each start
    written.py.tftpl    fills a hole of that: how what is told is written
    beside.sh.tftpl     fills holes of both, where they are asked for: a migration, workers, a schedule

`groma.application.Shipped` says what the templates take. A server of one's own takes besides:

- `command`, words as a shell reads them, or ""; `health`, the path that is asked before the boot is done
- `settings`, one line each; `secrets`, name → `database:url` (`replica_url`, `replica_urls`, `user`,
  `password`), `secretsmanager:name`, `secretsmanager:name#key` of its JSON, or `ssm:/name`
- `database`: its `secret_arn`, `writer`, `reader`, `port` and `name`; null where it is out of reach;
  `readers`, hosts, where there are several or their URLs are asked for; of one that exists `exists` and the
  `port` where its secret names none: the rest is what the secret says when it is read
- of a container `image`; `registry`, the host of ECR that it is pulled from after a log-in, or ""
- of a container whose registry asks for a log-in `login`, the name of a secret, and `registry_host`
- of a machine image `user_data`, the text of a script
- of a release `packages`, each with a space before it
- where they are asked for `migrate`, words; `workers`, name → `command`, `processes`, `queue_url`;
  `schedule`, name → `command`, `when` as systemd writes calendars; with any of them `few`, words that tell
  what runs so that its pool is a small one

A machine answers the metadata service one hop away only, so that the container shares its network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files

from groma.application.layout import COMMON, TRACED

MIGRATION_S = 300
"""What a migration may take: `once` gives up then, before Terraform does, which waits for ten minutes."""
_HOLE = re.compile(r"^#: (\w+)\n", re.MULTILINE)


def text_of(name: str) -> str:
    """One of the files."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def web_script(sections: str) -> str:
    """The template of a web server's script, its holes filled.

    Args:
        sections: what an application adds to nginx's configuration; a line `#: name` begins each part.

    Raises:
        KeyError: a hole has no section.
    """
    return _filled("web.sh.tftpl", parts_of(sections))


def own_script(
    kind: str,
    *,
    logs_in: bool = False,
    migrates: bool = False,
    works: bool = False,
    has_schedule: bool = False,
) -> str:
    """The template of the script of a server of one's own.

    Args:
        kind: `container`, `archive` or `machine`; the last runs nothing beside.
        logs_in: whether a registry asks for a log-in that a secret holds.
        migrates: whether something is run once before a release is in service.
        works: whether workers run beside the application.
        has_schedule: whether commands are run at times.
    """
    parts = parts_of(text_of("beside.sh.tftpl"))
    once = migrates or has_schedule
    asked = {
        "install_once": once,
        **({} if kind == "machine" else {f"also_of_{kind}": once or works}),
        "install_migration": migrates,
        "install_workers": works,
        "install_schedule": has_schedule,
    }
    filling = {
        "settings": _settings(at_once=kind != "container" or once or works, login=once),
        "login": parts["login"] if logs_in else "",
        "logout": parts["logout"] if logs_in else "",
        "beside": "".join(parts[name] for name, wanted in asked.items() if wanted),
        "before": _before(kind, once=once, also=once or works, migrates=migrates),
        "after": "".join(
            f"  {name}\n"
            for name, wanted in (("install_workers", works), ("install_schedule", has_schedule))
            if wanted
        ),
    }
    return _filled(f"{kind}.sh.tftpl", filling)


def parts_of(sections: str) -> dict[str, str]:
    """Name → text of each part that a line `#: name` begins."""
    _, *parts = _HOLE.split(sections)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _settings(*, at_once: bool, login: bool) -> str:
    """What writes what the application is told.

    Args:
        at_once: whether others may read it meanwhile.
        login: whether the database's login is written besides, for `once` alone.
    """
    ways = parts_of(text_of("written.py.tftpl"))
    written = ways["written_at_once" if at_once else "written"] + (
        ways["written_with_login"] if login else ""
    )
    return _filled("settings.sh.tftpl", {"written": written})


_RELEASE: Mapping[str, str] = {
    "container": "$(docker image inspect --format '{{.Id}}' '${image}')",
    "archive": "${artifact_sha256}",
}
"""What tells one release from another: the image that was pulled, whatever its tag, or the archive."""


def _before(kind: str, *, once: bool, also: bool, migrates: bool) -> str:
    """What is done before the application is started: nothing of it where it fails."""
    lines = []
    if once:
        lines += ["install_packages postgresql15", "install_once"]
    if also:
        lines.append("install_also")
    if migrates:
        key = f'"migrate {_RELEASE[kind]} ${{sha1(migrate)}}"'
        lines += ["install_migration", f'"$ROOT$HOME_OF_IT/once" {key} "$ROOT$HOME_OF_IT/migrate"']
    return "".join(f"  {line}\n" for line in lines)


def _filled(name: str, filling: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: filling[hole[1]], text_of(name))


_METRICS = '  "metrics": {\n'
_TRACES = '  "traces": {"traces_collected": {"xray": {}, "otlp": {}}},\n'
"""The agent listens on 127.0.0.1 when nothing else is said: on port 2000 by X-Ray's own protocol, on 4317 and
4318 by OpenTelemetry's (Amazon CloudWatch User Guide, "Manually create or edit the CloudWatch agent
configuration file", undated, read 2026-11-30)."""


def common_files() -> dict[str, str]:
    """What all scripts embed: as it is, and with an agent that takes traces as well."""
    common = text_of(COMMON)
    assert _METRICS in common, "it configures the agent"
    return {COMMON: common, TRACED: common.replace(_METRICS, _TRACES + _METRICS)}


_WRITTEN = re.compile(r"put /etc/nginx/nginx\.conf [^\n]*<<'CONF'\n(.*?)\nCONF\n", re.DOTALL)
_IN_A_CONTAINER = (
    ("@NGINX_USER@", "nginx"),
    ("@ROOT@", ""),
    ("@RELAY_PORT@", "8079"),
    ("@LISTEN@", "0.0.0.0"),  # noqa: S104 - a task has an address of its own, and a security group before it
    (
        "include /etc/nginx/trusted-proxies.conf;",
        "\n    ".join(
            f"set_real_ip_from {each};" for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
        ),
    ),
    (
        "    log_format json",
        "    # What is printed is paid by the GB: failures alone.\n"
        "    map $status $failed {\n        default 0;\n        ~^5     1;\n    }\n\n    log_format json",
    ),
    ("json buffer=64k flush=1s;", "json buffer=64k flush=1s if=$failed;"),
)
"""What is otherwise in nginx's own image, which prints its logs: text of the script → text in a container."""


def proxy_configuration(script: str) -> str:
    """nginx's configuration as a web server's script writes it, for a container of nginx's own image.

    It is a template, which takes `port`, `upstream` and `upstream_port`; the container fills `@RESOLVER@` in.

    Raises:
        ValueError: the script writes none, or lacks something that is otherwise in a container.
    """
    found = _WRITTEN.search(script)
    if found is None:
        raise ValueError("the script writes no /etc/nginx/nginx.conf")
    text = found[1] + "\n"
    for mark, becomes in _IN_A_CONTAINER:
        if mark not in text:
            raise ValueError(f"the configuration has no {mark!r}")
        text = text.replace(mark, becomes)
    return text
