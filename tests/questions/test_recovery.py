"""What is lost, how long it takes, and whether the rest carries on."""

from __future__ import annotations

from functools import cache

import pytest

from groma.design import Design, design
from groma.questions.recovery import DECISION_S, PROMOTION_S, recovery
from groma.questions.review import findings
from groma.workload import parse
from told import must_be_told
from workloads import ROOT, designed_example

pytestmark = pytest.mark.slow

WORLDWIDE = ROOT / "examples" / "social-worldwide.yaml"


@cache
def made(*changes: tuple[str, str]) -> Design:
    text = WORLDWIDE.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return design(parse(text), reasons=False)


def test_one_region_has_no_other_to_recover_in():
    made = designed_example("social-50k")
    assert recovery(made) is None
    assert findings(made) == ()


def test_a_region_is_left_after_three_checks_and_the_lifetime_of_an_answer():
    found = recovery(made())
    assert found is not None
    west = next(fault for fault in found.faults if fault.lost == "us-west-2")
    assert west.recovery_s == 3 * 10 + 60
    assert west.hit_share == pytest.approx(1 / 3)
    assert west.data_loss_s == 900


def test_a_person_promotes_the_writer():
    found = recovery(made())
    assert found is not None
    writes = next(fault for fault in found.faults if fault.lost == "us-east-1, for writes")
    assert writes.recovery_s == 240 + DECISION_S + PROMOTION_S
    assert writes.data_loss_s == 1
    assert writes.hit_share == pytest.approx(0.1)
    assert not any(fault.lost == "us-west-2, for writes" for fault in found.faults)


def test_a_server_and_a_zone_lose_no_data():
    found = recovery(made())
    assert found is not None
    for lost in ("a server", "a zone", "the writer of a database"):
        fault = next(each for each in found.faults if each.lost == lost)
        assert fault.data_loss_s == 0
        assert fault.recovery_s <= 30


@pytest.mark.parametrize(
    "change",
    [
        ("regions: [us-east-1, us-west-2, eu-west-1]", "regions: [us-east-1, us-west-2, eu-west-1]"),
        ("regions: [us-east-1, us-west-2, eu-west-1]", "regions: [us-east-1, eu-west-1]"),
        ("domain:", "shares: [0.5, 0.3, 0.2]\ndomain:"),
    ],
)
def test_the_others_carry_all_users_when_any_region_is_lost(change):
    found = recovery(made(change))
    assert found is not None
    for loss in found.losses:
        assert loss.lost not in [each.region for each in loss.survivors]
        assert sum(each.share for each in loss.survivors) == pytest.approx(1)
        assert loss.carried
        assert all(max(each.utilisation.values()) <= 0.95 + 1e-6 for each in loss.survivors)
        assert all(each.p99_ms <= each.first_p99_ms for each in loss.survivors)


def test_objectives_that_are_kept_and_missed():
    kept = {finding.id: finding.ok for finding in findings(made())}
    assert kept["recovery-time"]
    assert kept["recovery-point"]
    strict = ("recovery_s: 1800, data_loss_s: 900", "recovery_s: 60, data_loss_s: 1")
    missed = {finding.id: finding for finding in findings(made(strict))}
    assert not missed["recovery-time"].ok
    assert missed["recovery-time"].severity == "warning"
    assert "us-east-1, for writes" in missed["recovery-time"].actual
    assert not missed["recovery-point"].ok


def test_faults_and_the_loss_of_each_region_are_told():
    found = recovery(made())
    assert found is not None
    must_be_told(found)
    faults, losses = found.words().tables
    assert len(faults.rows) == len(found.faults)
    assert len(losses.rows) == sum(len(loss.survivors) for loss in found.losses)
