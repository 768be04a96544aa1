"""Growth: each design is good up to a number, and no further."""

from __future__ import annotations

import pytest

from groma.design import server_tiers
from groma.errors import InputError
from groma.questions.growth import at_users, far, growth
from groma.sizing.standing import standing
from groma.workload import parse
from groma.workload.demand import demand
from told import must_be_told, printed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def grown(example):
    return growth(example, 400_000)


@pytest.mark.parametrize(("users", "to"), [("total: 50_000", 5_000_000), ("daily: 1_000_000", 25_000_000)])
def test_where_nobody_says_how_far_it_is_far_whatever_there_is(users: str, to: int):
    workload = parse(f"name: chirp\nblueprint: three-tier\nusers: {{{users}}}\n")
    assert far(workload) == to
    with pytest.raises(InputError, match="are not more than") as caught:
        growth(workload, workload.users.total)
    assert caught.value.hint.endswith(str(to))


def stands(stage, users: int):
    def tiers(workload):
        return server_tiers(workload, demand(workload))

    made = stage.design
    return standing(
        tiers(made.workload), tiers(at_users(made.workload, users)), made.plan, made.workload.slo.p99_ms
    )


def test_each_design_carries_its_users_and_breaks_just_beyond(grown):
    for stage in grown.stages:
        assert stands(stage, stage.up_to).breaks is None
        if stage.breaks is not None:
            assert stands(stage, stage.up_to + 1).breaks is not None


def test_the_stages_follow_each_other_to_the_end(grown):
    assert grown.stages[0].since == 50_000
    assert grown.stages[-1].up_to == 400_000
    for before, after in zip(grown.stages, grown.stages[1:], strict=False):
        assert after.since == before.up_to + 1
        assert before.breaks is not None
        assert before.breaks.limit
        assert before.breaks.by
    assert grown.ends == ""


def test_cost_never_falls_as_users_grow_within_a_design(grown):
    for stage in grown.stages:
        usd = [point.usd_per_month for point in stage.points]
        assert usd == sorted(usd)
        assert all(point.p99_ms <= 400 for point in stage.points)


def test_growth_ends_where_no_machine_is_large_enough(workload):
    from groma.workload import parse

    large = parse("name: chirp\nblueprint: three-tier\nusers: {total: 5_000_000}\nslo: {p99_ms: 400}\n")
    grown = growth(large, 20_000_000)
    assert grown.stages[-1].up_to < 20_000_000
    assert "database" in grown.ends


def test_one_design_may_carry_all(example):
    grown = growth(example, 55_000)
    assert len(grown.stages) == 1
    assert grown.stages[0].breaks is None


def test_growing_to_fewer_users_is_refused(example):
    with pytest.raises(InputError, match="not more"):
        growth(example, 50_000)


def test_each_design_on_the_way_is_told_in_a_row(grown):
    must_be_told(grown)
    (table,) = grown.words().tables
    assert [row[1] for row in table.rows] == [f"{stage.up_to:,}" for stage in grown.stages]
    assert grown.words().lines[0].startswith("first to break: the database tier beyond")


def test_the_document_is_plain(grown):
    rows = grown.document()["stages"]
    assert rows[0]["breaks"]["tier"] == grown.stages[0].breaks.tier
    assert rows[-1]["breaks"] is None
    assert rows[0]["points"][0]["users"] == 50_000


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_no_width_parts_a_count_from_its_type(example, columns: int, golden):
    lines = printed(growth(example, 100_000), columns)
    golden(f"growth-{columns}.txt", lines)
    assert "2 × db.r7g.large" in lines
    assert all(len(line) <= columns for line in lines.splitlines())
