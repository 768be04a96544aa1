"""What servers of any application run on first boot, but for what an application adds to it.

    common.sh           embedded by both scripts: tries, packages, files, the CloudWatch agent
    web.sh.tftpl        a web server: nginx before the application; holes stand in it, `#: name`
    nginx.conf          what fills them before an application that nothing more is known of
    container.sh.tftpl  a server of an application that comes as a container image

`groma.application.Shipped` says what the templates take. container.sh.tftpl takes besides:

- `image`; `registry`, the host of ECR that it is pulled from after a log-in, or ""
- `command`, words as a shell reads them, or ""; `health`, the path that is asked before the boot is done
- `settings`, one line each; `secrets`, name → `database:url` (`replica_url`, `user`, `password`),
  `secretsmanager:name`, `secretsmanager:name#key` of its JSON, or `ssm:/name`
- `database`: its `secret_arn`, `writer`, `reader`, `port` and `name`; null where it is out of reach

A machine answers the metadata service one hop away only, so that the container shares its network.
"""

from __future__ import annotations

import re
from importlib.resources import files

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
    _, *parts = _HOLE.split(sections)
    filling = dict(zip(parts[::2], parts[1::2], strict=True))
    return _HOLE.sub(lambda hole: filling[hole[1]], text_of("web.sh.tftpl"))


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
