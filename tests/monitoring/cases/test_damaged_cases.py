"""Files of cases that are wrong at random are refused with their line, or run."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from damaged import damaged
from groma.errors import InputError
from groma.monitoring.cases import load, run
from groma.monitoring.cases.notation import NotationError, points
from groma.workload.lines import MOST_BYTES, parse_yaml

FILES = sorted((Path(__file__).parent / "files").glob("*.yaml"))
MOST_CPU_S = 2.0


def plain(value: Any) -> Any:
    """Mappings and lists, which JSON, and so YAML, can write."""
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, tuple) else value


def three_cases(file: Path, chance: Random) -> Any:
    whole = plain(parse_yaml(file.read_text(encoding="utf-8"), file.name, as_text=True)[0])
    return {**whole, "cases": chance.sample(whole["cases"], min(3, len(whole["cases"])))}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_damaged_ones_are_refused_or_run(file: Path, tmp_path: Path):
    refused: list[str] = []
    for seed in range(10):
        path = tmp_path / "cases.yaml"
        whole = damaged(three_cases(file, Random(seed)), Random(seed))
        path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
        began = time.process_time()
        try:
            run(load(path, dict)).words()
        except InputError as error:
            refused.append(str(error))
        assert time.process_time() - began < MOST_CPU_S, whole
    assert len(refused) > 1
    assert max(map(len, refused)) < 2_000


@pytest.mark.parametrize(
    "content", [b"\xff", b"x" * (MOST_BYTES + 1), b"cases: &a [*a]\n", b"%YAML 9.9\n---\n"], ids=len
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "cases.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=str(path)):
        load(path, dict)


@pytest.mark.parametrize("line", ["1e999", "-1e200", "9" * 400, "0..1e999x3", "1*" + "9" * 400, "2&1e300"])
def test_values_that_cloudwatch_does_not_take_are_refused(line: str):
    with pytest.raises(NotationError, match="is no value"):
        points(line)
