"""Files that nobody writes on purpose: each is refused at once, in words, with its line."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from groma.errors import WorkloadError
from groma.workload import load, parse
from groma.workload.explaining import MOST_TOLD
from groma.workload.lines import MOST_BYTES, parse_yaml
from groma.workload.load_values import Load
from groma.workload.model import Goals, Workload
from groma.workload.parts import RequestClass
from groma.workload.quantities import LEAST, MOST
from groma.workload.texts import TURNING
from groma.workload.users import Users
from workloads import MINIMAL

MOST_CPU_S = 2.0
ONE_CLASS = "requests: {a: {share: 1, web_ms: 1, app_ms: 1, reads: 1, writes: 0, query_ms: 1%s}}\n"


def classes(count: int) -> str:
    work = "web_ms: 1, app_ms: 1, reads: 1, writes: 0, query_ms: 1"
    rows = (f"  c{number}: {{share: {1 / count!r}, {work}}}\n" for number in range(count))
    return "requests:\n" + "".join(rows)


def bomb(first: str, rest: str) -> str:
    """Nine aliases of nine aliases of nine …: 9^10 values."""
    levels = [f"a0: &a0 {first}\n"]
    levels += [f"a{n}: &a{n} {rest % ','.join([f'*a{n - 1}'] * 9)}\n" for n in range(1, 11)]
    return MINIMAL + "".join(levels)


def refusal(text: str) -> str:
    """How a file is refused, in no time and few words."""
    began = time.process_time()
    with pytest.raises(WorkloadError) as caught:
        parse(text, source="groma.yaml")
    assert time.process_time() - began < MOST_CPU_S
    said = str(caught.value)
    assert len(said) < 8_000
    assert all(each.isprintable() or each == "\n" for each in said)
    return said


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (f"load: {{scv: 1{'0' * 400}}}\n", "groma.yaml:4: load.scv: has 401 digits"),
        (f"load: {{scv: 1{'0' * 40}}}\n", "groma.yaml:4: load.scv: must be 0 or between 1e-09 and 1e+12"),
        (f"budget_usd_per_month: 1{'0' * 5000}\n", "groma.yaml:4: budget_usd_per_month: has 5,001 digits"),
        ("slo: {p99_ms: 1.0e-300}\n", "groma.yaml:4: slo.p99_ms: must be 0 or between"),
        (ONE_CLASS % ", posts: 1.0e+300", "groma.yaml:4: requests.a.posts: must be 0 or between"),
        ("load: !!pairs [scv: 1, scv: 2]\n", "groma.yaml:4: load: the tag 'pairs' means nothing here"),
        ("waf: !!bool first\n", "groma.yaml:4: waf: 'first' is no bool"),
        ("owner: !!int ''\n", "groma.yaml:4: owner: '' is no int"),
        ("owner: !!null first\n", "groma.yaml:4: owner: the tag 'null' means nothing"),
        ("owner: !!seq first\n", "groma.yaml:4: owner: the tag 'seq' means nothing"),
        ("load: !!map [a]\n", "groma.yaml:4: load: the tag 'map' means nothing"),
        ("load: !mine {scv: 1}\n", "groma.yaml:4: load: the tag '!mine' means nothing here"),
        ("load: &a {scv: *a}\n", "groma.yaml:4: load.scv: holds itself"),
        ("load: &a {scv: {scv: *a}}\n", "groma.yaml:4: load.scv.scv: holds itself"),
        ("regions: &a [*a]\n", "groma.yaml:4: regions.0: holds itself"),
        ("load: &a\n  <<: *a\n", "groma.yaml:4: load: holds itself"),
        ("load: {<<: 3}\n", "groma.yaml:4: load: `<<` takes in nothing but mappings"),
        ("load: *nobody\n", "groma.yaml:4: is not valid YAML: found undefined alias"),
        ("? [1, 2]\n: 3\n", "groma.yaml:4: a list stands as a key"),
        ("? {a: b}\n: 3\n", "groma.yaml:4: a mapping stands as a key"),
        ("(1, 2): 3\n", "groma.yaml:4: (1, 2): there is no key '(1, 2)'"),
        ("users: 3\n", "groma.yaml:4: users: 'users' stands in line 3, too"),
        ("owner: a\0b\n", "groma.yaml:4: is not valid YAML: U+0000 may not stand"),
        (f"? '{'k' * 900_000}'\n: 1\n", "there is no key"),
        (f"owner: {'x' * 900_000}\n", "xxx… (900,002 characters)"),
        ("".join(f"key{number}: 1\n" for number in range(3_000)), f"{3_000 - MOST_TOLD:,} more mistakes"),
        ("".join(f"key{number}: 1\n" for number in range(60_000)), "has more than 10,000 keys and values"),
        (f"load: {'[' * 200_000}\n", "is more than 16 levels deep"),
        (f"load: {'{a: ' * 5_000}\n", "is more than 16 levels deep"),
        (f"owner: {'x' * MOST_BYTES}\n", "has more than 1,000,000 bytes"),
        (classes(500), "groma.yaml:4: requests: has more than 50 entries"),
        ("regions: [" + "us-east-1, " * 500 + "]\n", "groma.yaml:4: regions: has more than 40 entries"),
        ("users.total: 1\n", "there is no key 'users.total'"),
        (ONE_CLASS.replace("share: 1", "share: 0.5") % "", "groma.yaml:4: requests: the shares"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_few_words(more: str, expected: str):
    assert expected in refusal(MINIMAL + more)


@pytest.mark.parametrize("text", [bomb("[x, x]", "[%s]"), bomb("{x: 1}", "{<<: [%s]}")])
def test_aliases_are_counted_as_often_as_they_repeat(text: str):
    assert "repeats more than 10,000 values" in refusal(text)


@pytest.mark.parametrize(
    "text", ["%YAML 9.9\n---\n" + MINIMAL, "!!pairs\n- name: chirp\n", f"&a\n{MINIMAL}load: *a\n", "\0", ""]
)
def test_whole_files_are_refused_with_a_line(text: str):
    assert refusal(text).startswith("groma.yaml:1: ")


@pytest.mark.parametrize(
    "character", ["\\a", "\\0", "\\n", "\\x85", "\\u2028", "\\uFFFE", "\\uFDD0", "\\u202E"]
)
def test_texts_are_lines_that_every_document_can_hold(character: str):
    assert "groma.yaml:4: owner: must be one line" in refusal(f'{MINIMAL}owner: "a{character}b"\n')
    assert "requests.a.source: must be one" in refusal(MINIMAL + ONE_CLASS % f', source: "{character}"')
    assert "must be one line" in refusal(MINIMAL + (ONE_CLASS % "").replace("a:", f'"{character}":', 1))


def test_half_a_pair_of_utf_16_is_no_text():
    assert parse(MINIMAL + 'owner: "\\ud83d\\ude42"\n').owner == "🙂"
    assert "\ud800" not in parse(MINIMAL + 'owner: "a\\ud800"\n').owner


def test_letters_of_any_language_are_welcome():
    stated = "اَلْعَرَبِيَّةُ ‏עברית 中文 👩‍👩‍👧 é"
    assert parse(f"{MINIMAL}owner: {stated}\n").owner == stated
    assert not TURNING & set(stated)


def test_aliases_and_merges_are_read():
    text = "load: &load {scv: 2, page_mb: 3}\n"
    stated, lines = parse_yaml(f"{text}more:\n  <<: *load\n  scv: 5\nagain: *load\n", "a.yaml")
    assert stated["more"] == {"scv": 5, "page_mb": 3}
    assert stated["again"] == stated["load"]
    assert (lines[("more", "scv")], lines[("again",)]) == (4, 5)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"x" * (MOST_BYTES + 1), "bytes, and is not read"),
        (b"name: chirp\n\xff", ":2: cannot be read: not UTF"),
    ],
)
def test_files_are_bounded_before_they_are_read(tmp_path: Path, content: bytes, expected: str):
    path = tmp_path / "groma.yaml"
    path.write_bytes(content)
    with pytest.raises(WorkloadError, match=expected):
        load(path)


def test_a_file_without_an_end_is_refused():
    with pytest.raises(WorkloadError, match="is not read"):
        load("/dev/zero")


def numbers() -> Iterator[Any]:
    """Every number of the schema but whole ones, as a parameter of a test."""
    for part in (Users, Goals, Load, RequestClass, Workload):
        for name, field in part.model_fields.items():
            kind = str(field.annotation) + str(field.metadata)
            if "float" in kind or "Range" in kind:
                yield pytest.param(part, name, id=f"{part.__name__}.{name}")


@pytest.mark.parametrize(("part", "name"), list(numbers()))
@pytest.mark.parametrize("stated", [MOST * 10, LEAST / 10, 10**400, math.nan, math.inf])
def test_every_number_is_within_reason(part: type[BaseModel], name: str, stated: float):
    value = (stated,) if "tuple" in str(part.model_fields[name].annotation) else stated
    with pytest.raises(ValidationError) as caught:
        part.model_validate({name: value})
    assert name in {error["loc"][0] for error in caught.value.errors()}


def test_the_schema_has_numbers():
    assert len(list(numbers())) > 50
