"""The tables of a README: made from vars.tf and outputs.tf, beside what is written by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from groma.terraform import readme

VARS = """
variable "name" {
  description = "Name: a | b."
  type        = string
}

variable "sizes" {
  description = "Sizes by zone."
  type        = map(number)
  default     = {}
}
"""


@pytest.fixture
def module(tmp_path: Path) -> Path:
    (tmp_path / "vars.tf").write_text(VARS)
    (tmp_path / "outputs.tf").write_text('output "arn" {\n  description = "ARN."\n  value       = "a"\n}\n')
    return tmp_path


@pytest.mark.parametrize("name", readme.names())
def test_every_readme_is_current(name: str) -> None:
    folder = readme.MODULES / name
    text = (folder / "README.md").read_text()
    assert readme.renewed(text, folder) == text, "run: python -m groma.terraform.readme"
    assert readme.BEGIN in text


def test_tables_come_last_and_what_is_by_hand_stays(module: Path) -> None:
    text = readme.renewed("# Thing\n\nBy hand.\n", module)
    assert text.startswith("# Thing\n\nBy hand.\n\n<!-- made by")
    assert "| `name` | `string` | required | Name: a \\| b. |" in text
    assert "| `sizes` | `map(number)` | `{}` | Sizes by zone. |" in text
    assert "| `arn` | ARN. |" in text
    assert readme.renewed(text, module) == text


def test_what_stands_behind_the_tables_stays_there(module: Path) -> None:
    text = readme.renewed("# Thing\n", module) + "\n## Notes\n\nMore by hand.\n"
    (module / "outputs.tf").unlink()
    renewed = readme.renewed(text, module)
    assert renewed.endswith("\n## Notes\n\nMore by hand.\n")
    assert "## Outputs" not in renewed
    assert readme.renewed(renewed, module) == renewed


def test_tables_from_before_the_markers_are_replaced(module: Path) -> None:
    old = "# Thing\n\n## Inputs\n\n| Name |\n| --- |\n| `old` |\n\n## Outputs\n\n| old |\n"
    renewed = readme.renewed(old, module)
    assert "old" not in renewed
    assert renewed.count("## Inputs") == 1
