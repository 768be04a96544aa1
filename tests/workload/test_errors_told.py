"""What is wrong with a file is said as a rule, with its line and the key that would help."""

from __future__ import annotations

import re

import pytest

from groma.catalog import region, regions
from groma.design import design
from groma.errors import Infeasible, InputError, WorkloadError
from groma.workload import Load, RequestClass, State, Users, Workload, parse
from groma.workload.application import ServicePart
from groma.workload.explaining import PARTS, RULES

START = "name: chirp\nblueprint: three-tier\nusers: {total: 50_000}\n"
INTERNAL = re.compile(r"valid (tuple|dictionary|number|integer|string|date)|instance of|Tuple|String should")
"""Words of the library that checks, which no user knows."""


def told(text: str) -> WorkloadError:
    with pytest.raises(WorkloadError) as caught:
        parse(text, source="groma.yaml")
    return caught.value


@pytest.mark.parametrize(
    ("line", "what", "hint"),
    [
        ("regions: us-east-1", "must be a list, not 'us-east-1'", "write [us-east-1]"),
        ("regions: []", "has fewer than 1 entries", ""),
        ("spend: availability", "must be a list, not 'availability'", "write [availability]"),
        ("budget_usd_per_month: cheap", "must be a number, not 'cheap'", ""),
        ("date: tomorrow", "must be a day, not 'tomorrow'", "YYYY-MM-DD"),
        ("requests: [1]", "must be keys with values, not a list", "key: value"),
        ("load: 5", "must be keys with values, not 5", "key: value"),
        ("owner: 5", "must be text, not 5", "quotation marks"),
        ("alerts: nobody", "'nobody' cannot be used", "allowed: one address, such as ops@example.com"),
        ("slo: {p99_ms: -3}", "must be greater than 0, not -3", ""),
        ("slo: {availability: 2}", "must be less than 1, not 2", ""),
        ("slo: {availability: 99.95}", "must be less than 1, not 99.95", "a share: 99.95 % is 0.9995"),
        ("slo: {availability: 200}", "must be less than 1, not 200", "share of requests answered"),
        ("traced_share: 5", "must be at most 1, not 5", "a share: 5 % is 0.05"),
        (
            "load: {edge_hit_share: 90}",
            "must be a share between 0 and 1, not 90",
            "a share: 90 % is 0.9",
        ),
    ],
)
def test_a_mistake_is_said_as_a_rule(line: str, what: str, hint: str):
    error = told(f"{START}{line}\n")
    assert error.what == what
    assert hint in error.hint
    assert error.where.startswith("groma.yaml:4: ")


@pytest.mark.parametrize("value", ["word", "-1", "[1, two]", "{a: 1}", "[]", "2000-01-01"])
def test_no_message_speaks_of_the_library_that_checks(value: str):
    """Every key of the file and of its parts, with a value of every kind."""
    parts = {"users": Users, "load": Load, "state": State}
    lines = [f"{key}: {value}" for key in Workload.model_fields if key not in ("name", "blueprint", "users")]
    lines += [f"{part}: {{{key}: {value}}}" for part, model in parts.items() for key in model.model_fields]
    one = ", ".join(f"{key}: {value}" for key in RequestClass.model_fields)
    for line in (*lines, f"requests: {{browse: {{{one}}}}}"):
        start = START if not line.startswith("users") else START.partition("users")[0]
        assert not INTERNAL.search(complaint(f"{start}{line}\n")), line


def complaint(text: str) -> str:
    """What is said of a file; nothing where nothing is wrong."""
    try:
        parse(text)
    except InputError as error:
        return str(error)
    return ""


def test_every_pattern_of_a_field_is_told_as_a_rule():
    fields = dict(Workload.model_fields)
    fields |= {
        f"{'.'.join(map(str, path))}.{key}": field
        for path, part in PARTS.items()
        if path
        and part is not ServicePart  # one of the application's two, whose fields are the application's
        for key, field in part.model_fields.items()
    }
    with_pattern = {
        key for key, field in fields.items() if any(getattr(each, "pattern", None) for each in field.metadata)
    }
    assert with_pattern == set(RULES)


def test_a_key_that_is_stated_twice_is_named_with_both_lines():
    error = told(f"{START}load:\n  scv: 1\n  scv: 2\n")
    assert (error.where, error.what) == ("groma.yaml:6: load.scv", "'scv' stands in line 5, too")


def test_a_region_that_aws_has_and_the_catalog_has_not_is_told_from_one_that_nobody_has():
    with pytest.raises(
        InputError, match="AWS has the region ap-southeast-7, but the catalog has no prices"
    ) as one:
        region("ap-southeast-7")
    assert all(each.name in one.value.hint for each in regions())
    with pytest.raises(InputError, match="the catalog has no region 'mars-1'"):
        region("mars-1")


@pytest.mark.parametrize("blueprint", ["three-tier", "serverless", "worldwide"])
def test_a_goal_that_nothing_keeps_names_its_line_and_the_keys_that_help(blueprint: str):
    domain = "" if blueprint == "three-tier" else "domain: app.acme.dev\n"
    text = START.replace("three-tier", blueprint) + domain + "slo: {availability: 0.99, p99_ms: 10}\n"
    with pytest.raises(Infeasible) as caught:
        design(parse(text, source="groma.yaml"), reasons=False)
    assert caught.value.where == f"groma.yaml:{text.count(chr(10))}: slo.p99_ms"
    found = re.fullmatch(
        r"raise slo\.p99_ms to (\d+) or more, or lower requests\.(\w+)\.(\w+)", caught.value.hint
    )
    assert found is not None, caught.value.hint
    assert found[3] in RequestClass.model_fields


@pytest.mark.parametrize(
    ("blueprint", "profile", "daily"),
    [
        ("three-tier", "social-media", 50_000),
        ("three-tier", "content-site", 3_000),
        *(
            ("serverless", profile, daily)
            for profile in ("content-site", "saas", "web-shop")
            for daily in (500, 10_000)
        ),
    ],
)
def test_the_goal_that_is_proposed_is_one_that_can_be_kept(blueprint: str, profile: str, daily: int):
    text = (
        f"name: chirp\nblueprint: {blueprint}\nprofile: {profile}\nusers: {{daily: {daily}}}\n"
        + ("" if blueprint == "three-tier" else "domain: app.acme.dev\n")
        + "slo: {availability: 0.99, p99_ms: 10}\n"
    )
    with pytest.raises(Infeasible) as caught:
        design(parse(text), reasons=False)
    least = re.search(r"to (\d+) or more", caught.value.hint)
    assert least is not None
    made = design(parse(text.replace("10}", f"{least[1]}}}")), reasons=False)
    assert made.plan.latency_ms["p99"] <= float(least[1])
