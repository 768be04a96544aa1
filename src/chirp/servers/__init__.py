"""What the web and application servers run on boot: two Terraform templates and what they embed.

A generated root keeps these files in `servers/` beside its `main.tf` and renders the user data with
`templatefile`. Both templates take `name`, `region`, `port` and `common` (the text of `common.sh`); the web
server's takes `upstream` and `upstream_port`; the application server's takes `settings`, and where the
release lies: `artifact_bucket`, `artifact_key`, `artifact_version` and `artifact_sha256`.

`settings` are the environment variables of the host that is to run: those of `settings.py` here, or those of
`world/settings.py`. Terraform refuses what systemd could read otherwise: a value has letters, digits and
`.,:/_+=%-` alone.

Both target groups check `GET /healthz` on `port`. The instance role needs `cloudwatch:PutMetricData`
(namespace CWAgent) and `ec2:DescribeTags`, which tells the CloudWatch agent its auto-scaling group's name;
the application server's also has to read the release and the secret, and to put pictures where the browsers
upload them: below `media/`, or `uploads/` where a function checks them first.

The other files of this package are the application's server itself, which the release (`artifact.py`) holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files as package_files

FILES = ("app.sh.tftpl", "common.sh", "web.sh.tftpl")
"""The files that a Terraform root needs, by name; EC2 takes at most 16,384 bytes of what they render to."""


def template(file: str) -> str:
    """The text of one of `FILES`; ValueError for any other name."""
    if file not in FILES:
        raise ValueError(f"no server file {file!r}; there are {', '.join(FILES)}")
    return package_files(__name__).joinpath(file).read_text(encoding="utf-8")


def files() -> Mapping[str, str]:
    """Path below the Terraform root → text, for every file that the root's `templatefile` calls read."""
    return {f"servers/{file}": template(file) for file in FILES}
