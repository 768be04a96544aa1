"""Who may import whom: downwards only, siblings never meet, and one file alone knows the application."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "groma"
CHIRP = SOURCE.parent / "chirp"
SEAM = SOURCE / "application" / "sample.py"
"""The one file of Groma that knows the sample application."""
FOR_SHIPPING = {"application", "errors", "installation"}
"""What an application may import of Groma where it is built and described."""

LAYERS = [
    {"errors", "quantity", "words"},
    {"installation", "files", "terms", "iam"},
    {"answers", "catalog", "application"},
    {"workload", "architecture", "sizing"},
    {"components"},
    {"blueprints", "bill"},
    {"design"},
    {"check", "monitoring", "diagram", "simulation"},
    {"terraform"},
    {"questions"},
    {"report"},
    {"live"},
    {"cli"},
]
HEIGHT = {room: height for height, rooms in enumerate(LAYERS) for room in rooms}


@cache
def tree(path: Path) -> ast.Module:
    """A file as Python reads it."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All of it."""
    return tuple(ast.walk(tree(path)))


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("groma"):
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {name.name for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {name.name.split(".")[1] for name in node.names if name.name.startswith("groma.")}
    return found


def names_imported(path: Path) -> set[str]:
    """The packages that a file imports, anywhere in it."""
    found = set()
    for node in nodes(path):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        found |= {name.split(".")[0] for name in names}
    return found


def test_every_room_has_its_place():
    rooms = {room_of(p) for p in SOURCE.rglob("*.py")} - {"__init__"}
    assert rooms == set(HEIGHT)


def test_imports_go_downwards_only():
    wrong = []
    for path in SOURCE.rglob("*.py"):
        room = room_of(path)
        if room == "__init__":
            continue
        for used in imports(path) - {room, "__version__"}:
            if HEIGHT[used] >= HEIGHT[room]:
                wrong.append(f"{path.relative_to(SOURCE)} imports {used}")
    assert wrong == []


def test_only_the_console_and_the_progress_of_terraform_know_how_a_terminal_is_drawn_on():
    drawing = {
        str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.py") if "rich" in names_imported(path)
    }
    assert drawing == {"cli/console.py", "live/progress.py"}
    assert imports(SOURCE / "cli" / "console.py") - {"cli"} == {"words"}


def test_only_live_touches_network_processes_and_the_clock():
    outside = {"boto3", "socket", "subprocess", "http", "urllib", "requests", "time", "moto", "ministack"}
    wrong = []
    for path in SOURCE.rglob("*.py"):
        if room_of(path) == "live":
            continue
        wrong += [f"{path.name} imports {name}" for name in sorted(names_imported(path) & outside)]
    assert wrong == []


def named(path: Path) -> set[str]:
    """Every module that a file names, by an import or as a text that could be given to importlib."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= {node.value} if re.fullmatch(r"\w+(\.\w+)*", node.value) else set()
    return found


def within(package: str, names: set[str]) -> set[str]:
    return {name for name in names if name.partition(".")[0] == package}


def test_only_the_seam_knows_the_sample_application():
    knowing = {path for path in SOURCE.rglob("*.py") if within("chirp", named(path))}
    assert knowing == {SEAM}


def test_what_of_the_application_runs_elsewhere_knows_nothing_of_groma():
    wrong = []
    for path in CHIRP.rglob("*.py"):
        if path.relative_to(CHIRP).parts[0] != "shipping":
            names = named(path)
            foreign = within("groma", names) | {name for name in names if name.startswith("chirp.shipping")}
            wrong += [f"{path.relative_to(CHIRP)} names {name}" for name in sorted(foreign)]
    assert wrong == []


def test_what_ships_the_application_knows_the_seam_alone():
    names = {name for path in (CHIRP / "shipping").rglob("*.py") for name in within("groma", named(path))}
    assert {name.split(".")[1] for name in names} == FOR_SHIPPING
    assert not [name for name in names if name.startswith("groma.application.sample")]
