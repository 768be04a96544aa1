"""The house keeps room for what comes: few rooms on few levels, no circle, short files, short functions."""

from __future__ import annotations

import ast
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from groma.blueprints import BLUEPRINTS
from test_layers import HEIGHT, LAYERS, nodes
from workloads import ROOT

MOST_ROOMS, MOST_LEVELS = 26, 14
MOST_LINES_OF_A_FILE, MOST_LINES_OF_A_FUNCTION = 400, 60
SOURCES = sorted((ROOT / "src").rglob("*.py"))
PYTHON = [path for folder in ("src", "tests", "benchmarks") for path in sorted((ROOT / folder).rglob("*.py"))]
NAME_A_BLUEPRINT = ("groma/blueprints/__init__.py", "groma/workload/kinds.py")
"""Where what a blueprint is follows from its name; everybody else asks its protocol or its kind."""


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def graph() -> Mapping[str, set[str]]:
    """Module → the modules of ours that it imports, anywhere in it."""
    modules = {module_of(path): path for path in SOURCES}
    found: dict[str, set[str]] = {}
    for module, path in modules.items():
        used = set()
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{each.name}" for each in node.names]
                used |= {name if name in modules else node.module for name in names}
            elif isinstance(node, ast.Import):
                used |= {each.name for each in node.names}
        found[module] = used & set(modules) - {module}
    return found


def circles(edges: Mapping[str, set[str]]) -> list[set[str]]:
    """The sets of modules that import each other, round about: what is left when all ends are taken off."""
    left = {module: set(used) for module, used in edges.items()}
    for _ in range(2):
        while ends := {module for module, used in left.items() if not used & left.keys()}:
            left = {module: used for module, used in left.items() if module not in ends}
        backwards: dict[str, set[str]] = {module: set() for module in left}
        for module, used in left.items():
            for each in used & left.keys():
                backwards[each].add(module)
        left = backwards
    return [set(left)] if left else []


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_there_are_few_rooms_on_few_levels() -> None:
    assert len(HEIGHT) <= MOST_ROOMS
    assert len(LAYERS) <= MOST_LEVELS


def test_no_modules_import_each_other_round_about() -> None:
    edges = graph()
    assert sum(map(len, edges.values())) > len(edges)
    assert circles(edges) == []


@pytest.mark.parametrize(
    ("edges", "circle"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}, [{"b", "c"}]),
    ],
)
def test_a_circle_would_be_found(edges: Mapping[str, set[str]], circle: list[set[str]]) -> None:
    assert circles(edges) == circle


def test_no_file_is_longer_than_one_likes_to_read() -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines()) for path in PYTHON}
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    every = itertools.chain.from_iterable(
        ((path.relative_to(ROOT), name, lines) for name, lines in functions(path)) for path in PYTHON
    )
    assert [found for found in every if found[2] > MOST_LINES_OF_A_FUNCTION] == []


def test_nobody_asks_which_blueprint_it_is() -> None:
    """A comparison with a name, or a dictionary of names, would be a second place that knows them."""
    asking = []
    for path in SOURCES:
        if str(path.relative_to(ROOT / "src")) in NAME_A_BLUEPRINT:
            continue
        for node in nodes(path):
            parts = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
            parts += node.keys if isinstance(node, ast.Dict) else []
            named = [
                each for part in parts if part for each in ast.walk(part) if isinstance(each, ast.Constant)
            ]
            if any(each.value in BLUEPRINTS for each in named if isinstance(each.value, str)):
                asking.append(f"{path.relative_to(ROOT)}:{node.lineno}")  # type: ignore[attr-defined]
    assert asking == []


def test_no_two_files_of_tests_have_one_name() -> None:
    """pytest imports them by their names alone, and gives up at the second."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("*.py") if path.name != "conftest.py")
    assert [name for name, times in names.items() if times > 1 and name != "__init__.py"] == []


def test_what_was_measured_as_slow_is_still_there() -> None:
    """What was renamed since would be fast again, unmeasured."""
    measured = [line.split("::") for line in (ROOT / "tests" / "slow.txt").read_text("utf-8").split()]
    gone = [(path, name) for path, name in measured if f"def {name}(" not in (ROOT / path).read_text("utf-8")]
    assert measured == sorted(measured)
    assert gone == []
