"""Application load balancers: where they stand, what they listen on, and whom they let in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from groma.architecture import Architecture, Finding
from groma.components.load_balancer import ORIGIN_HEADER, LoadBalancer
from groma.components.machine_group import machine_group
from groma.live.verify.behaviours import sent_to_origins
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Answer, Reading
from groma.live.verify.vpc import HEALTH_CHECKERS, designed_subnets, let_in, named_subnets


def load_balancer(component: LoadBalancer, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """State and scheme, one subnet per zone, its listener, and its security group."""
    name = f"{architecture.name}-{component.group}"
    balancer = reading.first("elbv2", "describe_load_balancers", "LoadBalancers", Names=[name])
    prefix, label, group = component.id, component.label, machine_group(architecture, component.group)
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
        f"{label} passes requests on to the {component.group} {group.noun}s",
        f"{component.protocol} {component.port} → {_designed(component, name)}",
        _listeners(balancer, reading) if balancer else None,
    )
    if component.certificate:
        yield compare(
            f"{prefix}.certificate",
            f"{label} shows the origin's certificate",
            reading.output(f"{component.certificate}_arn") or "the origin's certificate",
            _certificates(balancer, reading) if balancer else None,
        )
    if component.distribution:
        yield compare(
            f"{prefix}.origin-key",
            f"{label} knows the distribution by a header",
            f"{ORIGIN_HEADER} as the distribution sends it",
            _known_by(balancer, reading) if balancer else None,
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
        return ["CloudFront", *([HEALTH_CHECKERS] if component.checked_at else [])]
    sources = [link.source for link in architecture.links if link.target == component.id]
    callers = [machine_group(architecture, source) for source in sources]
    return [f"{architecture.name}-{caller.id}-{caller.noun}s" for caller in callers]


def _designed(component: LoadBalancer, targets: str) -> str:
    """Where requests go: with a distribution's header, or to what health checks ask, to the servers."""
    if not component.distribution:
        return targets
    health = f"path {component.checked_at} → {targets}, " if component.checked_at else ""
    return f"header {ORIGIN_HEADER} → {targets}, {health}else 403"


def _listeners(balancer: Answer, reading: Reading) -> str:
    arn = balancer["LoadBalancerArn"]
    listeners = reading.all("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=arn)
    return listed(sorted(_listener(listener, reading) for listener in listeners), "no listener")


def _listener(listener: Answer, reading: Reading) -> str:
    rules = [f"{_condition(rule)} → {_targets(rule['Actions'])}" for rule in _rules(listener, reading)]
    default = _targets(listener["DefaultActions"])
    ways = [*rules, f"else {default}"] if rules else [default]
    return f"{listener['Protocol']} {listener['Port']} → {', '.join(ways)}"


def _certificates(balancer: Answer, reading: Reading) -> str:
    arn = balancer["LoadBalancerArn"]
    listeners = reading.all("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=arn)
    shown = (each["CertificateArn"] for listener in listeners for each in listener.get("Certificates") or ())
    return listed(shown, "none")


def _rules(listener: Answer, reading: Reading) -> list[Answer]:
    """The rules of a listener in their order, without its default."""
    arn = listener["ListenerArn"]
    found = reading.all("elbv2", "describe_rules", "Rules", ListenerArn=arn)
    return sorted((rule for rule in found if not rule["IsDefault"]), key=lambda rule: int(rule["Priority"]))


def _condition(rule: Answer) -> str:
    """What a rule asks for: the name of a header, whose value is a secret, or a path."""
    texts = []
    for condition in rule["Conditions"]:
        header = condition.get("HttpHeaderConfig")
        values = condition.get("PathPatternConfig", {}).get("Values") or condition.get("Values") or ()
        said = f"header {header['HttpHeaderName']}" if header else f"path {listed(values)}"
        texts.append(said)
    return " and ".join(texts)


def _known_by(balancer: Answer, reading: Reading) -> str:
    """Whether the header that a listener asks for is what the distribution sends; never the value itself."""
    arn = balancer["LoadBalancerArn"]
    asked = [
        (condition["HttpHeaderConfig"]["HttpHeaderName"], tuple(condition["HttpHeaderConfig"]["Values"]))
        for listener in reading.all("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=arn)
        for rule in _rules(listener, reading)
        for condition in rule["Conditions"]
        if condition.get("HttpHeaderConfig")
    ]
    sent = sent_to_origins(reading)
    return listed((f"{name} {_compared(values, sent.get(name))}" for name, values in asked), "by none")


def _compared(values: tuple[str, ...], sent: list[tuple[str, ...]] | None) -> str:
    if sent is None:
        return "that no distribution sends"
    return "as the distribution sends it" if values in sent else "with another value"


def _targets(actions: Iterable[Answer]) -> str:
    return " + ".join(_target_group(action) for action in actions)


def _target_group(action: Answer) -> str:
    """The target group's name, which is the part of its ARN before the last; else what else it does."""
    arn = str(action.get("TargetGroupArn", ""))
    fixed = action.get("FixedResponseConfig") or {}
    return arn.split("/")[-2] if arn.count("/") >= 2 else str(fixed.get("StatusCode") or action["Type"])
