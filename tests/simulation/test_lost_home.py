"""A day in which home is lost, of a design with a standby: its few servers take all users, and grow."""

from __future__ import annotations

from pathlib import Path

import pytest

from groma.design import design
from groma.errors import InputError
from groma.simulation.asking import Asked, simulated
from groma.workload import parse
from workloads import UNDER_A_DOMAIN


def made(more: str = ""):
    return design(parse(UNDER_A_DOMAIN + more), reasons=False)


def test_all_users_come_to_the_standby_and_its_groups_grow(tmp_path: Path):
    hour = tmp_path / "evening.csv"
    hour.write_text("time,rate\n0,120\n3600,120\n")
    asked = Asked(lost="us-east-1@00:10", series=hour)
    found = simulated(made("standby: us-west-2\n"), asked, lambda *_: True)
    home, standby = found.regions
    assert (home.cast.region, standby.cast.region) == ("us-east-1", "us-west-2")
    by_minute = [[float(m.asked.sum()) for m in seen.minutes] for seen in (home, standby)]
    assert not any(by_minute[1][:11])
    assert not any(by_minute[0][12:])
    assert sum(by_minute[1][12:]) == pytest.approx(120 * 60 * len(by_minute[1][12:]), rel=0.05)
    assert standby.minutes[0].serving == (2, 2, 1)
    assert standby.minutes[-1].serving[1] > 2
    assert "what writes counts as answered in us-west-2" in found.what


def test_what_is_lost_is_home():
    with pytest.raises(InputError, match="us-west-2 is the standby"):
        simulated(made("standby: us-west-2\n"), Asked(lost="us-west-2@20:25"), lambda *_: True)
    with pytest.raises(InputError, match="the only region"):
        simulated(made(), Asked(lost="us-east-1@20:25"), lambda *_: True)
