"""Which function reads back which component type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from groma.architecture import Architecture, Component, Finding
from groma.components.database import DatabaseServer
from groma.components.delivery import Distribution, SiteBucket
from groma.components.load_balancer import LoadBalancer
from groma.components.nat_gateway import NatGateway
from groma.components.network import FlowLogs, InternetGateway
from groma.components.operations import Budget, DatabaseSecret, EncryptionKey, MailTopic, Monitoring
from groma.components.server_group import ServerGroup
from groma.live.verify import (
    database,
    delivery,
    load_balancer,
    nat_gateway,
    network,
    operations,
    server_group,
)
from groma.live.verify.reading import Reading

Verifier = Callable[[Any, Architecture, Reading], Iterable[Finding]]
"""(component, architecture, what is deployed in the component's region) → findings."""

VERIFIERS: Mapping[type[Component], Verifier] = {
    InternetGateway: network.internet_gateway,
    FlowLogs: network.flow_logs,
    NatGateway: nat_gateway.nat_gateway,
    Distribution: delivery.distribution,
    SiteBucket: delivery.site_bucket,
    LoadBalancer: load_balancer.load_balancer,
    ServerGroup: server_group.server_group,
    DatabaseServer: database.database_server,
    EncryptionKey: operations.encryption_key,
    DatabaseSecret: operations.database_secret,
    MailTopic: operations.mail_topic,
    Monitoring: operations.monitoring,
    Budget: operations.budget,
}
