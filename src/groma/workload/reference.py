"""The page about a workload file: every key with what it is, its default and an example, from the model.

`python -m groma.workload.reference` writes docs/reference/workload.md anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from groma.quantity import Range
from groma.workload.explaining import EACH, PARTS
from groma.workload.kinds import KINDS
from groma.workload.lines import parse_yaml
from groma.workload.model import Workload
from groma.workload.profiles import profile

PAGE = Path("docs", "reference", "workload.md")
BASE: Mapping[str, str] = {"name": "shop", "blueprint": "three-tier", "users": "{total: 50_000}"}
"""What every example is laid over."""
REQUIRED = "required"
_INTRODUCTION = """\
# The workload file, key by key

<!-- made by python -m groma.workload.reference of the model and of src/groma/workload/data/examples.yaml -->

`groma init` writes a file to begin with, and beside it a JSON Schema by which an editor knows all of this. A
quantity is one number or `[low, likely, high]`. Every example is planned by a test, laid over these lines:

```yaml
{base}
```
"""


def examples() -> Mapping[str, tuple[str, ...]]:
    """Section → texts that state keys of it."""
    file = resources.files("groma.workload") / "data" / "examples.yaml"
    found, _ = parse_yaml(file.read_text(encoding="utf-8"), file.name)
    return found


def whole(example: str) -> str:
    """A whole file: an example laid over `BASE`."""
    stated, _ = parse_yaml(example, "example")
    rest = "".join(f"{key}: {value}\n" for key, value in BASE.items() if key not in stated)
    return rest + example


def page() -> str:
    """The whole page."""
    base = "\n".join(f"{key}: {value}" for key, value in BASE.items())
    sections = "\n".join(_section(key, field) for key, field in Workload.model_fields.items())
    return f"{_INTRODUCTION.format(base=base)}\n{sections}"


def _section(key: str, field: FieldInfo) -> str:
    texts = [f"## `{key}`\n", f"{_sentence(field)}{_default((key,), field)}.\n", *_refusals(key)]
    parts: dict[tuple[str | int, ...], type[BaseModel]] = {
        path: part for path, part in PARTS.items() if path[:1] == (key,)
    }
    several = {path: part for path, part in EACH.items() if path[:1] == (key,) and "app" not in path}
    parts |= {(*path, "<name>"): part for path, part in several.items()}
    texts += [_table(path, part) for path, part in parts.items()]
    texts += [f"```yaml\n{text}```\n" for text in examples()[key]]
    return "\n".join(texts)


def _refusals(key: str) -> Iterator[str]:
    """Which blueprints refuse a key, and why."""
    for name, kind in KINDS.items():
        for unused, reason in kind.unused.items():
            named, _, value = unused.partition(": ")
            if named == key:
                yield f"{f'`{value}` is refused' if value else 'Refused'} by `{name}`: {reason}.\n"


def _table(path: tuple[str | int, ...], part: type[BaseModel]) -> str:
    """The keys of a part of the file."""
    inside = ".".join(map(str, path))
    rows = [f"| key of `{inside}` | what it is | when left out |", "| --- | --- | --- |"]
    for name, field in part.model_fields.items():
        said = (field.description or "").replace("|", "\\|")
        left_out = _left_out((*map(str, path), name), field).replace("|", "\\|")
        rows.append(f"| `{name}` | {said} | {left_out} |")
    return "\n".join(rows) + "\n"


def _sentence(field: FieldInfo) -> str:
    said = field.description or "The people, the goals, or the load"
    return said[0].upper() + said[1:]


def _default(path: tuple[str, ...], field: FieldInfo) -> str:
    said = _left_out(path, field)
    if said == REQUIRED:
        return f"; {REQUIRED}"
    return f". When left out: {said}" if said else ""


def _left_out(path: tuple[str, ...], field: FieldInfo) -> str:
    """What holds where a key is left out; empty where its description says so or nothing does."""
    section, key = path[0], path[-1]
    if len(path) == 2 and key in profile("social-media").get(section, {}):
        return "the profile's"
    if path == ("requests",):
        return "the profile's"
    if field.is_required():
        return REQUIRED if path != ("load",) else "the profile's"
    default = field.get_default(call_default_factory=True)
    if default in (None, (), {}, "", 0) or isinstance(default, BaseModel):
        return ""
    return f"`{_written(default)}`"


def _written(value: Any) -> str:
    """A default as a file would state it."""
    if isinstance(value, Range):
        numbers = (value.low, value.likely, value.high)
        return f"[{', '.join(f'{number:g}' for number in numbers)}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    return f"{value:g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
