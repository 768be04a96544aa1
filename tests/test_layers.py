"""Who may import whom: downwards only, and siblings never meet."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "groma"

LAYERS = [
    {"errors", "quantity", "userdirs", "words"},
    {"terms"},
    {"answers", "catalog", "application"},
    {"workload", "architecture", "sizing"},
    {"components"},
    {"blueprints"},
    {"design"},
    {"check", "bill", "monitoring", "diagram"},
    {"terraform"},
    {"questions"},
    {"report"},
    {"live"},
    {"cli"},
]
HEIGHT = {room: height for height, rooms in enumerate(LAYERS) for room in rooms}


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("groma"):
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {name.name for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {name.name.split(".")[1] for name in node.names if name.name.startswith("groma.")}
    return found


def names_imported(path: Path) -> set[str]:
    """The packages that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
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
    assert imports(SOURCE / "cli" / "console.py") == {"words"}


def test_only_live_touches_network_processes_and_the_clock():
    outside = {"boto3", "socket", "subprocess", "http", "urllib", "requests", "time", "moto", "ministack"}
    wrong = []
    for path in SOURCE.rglob("*.py"):
        if room_of(path) in {"live", "application"}:
            continue
        wrong += [f"{path.name} imports {name}" for name in sorted(names_imported(path) & outside)]
    assert wrong == []
