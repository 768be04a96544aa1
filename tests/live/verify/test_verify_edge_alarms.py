"""Alarms of the edge, which stand in us-east-1 whatever the home, that verify has to find altered."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import chirp_parts as parts
from chirp_design import DISTRIBUTION, KEY, TICKETS, TOPIC
from fake_cloud import FakeClients

from groma.architecture import Architecture
from groma.components.edge_monitoring import EdgeMonitoring
from groma.design import design
from groma.live.verify.operations import edge_monitoring
from groma.live.verify.reading import Deployed, Reading
from groma.monitoring import alarms
from groma.workload import load
from workloads import ROOT

OUTPUTS = {
    "edge_alarm_topic_arn": TOPIC,
    "edge_ticket_topic_arn": TICKETS,
    "distribution_id": DISTRIBUTION,
    "web_acl_name": "chirp",
    "certificate_arn": "certificate",
}


@cache
def abroad() -> Architecture:
    workload = load(ROOT / "examples" / "social-serverless.yaml")
    update = {"name": "chirp", "regions": ["eu-west-1"]}
    return design(workload.model_copy(update=update), reasons=False).architecture


def wrong(changes: Mapping[str, Mapping[str, Any]], confirmed: str = "arn:1") -> dict[str, str]:
    """What verify finds, but for what is ok, of alarms with these changes."""
    rows = [
        {**parts.alarm_row(alarm), **changes.get(alarm.id, {})}
        for alarm in alarms(abroad())
        if not alarm.is_seen_from("eu-west-1") and changes.get(alarm.id, {}) is not None
    ]
    mail = {"Protocol": "email", "Endpoint": "ops@example.com", "SubscriptionArn": confirmed}
    clients = FakeClients(
        {
            "cloudwatch.describe_alarms": lambda **_: {"MetricAlarms": rows, "CompositeAlarms": []},
            "sns.get_topic_attributes": lambda **_: {"Attributes": {"KmsMasterKeyId": KEY}},
            "sns.list_subscriptions_by_topic": lambda **_: {"Subscriptions": [mail]},
            "kms.describe_key": lambda **_: {"KeyMetadata": {"KeyId": KEY}},
        }
    )
    (component,) = abroad().of_type(EdgeMonitoring)
    reading = Reading(Deployed(OUTPUTS, clients), "eu-west-1")
    found = list(edge_monitoring(component, abroad(), reading))
    assert set(clients.regions.values()) == {"us-east-1"}
    assert {each.id.rpartition(".")[2] for each in found} >= {"topic", "tickets", "cdn", "waf", "certificate"}
    return {each.id: each.actual for each in found if each.outcome != "ok"}


def test_alarms_of_the_edge_as_designed() -> None:
    assert wrong({}) == {}


def test_an_alarm_of_the_edge_that_was_altered() -> None:
    said = wrong({"cdn-5xx": {"Threshold": 50.0}, "waf-blocked": {"AlarmActions": []}})
    assert said == {
        "edge-monitoring.alarms.cdn": "cdn-5xx: threshold 50.0 instead of 2.88",
        "edge-monitoring.alarms.waf": "waf-blocked: is told as nothing instead of ticket",
    }


def test_a_mailbox_of_the_edge_that_has_not_confirmed() -> None:
    assert set(wrong({}, confirmed="PendingConfirmation")) == {
        "edge-monitoring.subscription",
        "edge-monitoring.tickets-subscription",
    }
