"""Deleting or loosening an alarm of the 50,000-user example makes a drill fail, or is argued in the guide.

Faults of metrics are tried here; of those that are simulated `groma drill --all --mutate` tells as well.
"""

from __future__ import annotations

from functools import cache

from groma.questions.drills.drilling import calm_evening, drill
from groma.questions.drills.mutants import Mutants, mutants
from groma.questions.drills.reading import built_in
from groma.questions.drills.stage import applies, expanded, stage_of
from groma.questions.drills.watching import guards_of
from workloads import ROOT, designed_example

MADE = designed_example("social-50k")
OF_REQUESTS = {
    *("web-5xx", "web-5xx-1h", "web-5xx-fast", "web-5xx-30m", "web-5xx-6h", "web-5xx-slow", "web-latency"),
}
"""Alarms that only what is simulated sets off."""
FAR_BEYOND = {
    *("waf-blocked", "cdn-5xx", "web-full", "app-full", "app-cpu", "app-balance", "app-5xx", "app-latency"),
    *("web-surplus", "app-surplus", "database-master-surplus", "database-replica-surplus"),
    *("database-master-storage", "database-replica-storage"),
    *("database-master-connections", "database-replica-connections"),
}
"""Alarms of which a fault goes so far beyond the limit that half as much again is no difference."""


@cache
def found() -> Mutants:
    stage = stage_of(MADE, guards_of(MADE.architecture), 1)
    calm = calm_evening(stage)
    drills = [
        drill(stage, each, calm)
        for fault in built_in()
        if not applies(fault, stage) and not fault.is_simulated and fault.effects and fault.at_s is None
        for each in expanded(fault, stage)
    ]
    assert all(each.ok for each in drills), [each.wrong for each in drills if each.wrong]
    return mutants("chirp", stage.guards, drills)


def test_every_change_is_noticed_but_those_that_are_argued() -> None:
    left = {(each.guard, each.how) for each in found().unnoticed if each.guard not in OF_REQUESTS}
    assert left == {
        *((guard, "laxer") for guard in FAR_BEYOND),
        ("nat-ports", "later"),
        ("nat-ports", "deaf"),
        ("database-replica-cpu", "deaf"),
    }


def test_what_nothing_notices_is_argued_in_the_guide() -> None:
    guide = (ROOT / "docs" / "guides" / "drills.md").read_text(encoding="utf-8")
    told = guide.partition("## What no drill notices")[2].partition("## ")[0]
    for guard in (*FAR_BEYOND, "nat-ports"):
        assert f"`{guard}`" in told, guard


def test_a_change_names_the_drills_that_notice_it_and_is_told_in_a_table() -> None:
    by = {(each.guard, each.how): each.noticed for each in found().found}
    assert by["waf-blocked", "gone"] == ("attack",)
    assert by["web-disk", "laxer"] == ("disk-filling@web",)
    assert by["web-healthy-hosts", "mute"] == ("too-few-servers@web-lb",)
    rows = {row[0]: row for row in found().words().tables[0].rows}
    assert rows["web-disk"][1:4] == ("disk-filling@web",) * 3
    assert any("changes are noticed" in str(line) for line in found().words().lines)
