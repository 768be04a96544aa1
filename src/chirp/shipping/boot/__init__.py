"""What the web and application servers run on boot: two Terraform templates and what they embed.

    app.sh.tftpl    an application server
    nginx.conf      what this application adds to the web server that `groma.application.boot` knows

A generated root keeps these files in `servers/` beside its `main.tf` and renders the user data with
`templatefile`. `groma.application.Shipped` says what each template takes.

`settings` are the environment variables of the host that is to run: those of `chirp.servers.settings`, or
those of `chirp.world.settings`. Terraform refuses what systemd could read otherwise: a value has letters,
digits and `.,:/_+=%-` alone.

Both target groups check `GET /healthz` on `port`; `GET /api/healthz` asks through both tiers.
The instance role needs `cloudwatch:PutMetricData`
(namespace CWAgent) and `ec2:DescribeTags`, which tells the CloudWatch agent its auto-scaling group's name;
the application server's also has to read the release and the secret, and to put pictures where the browsers
upload them: below `media/`, or `uploads/` where a function checks them first.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from groma.application.boot import common_files, web_script
from groma.application.layout import APP, WEB


def boot_files() -> Mapping[str, str]:
    """Name → text of each file."""
    own = {name: files(__name__).joinpath(name).read_text(encoding="utf-8") for name in (APP, "nginx.conf")}
    return {APP: own[APP], **common_files(), WEB: web_script(own["nginx.conf"])}
