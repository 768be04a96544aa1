"""The page about the house shows the house: its rooms on their levels, and files that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from test_layers import LAYERS, SOURCE
from workloads import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PICTURE = PAGE.partition("```text\n")[2].partition("```")[0]
ROOMS = sorted(path.parent for path in SOURCE.glob("*/__init__.py") if path.parent.name != "components")
"""Every folder but that of the AWS services, whose files are named as these are."""
PATH = re.compile(r"`((?:src|tests|docs|examples)/[\w./-]+|README\.md)`")


def test_the_picture_shows_every_room_on_its_level() -> None:
    shown = []
    for line in PICTURE.splitlines():
        level, *words = line.partition("│")[0].split()
        shown.append((int(level), set(words)))
    assert shown == [(len(LAYERS) - i, layer) for i, layer in enumerate(reversed(LAYERS))]


def test_every_path_that_it_names_is_there() -> None:
    named = {path.partition("<")[0] for path in PATH.findall(PAGE)}
    assert len(named) > 40
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.name)
def test_a_room_says_what_each_of_its_files_is_for(room: Path) -> None:
    said = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or ""
    files = [each.name for each in room.glob("*.py") if not each.name.startswith("__")]
    folders = [f"{each.name}/" for each in room.iterdir() if any(each.glob("*.py"))]
    assert [name for name in (*files, *folders) if name not in said] == []
