"""Files of faults: the built-in one says what it must; what is wrong in one's own is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from groma.errors import InputError
from groma.questions.drills.fault import Break, Fail, Reads, Slow
from groma.questions.drills.reading import built_in, load, read

GOOD = """\
faults:
  - name: slow-search
    what: the search takes five times as long
    lasts: 20m
    effects:
      - slow: app
        times: 5
      - metric: AWS/EC2/CPUUtilization
        component: app
        to: 97
        ramps: yes
      - stops: CWAgent/*
      - break: data
        servers: 0 1
        back: 2m
        back without standby: 15m
      - fail: front
        burns: 20
    told: ticket
    within: 30m
    if hurt: 15m
    because: nobody searches at night
    at: "03:30"
    do: go back
"""


def test_a_file_says_what_it_says() -> None:
    (fault,) = read(GOOD, "mine.yaml")
    assert (fault.name, fault.lasts_s, fault.told, fault.within_s) == (
        "slow-search",
        1200.0,
        "ticket",
        1800.0,
    )
    assert fault.if_hurt_s == 900.0
    assert fault.at_s == 3.5 * 3600
    assert fault.effects == (
        Slow("app", 5.0),
        Reads("AWS/EC2/CPUUtilization", 97.0, "app", ramps=True),
        Reads("CWAgent/*", None, "*"),
        Break("data", (0, 1), 120.0, 900.0),
        Fail("front", burns=20.0),
    )


def test_a_page_within_five_minutes_is_what_a_fault_owes_if_it_says_nothing() -> None:
    (fault,) = read("faults:\n  - name: it\n    what: happens\n    lasts: 5m\n", "mine.yaml")
    assert (fault.told, fault.within_s) == ("page", 300.0)


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("name: slow-search", "name: Slow search", "yaml:2: ", "is no name of a fault"),
        ("lasts: 20m", "lasts: 20s", "yaml:4: ", "is no length of a fault"),
        ("lasts: 20m", "lasts: soon", "yaml:4: ", "is no duration"),
        ("times: 5", "times: 0", "yaml:7: ", "is no factor"),
        ("times: 5", "often: 5", "yaml:7: ", "there is no key"),
        ("burns: 20", "share: 2", "yaml:18: ", "is no share"),
        ("        burns: 20", "        share: 0.2\n        burns: 20", "yaml:", "either a share"),
        ("slow: app", "slower: app", "yaml:", "an effect is one of a kind"),
        ("    because: nobody searches at night\n", "", "yaml:", "must be told why"),
        ('at: "03:30"', 'at: "25:00"', "yaml:", "is no time of day"),
        ("told: ticket", "told: mail", "yaml:19: ", "cannot be chosen"),
        ("servers: 0 1", "servers: zero", "yaml:14: ", "is no whole number"),
        ("faults:", "fault:", "yaml:1: ", "there is no key"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, where: str, what: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        read(GOOD.replace(old, new, 1), "mine.yaml")
    assert where in str(caught.value.where)
    assert what in caught.value.what


def test_a_fault_has_one_name() -> None:
    with pytest.raises(InputError, match="two faults slow-search"):
        read(GOOD + GOOD.partition("\n")[2], "mine.yaml")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        load(tmp_path / "none.yaml")


def test_every_built_in_fault_that_wakes_nobody_in_five_minutes_says_why_and_all_others_what_to_do() -> None:
    faults = built_in()
    assert len(faults) > 50
    for each in faults:
        if each.told is None:
            assert not each.do
        else:
            assert each.do, each.name
        late = each.told != "page" or each.within_s > 300
        assert bool(each.because) == late, each.name
