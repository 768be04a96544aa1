"""Auto-scaling groups: what they launch, how many, where, and whether it serves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from groma.architecture import Architecture, Finding
from groma.components.server_group import ServerGroup
from groma.live.verify.findings import compare, judge, listed
from groma.live.verify.group import Group
from groma.live.verify.reading import Reading
from groma.live.verify.rights import may_trace
from groma.live.verify.vpc import designed_subnets, let_in, named_subnets

CREDITS, UNLIMITED = "mode of the CPU credits of the", "unlimited"


def server_group(component: ServerGroup, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """What is launched, how many, where, whether it serves, who reaches it, and how it scales."""
    name = f"{architecture.name}-{component.id}"
    group = Group.read(reading.output(f"{component.id}_autoscaling_group_name"), reading)
    yield from _launched(component, group)
    if component.image_id:
        what = f"machine image of the {component.label}"
        yield compare(f"{component.id}.image", what, component.image_id, group.images() if group else None)
    if key := architecture.account.kms_key:
        what = f"key of each volume of the {component.label}"
        yield compare(f"{component.id}.volume-key", what, key, group.volume_keys() if group else None)
    if component.spot is not None:
        what = f"what is Spot of the {component.label}"
        expected = (
            f"{component.size.min} on demand, else Spot of {listed(component.spot.types)}, "
            "price-capacity-optimized, replaced ahead"
        )
        yield compare(f"{component.id}.spot", what, expected, group.spot() if group else None)
    yield from may_trace(component, architecture, reading)
    yield _size(component, group)
    yield _subnets(component, architecture, group)
    yield _in_service(component, architecture, group)
    yield _targets(component, architecture, group, name)
    yield compare(
        f"{component.id}.security-group",
        f"whom the {component.label} let in",
        f"tcp {component.port} from {name}-load-balancer",
        let_in(reading, group.security_groups()) if group else None,
    )
    yield compare(
        f"{component.id}.scaling",
        f"{component.label} are added and removed with their load",
        f"CPU held at {component.size.cpu_target_percent} %",
        group.scaling() if group else None,
    )


def _launched(component: ServerGroup, group: Group | None) -> Iterator[Finding]:
    """Type, metadata service and volume: in the launch template, and in everything that runs; and of a
    burstable type the mode of its credits.
    """
    volume = f"{component.volume_gib} GB gp3, encrypted"
    spot = component.spot
    types = Group.types if spot is None else lambda found: found.types_of_spot(spot.types)
    lines: tuple[tuple[str, str, str, Callable[[Group], str | None]], ...] = (
        ("type", "instance type of the", component.size.choice.name, types),
        ("metadata", "metadata service of the", "IMDSv2 only", Group.metadata),
        ("volume", "volume of each of the", volume, Group.volumes),
        *([("credits", CREDITS, UNLIMITED, Group.credits)] if component.size.choice.baseline else []),
    )
    for aspect, what, expected, read in lines:
        actual = read(group) if group else None
        yield compare(f"{component.id}.{aspect}", f"{what} {component.label}", expected, actual)


def _size(component: ServerGroup, group: Group | None) -> Finding:
    """The bounds as sized; the number between them is auto scaling's."""
    size, found = component.size, group.description if group else {}
    least, now, most = (found.get(key, 0) for key in ("MinSize", "DesiredCapacity", "MaxSize"))
    return judge(
        f"{component.id}.size",
        f"number of {component.label}",
        f"{size.min} to {size.max}",
        f"{least} to {most}, now {now}" if group else None,
        (least, most) == (size.min, size.max) and least <= now <= most,
    )


def _subnets(component: ServerGroup, architecture: Architecture, group: Group | None) -> Finding:
    ids = group.description.get("VPCZoneIdentifier", "").split(",") if group else []
    return compare(
        f"{component.id}.subnets",
        f"subnets of the {component.label}",
        designed_subnets(component, architecture),
        named_subnets(group.reading, filter(None, ids)) if group else None,
    )


def _in_service(component: ServerGroup, architecture: Architecture, group: Group | None) -> Finding:
    zones = architecture.zones_of(component)
    serving = Counter(
        instance["AvailabilityZone"]
        for instance in (group.description["Instances"] if group else ())
        if (instance["LifecycleState"], instance["HealthStatus"]) == ("InService", "Healthy")
    )
    return judge(
        f"{component.id}.in-service",
        f"{component.label} are in service in every zone",
        f"{component.size.min} or more, in {listed(zones)}",
        _by_zone(serving) if group else None,
        set(serving) == set(zones) and serving.total() >= component.size.min,
    )


def _targets(component: ServerGroup, architecture: Architecture, group: Group | None, name: str) -> Finding:
    """That the load balancer finds servers healthy in every zone, and none unhealthy."""
    zones = architecture.zones_of(component)
    states = group.targets(name) if group else None
    healthy = Counter(zone for zone, state in states or () if state == "healthy")
    others = sorted(f"{state} in {zone}" for zone, state in states or () if state != "healthy")
    return judge(
        f"{component.id}.targets",
        f"the load balancer finds {component.label} healthy in every zone",
        f"healthy in {listed(zones)}",
        None if states is None else listed([_by_zone(healthy), *others]),
        set(healthy) == set(zones) and not any(other.startswith("unhealthy") for other in others),
    )


def _by_zone(counts: Mapping[str, int]) -> str:
    return listed((f"{counts[zone]} in {zone}" for zone in sorted(counts)), "none anywhere")
