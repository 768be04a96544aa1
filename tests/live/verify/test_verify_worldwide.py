"""What verify finds of several regions of which nothing was deployed."""

from __future__ import annotations

import pytest
from fake_cloud import FakeClients
from worldwide_cloud import parts

from groma.components.cache import Cache
from groma.components.global_database import GlobalDatabase, GlobalSecret
from groma.components.global_distribution import GlobalDistribution
from groma.components.global_table import GlobalTable
from groma.components.latency_records import LatencyRecords
from groma.components.replicated_bucket import ReplicatedBucket
from groma.live.verify.reading import Deployed, Reading
from groma.live.verify.registry import VERIFIERS

KINDS = (
    Cache, GlobalDatabase, GlobalSecret, GlobalDistribution, GlobalTable, LatencyRecords, ReplicatedBucket,
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_never_deployed_is_missing(kind):
    architecture = next(part for part in parts().values() if part.of_type(kind))
    component = architecture.of_type(kind)[0]
    reading = Reading(Deployed({}, FakeClients({})), architecture.region)
    found = list(VERIFIERS[kind](component, architecture, reading))
    assert found
    assert not any(finding.ok for finding in found)
    assert {finding.actual for finding in found} == {"missing"}
