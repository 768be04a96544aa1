"""Which function reads back which component type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from groma.architecture import Architecture, Component, Finding
from groma.components.artifact import ArtifactBucket
from groma.components.backup_copies import BackupCopies
from groma.components.bucket import Bucket
from groma.components.cache import Cache
from groma.components.connection_secret import ConnectionSecret
from groma.components.container_cluster import ContainerCluster
from groma.components.container_service import ContainerService
from groma.components.container_worker import ContainerWorker
from groma.components.database import DatabaseServer
from groma.components.database_cluster import DatabaseCluster
from groma.components.delivery import Distribution, SiteBucket
from groma.components.dns import Certificate, HostedZone, OriginCertificate
from groma.components.edge_monitoring import EdgeMonitoring
from groma.components.existing_database import ExistingDatabase
from groma.components.existing_network import ExistingNetwork
from groma.components.failed_runs import FailedRuns
from groma.components.failover import Failover
from groma.components.function import LambdaFunction
from groma.components.global_database import GlobalDatabase, GlobalSecret
from groma.components.global_distribution import GlobalDistribution
from groma.components.global_table import GlobalTable
from groma.components.http_api import HttpApi
from groma.components.instance import Instance
from groma.components.interface_endpoints import InterfaceEndpoints
from groma.components.latency_records import LatencyRecords
from groma.components.load_balancer import LoadBalancer
from groma.components.media import MediaBucket
from groma.components.messaging import DeadLetterQueue, Queue, Topic
from groma.components.mysql import MysqlServer
from groma.components.nat_gateway import NatGateway
from groma.components.network import FlowLogs, InternetGateway
from groma.components.operations import Budget, DatabaseSecret, EncryptionKey, MailTopic, Monitoring
from groma.components.public_network import PublicNetwork
from groma.components.replicated_bucket import ReplicatedBucket
from groma.components.schedule import Schedule
from groma.components.server_group import ServerGroup
from groma.components.session_manager import SessionManager
from groma.components.site import SiteDistribution, SiteFiles
from groma.components.standby_bucket import StandbyBucket
from groma.components.standby_database import StandbyDatabase
from groma.components.table import DynamoTable
from groma.components.timed_task import TimedTask
from groma.components.user_pool import UserPool
from groma.components.web_firewall import WebFirewall
from groma.components.work_queue import SetAside, WorkQueue
from groma.components.worker import HousekeepingSchedule, Worker
from groma.live.verify import (
    artifact,
    backup_copies,
    bucket,
    cache,
    connection_secret,
    container_cluster,
    container_service,
    container_worker,
    database,
    database_cluster,
    delivery,
    dns,
    existing_database,
    existing_network,
    function,
    global_database,
    global_distribution,
    global_table,
    http_api,
    instance,
    interface_endpoints,
    latency_records,
    load_balancer,
    media,
    messaging,
    nat_gateway,
    network,
    operations,
    replicated_bucket,
    schedule,
    server_group,
    site,
    table,
    timed_task,
    user_pool,
    web_firewall,
    work_queue,
)
from groma.live.verify.reading import Reading

Verifier = Callable[[Any, Architecture, Reading], Iterable[Finding]]
"""(component, architecture, what is deployed in the component's region) → findings."""

VERIFIERS: Mapping[type[Component], Verifier] = {
    InternetGateway: network.internet_gateway,
    PublicNetwork: network.internet_gateway,
    ExistingNetwork: existing_network.existing_network,
    FlowLogs: network.flow_logs,
    NatGateway: nat_gateway.nat_gateway,
    InterfaceEndpoints: interface_endpoints.interface_endpoints,
    Distribution: delivery.distribution,
    SiteBucket: delivery.site_bucket,
    ArtifactBucket: artifact.artifact_bucket,
    Bucket: bucket.bucket,
    Instance: instance.instance,
    SessionManager: instance.session_manager,
    LoadBalancer: load_balancer.load_balancer,
    ServerGroup: server_group.server_group,
    ContainerService: container_service.container_service,
    ContainerWorker: container_worker.container_worker,
    ContainerCluster: container_cluster.container_cluster,
    ConnectionSecret: connection_secret.connection_secret,
    DatabaseCluster: database_cluster.database_cluster,
    DatabaseServer: database.database_server,
    MysqlServer: database.database_server,
    StandbyDatabase: database.standby_database,
    BackupCopies: backup_copies.backup_copies,
    ExistingDatabase: existing_database.existing_database,
    HostedZone: dns.hosted_zone,
    Failover: dns.failover,
    Certificate: dns.certificate,
    OriginCertificate: dns.origin_certificate,
    WebFirewall: web_firewall.web_firewall,
    SiteDistribution: site.site_distribution,
    SiteFiles: site.site_files,
    MediaBucket: media.media_bucket,
    UserPool: user_pool.user_pool,
    HttpApi: http_api.http_api,
    LambdaFunction: function.function,
    Worker: function.function,
    DynamoTable: table.dynamo_table,
    GlobalTable: global_table.global_table,
    Cache: cache.cache,
    GlobalDatabase: global_database.global_database,
    GlobalSecret: operations.database_secret,
    GlobalDistribution: global_distribution.global_distribution,
    LatencyRecords: latency_records.latency_records,
    ReplicatedBucket: replicated_bucket.replicated_bucket,
    StandbyBucket: replicated_bucket.standby_bucket,
    Topic: messaging.topic,
    Queue: messaging.queue,
    DeadLetterQueue: messaging.dead_letter_queue,
    WorkQueue: work_queue.work_queue,
    SetAside: work_queue.set_aside,
    Schedule: schedule.schedule,
    TimedTask: timed_task.timed_task,
    FailedRuns: timed_task.failed_runs,
    HousekeepingSchedule: schedule.schedule,
    EncryptionKey: operations.encryption_key,
    DatabaseSecret: operations.database_secret,
    MailTopic: operations.mail_topic,
    Monitoring: operations.monitoring,
    EdgeMonitoring: operations.edge_monitoring,
    Budget: operations.budget,
}
