"""Services of containers: what their tasks are, how many run, where, whether they serve, how they scale."""

from __future__ import annotations

import ipaddress
import json
import shlex
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from groma.architecture import Architecture, Finding
from groma.components.container_service import AGENT_MIB, ContainerService
from groma.components.container_worker import ContainerWorker
from groma.live.verify.findings import compare, judge, listed
from groma.live.verify.reading import Answer, Reading
from groma.live.verify.rights import may_trace
from groma.live.verify.vpc import designed_subnets, let_in, named_subnets, subnet_names

AGENT = f"otlp, xray; {AGENT_MIB} MiB"
OUTSIDE = "no subnet of the stack"
RELEASED = "100 to 200 %, taken back when it fails"


@dataclass(frozen=True)
class Found:
    """A service as ECS describes it, with what belongs to it, read when it is asked for."""

    service: Answer
    reading: Reading

    @classmethod
    def read(cls, component: ContainerService | ContainerWorker, reading: Reading) -> Found | None:
        """The service; None when there is none that is active."""
        output = f"{component.id.replace('-', '_')}_service_name"
        cluster, name = reading.output("cluster_name"), reading.output(output)
        if cluster is None or name is None:
            return None
        row = reading.first("ecs", "describe_services", "services", cluster=cluster, services=[name])
        return cls(row, reading) if row and row["status"] == "ACTIVE" else None

    @cached_property
    def definition(self) -> Answer:
        """The task definition that it starts tasks of."""
        arn = self.service["taskDefinition"]
        answer = self.reading.ask("ecs", "describe_task_definition", taskDefinition=arn) or {}
        found: Answer = answer.get("taskDefinition") or {}
        return found

    @property
    def container(self) -> Answer:
        """The container of its tasks that runs the application."""
        return self.named("application")

    def named(self, container: str) -> Answer:
        """A container of its tasks by its name; empty where there is none."""
        every = self.definition.get("containerDefinitions", ())
        return next((each for each in every if each.get("name") == container), {})

    def migration(self) -> str:
        """What is run before the application, and whether it waits for that."""
        command = shlex.join(self.named("migration").get("command", ())) or "nothing"
        waits = {(each["containerName"], each["condition"]) for each in self.container.get("dependsOn", ())}
        return (
            f"{command}, and the application {'waits' if ('once', 'HEALTHY') in waits else 'does not wait'}"
        )

    def agent(self) -> str | None:
        """What the agent beside the application takes, and the memory that is kept for it."""
        agent = self.named("agent")
        told = {each["name"]: each["value"] for each in agent.get("environment", ())}
        taken = json.loads(told.get("CW_CONFIG_CONTENT", "{}")).get("traces", {}).get("traces_collected", {})
        return f"{listed(sorted(taken))}; {agent.get('memoryReservation')} MiB" if agent else None

    @property
    def network(self) -> Answer:
        """Subnets and security groups of its tasks."""
        found: Answer = (self.service.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
        return found

    def made_of(self) -> str:
        """CPU, memory and architecture."""
        return made_of(self.definition)

    def released(self) -> str:
        """How a release comes in."""
        stated = self.service.get("deploymentConfiguration") or {}
        breaker = stated.get("deploymentCircuitBreaker") or {}
        back = "taken back when it fails" if breaker.get("enable") and breaker.get("rollback") else "kept"
        return f"{stated.get('minimumHealthyPercent')} to {stated.get('maximumPercent')} %, {back}"

    def told(self) -> str:
        """The variables that hold secrets, by where each lies."""
        return secrets_of(self.container)

    @cached_property
    def target(self) -> Answer | None:
        """What Application Auto Scaling knows of it."""
        return self.reading.first(
            "application-autoscaling",
            "describe_scalable_targets",
            "ScalableTargets",
            **self._scaled("ResourceIds"),
        )

    def _scaled(self, key: str) -> dict[str, object]:
        cluster = self.service["clusterArn"].rpartition("/")[2]
        resource = f"service/{cluster}/{self.service['serviceName']}"
        named = [resource] if key == "ResourceIds" else resource
        return {"ServiceNamespace": "ecs", key: named, "ScalableDimension": "ecs:service:DesiredCount"}

    def scaling(self) -> str:
        """The scaling policies, and what somebody has suspended."""
        policies = self.reading.all(
            "application-autoscaling",
            "describe_scaling_policies",
            "ScalingPolicies",
            **self._scaled("ResourceId"),
        )
        state = (self.target or {}).get("SuspendedState") or {}
        suspended = [f"{name} suspended" for name, value in sorted(state.items()) if value]
        return listed([*map(_policy, policies), *suspended], "no policy")

    def zones_of_targets(self, target_group: str) -> list[tuple[str, str]] | None:
        """Zone and state of each target of a target group; None when there is none of that name."""
        group = self.reading.first("elbv2", "describe_target_groups", "TargetGroups", Names=[target_group])
        if group is None:
            return None
        key, arn = "TargetHealthDescriptions", group["TargetGroupArn"]
        rows = self.reading.all("elbv2", "describe_target_health", key, TargetGroupArn=arn)
        return [(self._zone(row["Target"]["Id"]), row["TargetHealth"]["State"]) for row in rows]

    def _zone(self, address: str) -> str:
        """The zone of the stack's subnet in which an address lies."""
        for subnet in self._subnets:
            if ipaddress.ip_address(address) in ipaddress.ip_network(subnet["CidrBlock"]):
                return str(subnet["AvailabilityZone"])
        return OUTSIDE

    @cached_property
    def _subnets(self) -> tuple[Answer, ...]:
        ids = sorted(subnet_names(self.reading))
        return self.reading.all("ec2", "describe_subnets", "Subnets", SubnetIds=ids) if ids else ()


def made_of(definition: Answer) -> str:
    """CPU, memory and architecture of a task definition."""
    platform = definition.get("runtimePlatform") or {}
    arch = str(platform.get("cpuArchitecture", "X86_64")).lower()
    return f"{definition.get('cpu')} CPU units, {definition.get('memory')} MiB, {arch}"


def secrets_of(container: Answer) -> str:
    """The variables of a container that hold secrets."""
    return listed(sorted(each["name"] for each in container.get("secrets", ())), "none")


def _policy(policy: Answer) -> str:
    tracking = policy.get("TargetTrackingScalingPolicyConfiguration") or {}
    metric = (tracking.get("PredefinedMetricSpecification") or {}).get("PredefinedMetricType")
    if metric != "ECSServiceAverageCPUUtilization":
        return f"{policy['PolicyType']} {policy['PolicyName']}"
    return f"CPU held at {tracking['TargetValue']:g} %"


def container_service(
    component: ContainerService, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """What runs, how many, where, whether it serves, who reaches it, and how it scales."""
    name = f"{architecture.name}-{component.id}"
    found, step = Found.read(component, reading), component.step
    made_of = f"{step.cpu_units} CPU units, {step.memory_mib} MiB, {step.arch}"
    secrets = listed(sorted(component.secrets), "none")
    scaling = f"CPU held at {component.size.cpu_target_percent} %"
    lines = (
        ("task", "what each of the {0} has", made_of, found and found.made_of()),
        ("image", "image of the {0}", component.image, found and found.container.get("image")),
        ("secrets", "variables of the {0} that hold secrets", secrets, found and found.told()),
        ("releases", "how a release of the {0} comes in", RELEASED,
         found and found.released()),
        ("subnets", "subnets of the {0}", designed_subnets(component, architecture),
         found and named_subnets(reading, found.network.get("subnets", ()))),
        ("security-group", "whom the {0} let in", f"tcp {component.port} from {name}-load-balancer",
         found and let_in(reading, found.network.get("securityGroups", ()))),
        ("scaling", "{0} are added and removed with their load", scaling, found and found.scaling()),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", what.format(component.label), expected, actual or None)
    if component.migration:
        yield compare(
            f"{component.id}.migration",
            f"what is run once before {component.label} serve",
            f"{shlex.join(component.migration)}, and the application waits",
            found.migration() if found else None,
        )
    yield from may_trace(component, architecture, reading)
    if component.traced:
        what = f"what the agent beside the {component.label} takes, and its memory"
        yield compare(f"{component.id}.agent", what, AGENT, found.agent() if found else None)
    yield _size(component, found)
    yield _running(component, found)
    yield _targets(component, architecture, found, name)


def _size(component: ContainerService, found: Found | None) -> Finding:
    """The bounds as sized; the number between them is target tracking's."""
    size, target = component.size, (found.target if found else None) or {}
    least, most = target.get("MinCapacity"), target.get("MaxCapacity")
    return judge(
        f"{component.id}.size",
        f"number of {component.label}",
        f"{size.min} to {size.max}",
        f"{least} to {most}" if target else None,
        (least, most) == (size.min, size.max),
    )


def _running(component: ContainerService, found: Found | None) -> Finding:
    service = found.service if found else {}
    wanted, running = service.get("desiredCount", 0), service.get("runningCount", 0)
    return judge(
        f"{component.id}.running",
        f"{component.label} run, as many as are wanted",
        f"{component.size.min} or more",
        f"{running} of {wanted}" if found else None,
        running >= wanted >= component.size.min,
    )


def _targets(
    component: ContainerService, architecture: Architecture, found: Found | None, name: str
) -> Finding:
    """That the load balancer finds tasks healthy in every zone, and none unhealthy."""
    zones = architecture.zones_of(component)
    states = found.zones_of_targets(name) if found else None
    healthy = Counter(zone for zone, state in states or () if state == "healthy")
    others = sorted(f"{state} in {zone}" for zone, state in states or () if state != "healthy")
    by_zone = listed((f"{healthy[zone]} in {zone}" for zone in sorted(healthy)), "none anywhere")
    return judge(
        f"{component.id}.targets",
        f"the load balancer finds {component.label} healthy in every zone",
        f"healthy in {listed(zones)}",
        None if states is None else listed([by_zone, *others]),
        set(healthy) == set(zones) and not any(other.startswith("unhealthy") for other in others),
    )
