"""What servers of an application of one's own take besides: an image, rights, a way out."""

from __future__ import annotations

import json
from collections.abc import Mapping

from groma.answers import Ref, Value
from groma.application import Application, Servers, filled
from groma.blueprints.endpoints import pulls_from_ecr, through_nat
from groma.blueprints.network import zone_count
from groma.catalog import Engine
from groma.quantity import Range
from groma.sizing.values import Decision, Plan
from groma.terms import CALCULATOR_HOURS
from groma.workload import Workload, profile

ENGINE_GIB = 0.2
"""What Docker's daemons take of a server's memory: a guess."""
IMAGE_GB = Range(0.05, 0.25, 1.0)
"""What a pull of an image brings, compressed: a guess."""
RELEASES_PER_MONTH = 4
"""How often all servers are exchanged for a new image: a guess."""
DATABASE: Mapping[str, Value] = {
    "secret_arn": Ref("module.database.secret_arn"),
    "writer": Ref("module.database.master_endpoint"),
    "reader": Ref("module.database.replica_endpoint"),
    "port": Ref("module.database.port"),
    "name": Ref("module.database.database_name"),
}
"""What the script of a container is told of the database; the login it fetches itself."""


def before(application: Application) -> dict[str, Value]:
    """What the script of a web server is told of the application behind it."""
    behind = "module.app.load_balancer_dns_name"
    servers = application.web_servers
    if servers is None:
        return {"upstream": Ref(behind), "upstream_port": 80}
    roles = {"app.url": Ref(f'"http://${{{behind}}}"')}
    return {"settings": filled(servers.settings, roles), **of_image(servers, None)}


def of_image(
    servers: Servers, database: Mapping[str, Value] | None, engine: Engine = "postgres"
) -> dict[str, Value]:
    """What the script of a server with a container is told, beside its settings."""
    told: dict[str, Value] = {"secrets": servers.secrets, "database": database, "engine": engine}
    return {**servers.variables, **told}


def policies(workload: Workload, servers: Servers, others: Mapping[str, Value]) -> dict[str, Value]:
    """Rights of servers as the module takes them: `others`, and those on what stands already."""
    region = workload.regions[0]
    texts = {
        each.name: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": list(each.actions),
                        "Resource": [arn.format(region=region) for arn in each.resources],
                    }
                ],
            }
        )
        for each in servers.allowed
    }
    return {"instance_policies": {**others, **texts}} if others or texts else {}


def has_image(workload: Workload, *, is_web: bool) -> bool:
    """Whether the servers of the web or of the application tier run an image of one's own."""
    own = workload.own
    return own is not None and (own.web is not None or not is_web)


def sent_out(workload: Workload, plan: Plan) -> Range:
    """What passes the NAT gateways in a month, in GB: of an application of one's own also its image, which
    each server pulls that starts: those of the day that are not of the night, and all with each release.
    Amazon ECR keeps layers in S3, which has a way of its own.
    """
    size = plan.of("app")
    usual = through_nat(workload, plan, zone_count(workload))
    if workload.own is None or pulls_from_ecr(workload):
        return usual
    days = CALCULATOR_HOURS / 24
    return usual + IMAGE_GB * (RELEASES_PER_MONTH * size.mean + days * (size.desired - size.min))


def _of_guesses(workload: Workload) -> tuple[Decision, ...]:
    """That nobody has measured this application's requests, where the file states none of its own."""
    known = profile(workload.profile)["requests"]
    guessed = [name for name, each in workload.requests.items() if name in known]
    guessed = [name for name in guessed if workload.requests[name].source == known[name]["source"]]
    if not guessed:
        return ()
    because = (
        "what a request of yours takes is not known, so the ranges of a bill and of a p99 are wide; `groma "
        "profiles` shows each figure. Measure: vCPUs busy on one server at a known rate, over the rate, are "
        "`requests.<class>.app_ms`"
    )
    what = f"{len(guessed)} of {len(workload.requests)} classes as {workload.profile} has them, guesses"
    return (Decision("requests", what, because),)


def of_application(workload: Workload) -> tuple[Decision, ...]:
    """What the servers run; nothing is said of the sample."""
    own = workload.own
    if own is None:
        return ()
    found = [*_of_guesses(workload)]
    for tier, service in zip(("web", "app")[-len(own.services) :], own.services, strict=True):
        fixed = "a digest is the same for ever"
        moving = "a tag can be moved while servers start: name a digest, @sha256:…, to be sure"
        what = f"{service.image.name} on port {service.port}, asked for {service.health}"
        found.append(Decision(f"{tier} image", what, fixed if service.image.digest else moving))
    what = "/static/ and /media/ come from the bucket, all else from the application"
    found.append(Decision("static files", what, "put them there with each release; CloudFront keeps them"))
    return tuple(found)
