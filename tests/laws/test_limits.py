"""A law over designs and random loads: no plan exists that its own modules, or AWS, would refuse.

The bounds are read from the validations in `vars.tf` of each module (`var.storage.gib <= 65536`), so that a
bound that is new there is held here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from designs import SAFEST, designed, example, example_names
from hypothesis import given, settings
from hypothesis import strategies as st
from random_workloads import LOADED, workload

from groma.answers import ModuleCall
from groma.architecture import Architecture
from groma.blueprints import BLUEPRINTS
from groma.catalog import fact
from groma.design import Design, design
from groma.errors import Infeasible, WorkloadError
from groma.quantity import Range
from groma.workload.demand import demand
from workloads import ROOT, marked

MODULES = ROOT / "src" / "groma" / "terraform" / "modules"
BOUND = re.compile(r"(?<![\w.])var\.(\w+)(?:\.(\w+))? (<=|>=) (?:([\d.]+) \* var\.(\w+)\.(\w+)|([\d.]+))")


@cache
def bounds(module: str) -> tuple[tuple[str, ...], ...]:
    """(variable, field, sign, factor, other variable, other field, number) of each bound without an "or"."""
    text = (MODULES / module / "vars.tf").read_text()
    conditions = re.findall(r"^\s*condition\s*=(.*)$", text, re.MULTILINE)
    return tuple(found for one in conditions if "||" not in one for found in BOUND.findall(one))


def numbers(call: ModuleCall) -> Iterator[tuple[str, float, str, float]]:
    """Each number of a call that its module bounds: its name, the number, the sign and the bound."""
    for variable, field, sign, factor, other, inner, number in bounds(call.module):
        value = _of(call.arguments, variable, field)
        limit = float(number) if number else _of(call.arguments, other, inner)
        if isinstance(value, int | float) and isinstance(limit, int | float):
            yield f"{call.module}.{variable}.{field}", value, sign, limit * float(factor or 1)


def _of(arguments: Mapping[str, Any], variable: str, field: str) -> object:
    value = arguments.get(variable)
    return value.get(field) if field and isinstance(value, Mapping) else value


def assert_within_limits(architecture: Architecture) -> int:
    """Returns how many numbers were compared."""
    compared = 0
    for part in architecture.parts:
        for component in part.architecture.components:
            call = component.module(part.architecture)
            for name, value, sign, limit in numbers(call) if call else ():
                compared += 1
                assert value <= limit if sign == "<=" else value >= limit, (component.id, name, value, limit)
    return compared


def test_the_bounds_of_the_modules_are_found():
    assert ("storage", "gib", "<=", "", "", "", "65536") in bounds("database")
    assert ("storage", "max_gib", ">=", "1.1", "storage", "gib", "") in bounds("database")
    assert len([bound for path in MODULES.glob("*/vars.tf") for bound in bounds(path.parent.name)]) > 40


@pytest.mark.parametrize("name", [marked(name) for name in example_names()])
def test_every_example_is_within_its_modules_limits(name: str):
    assert assert_within_limits(designed(name, SAFEST).architecture) > 3


@cache
def base(blueprint: str) -> Design:
    return designed(next(name for name in example_names() if example(name).blueprint == blueprint))


loads = st.fixed_dictionaries(
    {
        "database_stored_gib_per_million_users": st.floats(1, 1e7),
        "database_hot_gib_per_million_users": st.floats(1, 1e4),
        "item_kib": st.floats(0.1, 256),
        "upload_mb": st.floats(0, 5000),
        "followers": st.floats(1, 1e5),
    }
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.sampled_from(LOADED), loads, st.integers(1, 10**7))
def test_so_is_any_load_that_has_a_plan(blueprint: str, load: dict[str, float], users: int):
    """The machines of the example over any amount of data: either it is refused, or AWS takes it."""
    made = base(blueprint)
    exact = {name: Range.exactly(value) for name, value in load.items()}
    other = made.workload.model_copy(
        update={
            "load": made.workload.load.model_copy(update=exact),
            "users": made.workload.users.model_copy(update={"total": users}),
        }
    )
    try:
        architecture = BLUEPRINTS[blueprint].assemble(other, demand(other), made.plan, made.wish)
    except Infeasible:
        return
    assert_within_limits(architecture)


def test_more_rows_than_a_volume_holds_are_refused():
    """RDS takes 65,536 GiB, and must be able to grow by a tenth."""
    most = fact("rds.storage_most_gib").value
    fits = workload("three-tier", {"load.database_stored_gib_per_million_users": most / 1.1 / 0.05 - 300})
    storage = design(fits, reasons=False).architecture.component("database-master")
    assert storage.storage_gib * 1.1 <= storage.max_storage_gib == most
    with pytest.raises(Infeasible, match="an RDS instance holds 65,536"):
        design(workload("three-tier", {"load.database_stored_gib_per_million_users": most / 0.05}))


def test_an_aurora_volume_is_never_too_small():
    """Of 300 TiB each of three databases has its part."""
    stored = 300 * 1024 / 0.05
    made = design(
        workload("worldwide", {"load.database_stored_gib_per_million_users": stored}), reasons=False
    )
    clusters = [c for c in made.architecture.components if c.kind == "global-database"]
    assert len({cluster.database for cluster in clusters}) == 3
    assert all(c.stored_gib.likely <= fact("aurora.storage_most_gib").value for c in clusters)


def test_a_post_that_no_topic_takes_is_refused_with_its_line():
    with pytest.raises(WorkloadError, match=r"load\.item_kib: must be at most 256 KiB"):
        workload("serverless", {"load.item_kib": 300})


def test_an_answer_that_no_function_gives_is_refused():
    with pytest.raises(Infeasible, match="does not pass a function"):
        design(workload("serverless", {"load.response_kib": 7000}), reasons=False)
