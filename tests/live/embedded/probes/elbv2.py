from __future__ import annotations

from groma.live.embedded import Endpoints
from probes.network import two_subnets, unique


def default_scheme(aws: Endpoints) -> None:
    elb, (_, subnets) = aws.client("elbv2"), two_subnets(aws)
    seen = [
        elb.create_load_balancer(Name=unique("balancer"), Subnets=subnets, **scheme)["LoadBalancers"][0]
        for scheme in ({}, {"Scheme": "internal"})
    ]
    assert [row.get("Scheme") for row in seen] == ["internet-facing", "internal"]
