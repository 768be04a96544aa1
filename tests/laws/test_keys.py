"""A law over blueprints × keys: a key has an effect, or the file that states it is refused with its line."""

from __future__ import annotations

from functools import cache

import pytest

from groma.bill import bill, within_budget
from groma.blueprints import BLUEPRINTS
from groma.design import Design, design
from groma.errors import Infeasible, WorkloadError
from groma.questions.review import review
from groma.terraform import render
from groma.workload import KINDS, Goals, Workload, parse
from workloads import ROOT

REQUIRED = {"name", "blueprint"}

SMALLEST = {
    "three-tier": {"users": "{total: 50_000}"},
    "containers": {
        "users": "{total: 50_000}",
        "application": "{image: 'acme/shop:1.3', port: 8000, health: /up}",
    },
    "serverless": {"users": "{total: 50_000}", "domain": "app.acme.dev"},
    "worldwide": {"users": "{total: 50_000}", "domain": "app.acme.dev"},
    "starter": {},
}
EASY = {"p99_ms": "1000", "availability": "0.99"}
OTHERWISE = {
    "owner": "Ada Example",
    "date": "2026-01-01",
    "regions": "[us-west-2]",
    "shares": "[1.0]",
    "availability_zones": "[us-east-1c, us-east-1d, us-east-1f]",
    "domain": "other.acme.dev",
    "zone": "acme.dev",
    "waf": "off",
    "alerts": "ops@acme.dev",
    "profile": "another",
    "application": "{image: 'acme/shop:1.4', port: 8000, health: /up}",
    "machines": "{families: [r7i], burstable: false, most: 90}",
    "network": "{zones: 3}",
    "database": "{version: '17'}",
    "tags": "{team: shop}",
    "prefix": "acme",
    "boundary": "arn:aws:iam::123456789012:policy/boundary",
    "kms_key": "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "log_days": "90",
    "traced_share": "0.05",
    "standby": "us-west-2",
    "environment": "staging",
    "environments": "{staging: {tags: {team: shop}}}",
    "users": "{total: 5_000_000}",
    "purchase": "reserved-1y",
    "price_book": str(ROOT / "tests" / "workload" / "price_books" / "everything.csv"),
    "sizing": "least-regret",
    "state": "{bucket: acme-state}",
    "load": "{response_kib: 500}",
    "requests": "{browse: {share: 1.0, web_ms: 9, app_ms: 90, reads: 3, writes: 1, query_ms: 2}}",
    "budget_usd_per_month": "1",
    "spend": "[headroom]",
    "slo.p99_ms": "1",
    "slo.p99_of": "each",
    "slo.availability": "0.98",
    "slo.freshness_s": "60",
    "slo.recovery_s": "60",
    "slo.data_loss_s": "60",
}
"""Another value of each key than the one that holds when it is left out."""
OF_SEVERAL_REGIONS = {"regions": "[us-east-1, us-west-2]", "shares": "[0.5, 0.3, 0.2]"}
OF_TASKS = {"machines": "{architecture: arm, most: 90}"}
OF_A_DOMAIN = ("zone", "standby")
"""Keys that need one."""
MANY_DESIGNS = ("sizing", "spend")
"""Keys by which many designs are looked at to choose one."""
EVERY_CASE = [
    pytest.param(
        blueprint,
        key,
        marks=[pytest.mark.slow] if blueprint == "worldwide" or key in MANY_DESIGNS else [],
    )
    for blueprint in BLUEPRINTS
    for key in OTHERWISE
]


def text(blueprint: str, key: str = "") -> str:
    """The smallest file of the blueprint, with one key more, and a domain where that needs one."""
    keys = dict(SMALLEST[blueprint])
    goals = {} if blueprint == "starter" else dict(EASY)
    value = OTHERWISE.get(key, "")
    if blueprint == "worldwide":
        value = OF_SEVERAL_REGIONS.get(key, value)
    if blueprint == "containers":
        value = OF_TASKS.get(key, value)
    section, _, inner = key.partition(".")
    if inner:
        goals[inner] = value
    elif key:
        keys |= {"domain": "app.acme.dev"} if key in OF_A_DOMAIN and blueprint != "starter" else {}
        keys |= {"budget_usd_per_month": "1_000_000"} if key == "spend" else {}
        keys |= {"environments": "{staging: {}}"} if key == "environment" else {}
        keys |= {"environment": "staging"} if key == "environments" else {}
        keys[section] = value
    if goals:
        keys["slo"] = "{" + ", ".join(f"{name}: {goal}" for name, goal in goals.items()) + "}"
    rows = {"name": "chirp", "blueprint": blueprint, **keys}
    return "".join(f"{name}: {said}\n" for name, said in rows.items())


def line_of(key: str, written: str) -> int:
    section = f"{key.partition('.')[0]}:"
    return next(n for n, row in enumerate(written.splitlines(), 1) if row.startswith(section))


def outputs(made: Design) -> tuple[object, ...]:
    """What is told, drawn, billed, checked and provisioned of a design."""
    root = render(made.architecture, made.workload.state)
    return made.architecture, root, bill(made.architecture).lines, review(made), made.decisions


@cache
def usual(blueprint: str, with_domain: bool) -> tuple[object, ...]:
    """The outputs of the smallest file, with a domain where it is compared with one that has a zone."""
    written = text(blueprint, "zone").replace("zone: acme.dev\n", "") if with_domain else text(blueprint)
    return outputs(design(parse(written), reasons=False))


def section_of(key: str) -> str:
    return key.partition(".")[0]


def of_value(key: str) -> str:
    """How a blueprint names a single value of a key that it refuses."""
    return f"{key}: {OTHERWISE[key]}"


def has_effect(blueprint: str, key: str) -> bool:
    """Whether a design comes out otherwise, or does not come out at all."""
    workload = parse(text(blueprint, key), source="groma.yaml")
    try:
        made = design(workload, reasons=False)
    except Infeasible:
        return True
    if workload.budget_usd_per_month is not None and workload.spend is None:
        return not within_budget(bill(made.architecture), workload.budget_usd_per_month).ok
    return outputs(made) != usual(blueprint, key in OF_A_DOMAIN)


def test_the_law_knows_every_key():
    """A key that is new in the model has to be tried here."""
    keys = set(Workload.model_fields) - REQUIRED - {"slo"}
    assert keys | {f"slo.{name}" for name in Goals.model_fields} == set(OTHERWISE)


def test_a_blueprint_refuses_only_keys_that_there_are():
    for kind in KINDS.values():
        inner = {"machines.families", "machines.without", "machines.spot"}
        assert set(kind.unused) <= {*OTHERWISE, "slo", *inner, *map(of_value, OTHERWISE)}


@pytest.mark.parametrize(("blueprint", "key"), EVERY_CASE)
def test_a_key_has_an_effect_or_is_refused_with_its_line(blueprint: str, key: str):
    unused = KINDS[blueprint].unused
    reason = next((unused[name] for name in (key, section_of(key), of_value(key)) if name in unused), None)
    if reason is None and key != "profile":
        assert has_effect(blueprint, key)
        return
    written = text(blueprint, key)
    with pytest.raises(WorkloadError) as caught:
        parse(written, source="groma.yaml")
    assert f"groma.yaml:{line_of(key, written)}: {key.partition('.')[0]}" in str(caught.value)
    assert (reason or "profile") in str(caught.value)


def test_all_keys_without_a_use_are_named_at_once():
    with pytest.raises(WorkloadError) as caught:
        parse("name: one\nblueprint: starter\nowner: 3\ndomain: a.dev\nwaf: off\n", source="groma.yaml")
    said = str(caught.value)
    assert [f"groma.yaml:{line}:" in said for line in (3, 4, 5)] == [True, True, True]
    assert "nothing of it is open to the public" in said
