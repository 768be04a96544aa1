"""The reverse proxy before an application of one service: nginx as three-tier's web servers have it."""

from __future__ import annotations

from collections.abc import Mapping

from groma.answers import Ref, Template, Value
from groma.application.layout import PROXY, SERVERS
from groma.components.container_service import ContainerService

IMAGE = "public.ecr.aws/nginx/nginx:1.28"
"""nginx's own image of its stable branch, from Amazon's public registry, which asks for no log-in."""
_START = """\
set -eu
while read -r kind resolver _; do if [ "$kind" = nameserver ]; then break; fi; done < /etc/resolv.conf
mkdir -p /var/lib/nginx/tmp
printf '%s\\n' "$NGINX_CONF" | sed "s/@RESOLVER@/$resolver/" > /etc/nginx/nginx.conf
exec nginx -g 'daemon off;'
"""
ENTRY_POINT, COMMAND = ("/bin/sh", "-c"), (_START,)


def environment(port: int) -> Mapping[str, Value]:
    """What its tasks are told: the whole configuration, with the load balancer of the application in it."""
    upstream = Ref("module.app.load_balancer_dns_name")
    variables: dict[str, Value] = {"port": port, "upstream": upstream, "upstream_port": 80}
    return {"NGINX_CONF": Template(f"{SERVERS}/{PROXY}", variables)}


def is_proxy(service: ContainerService) -> bool:
    """Whether a service is the proxy."""
    return service.image == IMAGE
