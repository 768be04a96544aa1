from __future__ import annotations

import json

import pytest

from groma.errors import WorkloadError
from groma.quantity import Range
from groma.workload import json_schema, load, parse, profile, profiles
from workloads import MINIMAL


def problem(text: str) -> str:
    with pytest.raises(WorkloadError) as caught:
        parse(text, source="groma.yaml")
    return str(caught.value)


def test_profile_fills_in_what_the_file_leaves_out():
    workload = parse(MINIMAL)
    assert workload.users.active_daily == Range(*profile("social-media")["users"]["active_daily"]["range"])
    assert workload.slo.p99_ms == 500
    assert workload.regions == ("us-east-1",)
    assert workload.alerts is None


def test_the_file_overrides_the_profile():
    workload = parse(MINIMAL + "load: {burst_to_peak_hour: 3, scv: [1, 2, 3]}\n")
    assert workload.load.burst_to_peak_hour == Range(3, 3, 3)
    assert workload.load.scv == Range(1, 2, 3)


def test_underscores_and_comments_are_read_as_people_write_them():
    assert parse("name: ab # x\nblueprint: three-tier\nusers: {total: 1_000_000}\n").users.total == 1_000_000


def test_every_quantity_of_a_profile_says_its_unit_and_source():
    for name in profiles():
        known = profile(name)
        for section in ("users", "load"):
            for quantity, entry in known[section].items():
                low, likely, high = entry["range"]
                assert low <= likely <= high, quantity
                assert entry["unit"], quantity
                assert entry["source"], quantity
        assert sum(request["share"] for request in known["requests"].values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: chirp\nblueprint: four-tier\nusers: {total: 5}\n", "groma.yaml:2: blueprint: 'four-tier'"),
        ("name: chirp\nblueprint: three-tier\nusers: {total: -5}\n", "groma.yaml:3: users.total"),
        ("name: chirp\nblueprint: three-tier\nusers: {total: 0}\n", "greater than 0"),
        ("name: chirp\nblueprint: three-tier\nusers: {total: 1.5}\n", "users.total"),
        ("name: chirp\nblueprint: three-tier\nusers: {total: many}\n", "'many'"),
        ("name: chirp\nblueprint: three-tier\nusers: {totl: 5}\n", "did you mean 'total'?"),
        ("name: chirp\nblueprint: three-tier\nuser: {total: 5}\n", "did you mean 'users'?"),
        ("name: chirp\nblueprint: three-tier\n", "users: is required"),
        ("name: Chirp!\nblueprint: three-tier\nusers: {total: 5}\n", "lower-case letters"),
        (MINIMAL + "slo: {p99_ms: 0}\n", "groma.yaml:4: slo.p99_ms"),
        (MINIMAL + "slo: {availability: 1.5}\n", "slo.availability"),
        (MINIMAL + "load: {scv: [3, 2, 1]}\n", "low <= likely <= high"),
        (MINIMAL + "load: {scv: [1, 2]}\n", "a number or [low, likely, high]"),
        (MINIMAL + "load: {scv: true}\n", "a number or [low, likely, high]"),
        (MINIMAL + "load: {scv: .inf}\n", "a number or [low, likely, high]"),
        (MINIMAL + "load: {edge_hit_share: 2}\n", "between 0 and 1"),
        (MINIMAL + "load: {peak_hour_to_mean: 0.5}\n", "between 1 and 24"),
        (MINIMAL + "load: {peak_hour_to_mean: 100}\n", "between 1 and 24"),
        (MINIMAL + "load: {burst_to_peak_hour: 0.5}\n", "between 1 and 12"),
        (MINIMAL + "load: {burst_to_peak_hour: 3000}\n", "between 1 and 12"),
        (MINIMAL + "budget_usd_per_month: .inf\n", "finite number"),
        (MINIMAL + "slo: {p99_ms: .nan}\n", "slo.p99_ms"),
        (MINIMAL + 'owner: "\\u0007"\n', "groma.yaml:4: owner"),
        (MINIMAL + "date: 2026-13-40\n", "groma.yaml:4: date"),
        ("name: sg-app\nblueprint: three-tier\nusers: {total: 5}\n", "must not begin with"),
        ("name: !!python/object/apply:os.system [ls]\nblueprint: three-tier\nusers: {total: 5}\n", "name"),
        (MINIMAL + f"load: {'[' * 500}{']' * 500}\n", "groma.yaml:4: is more than 16 levels deep"),
        (
            MINIMAL + "requests: {a: {share: 1, web_ms: 1, app_ms: 1, reads: 0, writes: 0, query_ms: 1}}\n",
            "at least one database read or write",
        ),
        (MINIMAL + "profile: bank\n", "choose one of: api, content-site"),
        (MINIMAL + "alerts: nobody\n", "alerts"),
        (MINIMAL + "regions: us-east-1\n", "groma.yaml:4: regions"),
        (MINIMAL + "budget_usd_per_month: -1\n", "budget_usd_per_month"),
        (MINIMAL + "date: yesterday\n", "date"),
        ("name: [\n", "is not valid YAML"),
        ("name: a\nname: b\n", "groma.yaml:2"),
        ("- one\n", "key: value"),
        ("", "key: value"),
        ("just text\n", "key: value"),
        (
            MINIMAL
            + "requests: {only: {share: 0.5, web_ms: 1, app_ms: 1, reads: 1, writes: 0, query_ms: 1}}\n",
            "add up to 0.5, not to 1",
        ),
    ],
)
def test_a_mistake_is_named_with_line_field_and_what_is_allowed(text: str, expected: str):
    assert expected in problem(text)


def test_all_mistakes_are_named_at_once():
    text = problem("name: chirp\nblueprint: x\nusers: {total: -1}\nfoo: 1\n")
    assert "groma.yaml:2: blueprint" in text
    assert "groma.yaml:3: users.total" in text
    assert "groma.yaml:4: foo" in text


def test_an_unreadable_file_is_an_error_of_its_own(tmp_path):
    with pytest.raises(WorkloadError, match="No such file"):
        load(tmp_path / "none.yaml")
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(WorkloadError, match="not UTF-8"):
        load(binary)
    with pytest.raises(WorkloadError):
        load(tmp_path)


def test_where_names_the_line_of_a_field():
    assert parse(MINIMAL, source="a.yaml").where("users", "total") == "a.yaml:3: users.total"
    assert parse(MINIMAL, source="a.yaml").where("slo", "p99_ms") == "a.yaml: slo.p99_ms"


def test_the_schema_asks_only_for_what_is_required():
    schema = json_schema()
    assert schema["required"] == ["name", "blueprint"]
    counts = [{"required": [name]} for name in ("total", "registered", "daily", "concurrent")]
    assert schema["$defs"]["Users"]["anyOf"] == counts
    assert "required" not in schema["$defs"]["Users"]
    assert schema["additionalProperties"] is False
    json.dumps(schema)
