"""Application load balancers: where they stand, what they listen on, and whom they let in."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.load_balancer import LoadBalancer
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Answer, Reading
from groma.live.verify.vpc import HEALTH_CHECKERS, designed_subnets, let_in, named_subnets


def load_balancer(component: LoadBalancer, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """State and scheme, one subnet per zone, its listener, and its security group."""
    name = f"{architecture.name}-{component.group}"
    balancer = reading.first("elbv2", "describe_load_balancers", "LoadBalancers", Names=[name])
    prefix, label = component.id, component.label
    scheme = "internal" if component.internal else "internet-facing"
    subnets = [zone["SubnetId"] for zone in balancer["AvailabilityZones"]] if balancer else []
    groups = balancer.get("SecurityGroups", ()) if balancer else ()
    yield compare(
        f"{prefix}.balancer",
        label,
        f"active, {scheme}",
        f"{balancer['State']['Code']}, {balancer['Scheme']}" if balancer else None,
    )
    yield compare(
        f"{prefix}.subnets",
        f"{label} stands in a subnet of each zone",
        designed_subnets(component, architecture),
        named_subnets(reading, subnets) if balancer else None,
    )
    yield compare(
        f"{prefix}.listener",
        f"{label} passes requests on to the {component.group} servers",
        f"HTTP {component.port} → {name}",
        _listeners(balancer, reading) if balancer else None,
    )
    yield compare(
        f"{prefix}.security-group",
        f"whom the {label} lets in",
        listed(sorted(f"tcp {component.port} from {caller}" for caller in _callers(component, architecture))),
        let_in(reading, groups) if balancer else None,
    )


def _callers(component: LoadBalancer, architecture: Architecture) -> list[str]:
    """CloudFront alone when public, else the security groups of the servers that call it."""
    if not component.internal:
        return ["CloudFront", *([HEALTH_CHECKERS] if component.health_checkers else [])]
    sources = [link.source for link in architecture.links if link.target == component.id]
    return [f"{architecture.name}-{source}-servers" for source in sources]


def _listeners(balancer: Answer, reading: Reading) -> str:
    arn = balancer["LoadBalancerArn"]
    listeners = reading.all("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=arn)
    return listed(sorted(_listener(listener) for listener in listeners), "no listener")


def _listener(listener: Answer) -> str:
    targets = [_target_group(action) for action in listener["DefaultActions"]]
    return f"{listener['Protocol']} {listener['Port']} → {' + '.join(targets)}"


def _target_group(action: Answer) -> str:
    """The target group's name, which is the part of its ARN before the last; else what else it does."""
    arn = str(action.get("TargetGroupArn", ""))
    return arn.split("/")[-2] if arn.count("/") >= 2 else str(action["Type"])
