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
