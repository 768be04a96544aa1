"""The inputs and outputs of a module's README, made from its vars.tf and outputs.tf.

    python -m groma.terraform.readme            write them into every module's README
    python -m groma.terraform.readme --check    only say which are not current

What stands before the first marker (what the module is, and its example) is written by hand.
Needs python-hcl2, which is a tool of development.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

MODULES = Path(__file__).parent / "modules"
BEGIN = "<!-- made by python -m groma.terraform.readme from vars.tf and outputs.tf -->"
END = "<!-- end of what is made -->"
_GENERATED = re.compile(rf"\n*(?:{re.escape(BEGIN)}.*?{re.escape(END)}|## Inputs\n.*)\n*", re.DOTALL)
"""What stands between the markers or, before there were any, everything from `## Inputs` on."""


_MARKERS = ("__is_block__", "__comments__", "__inline_comments__")
"""What the parser puts among a block's attributes."""


def names() -> tuple[str, ...]:
    """All modules, by name."""
    return tuple(sorted(path.parent.name for path in MODULES.glob("*/main.tf")))


def renewed(text: str, module: Path) -> str:
    """A README's text with the tables of its module as it is now; they come last where there were none."""
    made = f"\n\n{BEGIN}\n{tables(module)}\n{END}\n"
    found = _GENERATED.search(text)
    if found is None:
        return text.rstrip("\n") + made
    rest = text[found.end() :]
    return text[: found.start()] + made + (f"\n{rest}" if rest else "")


def tables(module: Path) -> str:
    """The section on inputs and, where the module has any, the one on outputs."""
    inputs = [
        (f"`{name}`", f"`{body['type']}`", _default(body), body["description"])
        for name, body in blocks(module / "vars.tf", "variable").items()
    ]
    outputs = [
        (f"`{name}`", body["description"]) for name, body in blocks(module / "outputs.tf", "output").items()
    ]
    sections = [f"## Inputs\n\n{table(('Name', 'Type', 'Default', 'What it is'), inputs)}"]
    if outputs:
        sections.append(f"## Outputs\n\n{table(('Name', 'What it is'), outputs)}")
    return "\n\n".join(sections)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def blocks(path: Path, kind: str) -> dict[str, dict[str, Any]]:
    """The labelled blocks of a kind in a Terraform file, by label; none when there is no such file."""
    if not path.is_file():
        return {}
    return labelled(parse(path.read_text(encoding="utf-8")), kind)


def labelled(document: Mapping[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """The labelled blocks of a kind in a parsed document, by label."""
    return {label: body for block in document.get(kind, []) for label, body in block.items()}


def parse(text: str) -> Any:
    """HCL as plain values: strings as they are, expressions as text."""
    import hcl2

    return _plain(hcl2.loads(text))


def _plain(value: Any) -> Any:
    """What the parser returns, without its quotes and markers."""
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items() if key not in _MARKERS}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str) and re.fullmatch(r'"(\\.|[^"\\])*"', value):
        return json.loads(value)
    if isinstance(value, str) and value.startswith("${"):
        return value[2:-1]
    return value


def _default(body: Mapping[str, Any]) -> str:
    return f"`{json.dumps(body['default'], ensure_ascii=False)}`" if "default" in body else "required"


def main(arguments: Sequence[str]) -> int:
    """Write or check the READMEs of all modules; 1 when one is not current and only a check was asked for."""
    stale = []
    for name in names():
        path = MODULES / name / "README.md"
        text = path.read_text(encoding="utf-8") if path.is_file() else f"# {name}\n"
        new = renewed(text, path.parent)
        if new != text:
            stale.append(name)
            if "--check" not in arguments:
                path.write_text(new, encoding="utf-8")
    done = "not current" if "--check" in arguments else "written"
    print("\n".join(f"{name}/README.md: {done}" for name in stale) or "all are current")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
