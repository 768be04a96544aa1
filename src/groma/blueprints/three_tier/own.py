"""What servers of an application of one's own take besides: an image or a release, rights, a way out."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping

from groma.answers import Ref, Value
from groma.application import Allowed, Application, Servers, filled
from groma.application.boot import MIGRATION_S
from groma.application.own import Service
from groma.blueprints.endpoints import pulls_from_ecr, through_nat
from groma.blueprints.engines import writer_host
from groma.blueprints.network import zone_count
from groma.catalog import Engine
from groma.components.artifact import RELEASES_KEPT, RELEASES_PER_MONTH, ArtifactBucket
from groma.components.server_group import server_file
from groma.quantity import Range
from groma.sizing.values import Decision, Plan, Size
from groma.terms import CALCULATOR_HOURS
from groma.workload import Workload, profile

ENGINE_GIB = 0.2
"""What Docker's daemons take of a server's memory: a guess."""
IMAGE_GB = Range(0.05, 0.25, 1.0)
"""What a pull of an image brings, compressed: a guess."""
URLS = "database:replica_urls"
"""What servers are told that read from each replica by a URL of its own."""
USUAL_GRACE_S = 420
"""What the module `server-tier` gives a server when nothing is said."""


def read_from(workload: Workload, between: str = ",") -> Ref:
    """The host that is read from: the replica's, where there is one; of several all, as libpq takes them; the
    one name of all readers of a cluster.
    """
    if workload.database.readers:
        return Ref("module.database.reader_endpoint")
    if workload.database.hosts_to_read == 0:
        return writer_host(workload)
    if workload.database.hosts_to_read > 1:
        return Ref(f'join("{between}", module.database.replica_endpoints)')
    return Ref("module.database.replica_endpoint")


def readers(workload: Workload, servers: Servers) -> dict[str, Value]:
    """The hosts that are read from, where there are several or a list of their URLs is asked for."""
    if workload.database.hosts_to_read > 1:
        return {"readers": Ref("module.database.replica_endpoints")}
    return {"readers": [read_from(workload)]} if URLS in servers.secrets.values() else {}


def database(workload: Workload, servers: Servers) -> dict[str, Value]:
    """What the script of a container is told of the database; the login it fetches itself, and of one that
    exists also where it is.
    """
    if workload.database.existing is not None:
        arn, port = Ref("module.database.secret_arn"), Ref("module.database.port")
        return {"exists": True, "secret_arn": arn, "port": port}
    return {
        "secret_arn": Ref("module.database.secret_arn"),
        "writer": writer_host(workload),
        "reader": read_from(workload, between=":${module.database.port},"),
        **readers(workload, servers),
        "port": Ref("module.database.port"),
        "name": Ref("module.database.database_name"),
    }


def signing_in(workload: Workload) -> dict[str, Value]:
    """What application servers may read of the stack's secret; of one that exists a policy says it."""
    if workload.database.existing is not None:
        return {}
    return {"secret": {"arn": Ref("module.database.secret_arn"), "kms_key_arn": Ref("module.key.arn")}}


def before(application: Application) -> dict[str, Value]:
    """What the script of a web server is told of the application behind it."""
    behind = "module.app.load_balancer_dns_name"
    servers = application.web_servers
    if servers is None:
        return {"upstream": Ref(behind), "upstream_port": 80}
    roles = {"app.url": Ref(f'"http://${{{behind}}}"')}
    return {"settings": filled(servers.settings, roles), **told(servers, None)}


def told(
    servers: Servers, database: Mapping[str, Value] | None, engine: Engine = "postgres"
) -> dict[str, Value]:
    """What the script of a server of one's own is told, beside its settings."""
    return {**servers.variables, "secrets": servers.secrets, "database": database, "engine": engine}


def releases(workload: Workload) -> tuple[ArtifactBucket, ...]:
    """The bucket of releases, where servers fetch one: the sample's, or that of an archive."""
    own = workload.own
    if own is None:
        return (ArtifactBucket(id="artifact", places=("region",)),)
    if own.app.archive is None:
        return ()
    stored_gb = own.app.archive.size_bytes() * RELEASES_KEPT / 1e9
    return (ArtifactBucket(id="artifact", places=("region",), stored_gb=stored_gb),)


def grace_s(workload: Workload) -> int | None:
    """Seconds that a new application server may take until its health counts; the usual ones when None."""
    migrates = workload.own is not None and bool(workload.own.app.migrate)
    return USUAL_GRACE_S + MIGRATION_S if migrates else None


def policies(workload: Workload, servers: Servers, others: Mapping[str, Value]) -> dict[str, Value]:
    """Rights of servers as the module takes them: `others`, and those on what stands already."""
    texts = {each.name: policy_text(each, workload.regions[0]) for each in servers.allowed}
    return {"instance_policies": {**others, **texts}} if others or texts else {}


def policy_text(allowed: Allowed, region: str) -> str:
    """The policy that allows something, as IAM takes it."""
    statement = {
        "Effect": "Allow",
        "Action": list(allowed.actions),
        "Resource": [arn.format(region=region) for arn in allowed.resources],
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def has_image(workload: Workload, *, is_web: bool) -> bool:
    """Whether the servers of the web or of the application tier run a container image of one's own."""
    service = _service(workload, is_web=is_web)
    return service is not None and service.image is not None


def machine_image(workload: Workload, *, is_web: bool) -> str:
    """The machine image of one's own that the servers of a tier are launched from; empty for Amazon Linux."""
    service = _service(workload, is_web=is_web)
    return "" if service is None else service.ami


def user_data(workload: Workload, *, is_web: bool) -> dict[str, Value]:
    """What the script of servers of a machine image is told besides: what its owner has them run."""
    service = _service(workload, is_web=is_web)
    script = None if service is None else service.user_data
    return {} if script is None else {"user_data": server_file(script.name)}


def _service(workload: Workload, *, is_web: bool) -> Service | None:
    own = workload.own
    return None if own is None else own.web if is_web else own.app


def pulled_gb(size: Size) -> Range:
    """What pulls of an image bring in a month, in GB, to all machines that start."""
    return IMAGE_GB * starts(size)


def starts(size: Size) -> float | Range:
    """Machines that start in a month: those of the day that are not of the night, all with each release."""
    return RELEASES_PER_MONTH * size.mean + CALCULATOR_HOURS / 24 * (size.desired - size.min)


def sent_out(workload: Workload, plan: Plan) -> Range:
    """What passes the NAT gateways in a month, in GB: of an application of one's own also its image. Amazon
    ECR keeps layers in S3, which has a way of its own.
    """
    usual = through_nat(workload, plan, zone_count(workload))
    if not has_image(workload, is_web=False) or pulls_from_ecr(workload):
        return usual
    return usual + pulled_gb(plan.of("app"))


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


def _of_service(tier: str, service: Service) -> tuple[Decision, ...]:
    """What a tier runs, and what it runs once before."""
    what = f"{service.runs} on port {service.port}, asked for {service.health}"
    if service.ami:
        why = "launched as it is; what is stated besides it is told, and its user data does the rest"
        found = [Decision(f"{tier} machines", what, why)]
    elif service.image is None:
        why = "shipped through the bucket of releases; another content is another release, and servers roll"
        found = [Decision(f"{tier} release", what, why)]
    else:
        fixed = "a digest is the same for ever"
        moving = "a tag can be moved while servers start: name a digest, @sha256:…, to be sure"
        found = [Decision(f"{tier} image", what, fixed if service.image.digest else moving)]
    if service.migrate:
        because = (
            "by the first server of a release, under a lock of the database's that others wait for; where "
            f"it fails or takes over {MIGRATION_S // 60} minutes, no new server serves and the old ones stay"
        )
        found.append(Decision("migration", f"{shlex.join(service.migrate)}, once for each release", because))
    for name, worker in service.workers.items():
        processes = "1 process" if worker.processes == 1 else f"{worker.processes} processes"
        what = f"{shlex.join(worker.command)}, {processes} on each application server"
        because = (
            "they share the servers' processors and memory with requests, as far as no `app_ms` and no "
            "`load.app_working_gib` says so; what they take is not known"
        )
        found.append(Decision(f"{name} worker", what, because))
    for name, due in service.schedule.items():
        because = (
            "by one application server, under a lock of the database's; where it fails, the next one that "
            "waited tries it; what none could do, or none was there for, mails"
        )
        found.append(Decision(f"{name} at times", f"{shlex.join(due.command)}, {due.stated} UTC", because))
    return tuple(found)


def of_application(workload: Workload) -> tuple[Decision, ...]:
    """What the servers run; nothing is said of the sample."""
    own = workload.own
    if own is None:
        return ()
    found = [*_of_guesses(workload)]
    for tier, service in zip(("web", "app")[-len(own.services) :], own.services, strict=True):
        found += _of_service(tier, service)
    what = "/static/ and /media/ come from the bucket, all else from the application"
    found.append(Decision("static files", what, "put them there with each release; CloudFront keeps them"))
    return tuple(found)
