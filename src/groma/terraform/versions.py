"""Which releases of Terraform, OpenTofu and the AWS provider everything asks for: the one place that says so.

Generated roots take the constraints from here. The modules are written by hand and carry theirs on disk, for
each must stand alone: `pytest tests/terraform/test_versions.py` holds them to these, and with `--regenerate`
it stamps them anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

PROVIDER_SOURCE = "hashicorp/aws"
PROVIDER = "~> 5.100"
"""What generated roots ask for: the release that everything is tried with."""
PROVIDER_OF_MODULES = ">= 5.100, < 7.0"
"""A module that is pinned to 5 cannot be called from a root of 6: they are written for both (0029)."""
OLDEST = "1.9"
"""What the modules' validations need: they refer to more than one variable."""
WRITE_ONLY = "1.11"
"""What write-only arguments and ephemeral resources need; so does every root, since any may hold a secret."""
PINNED = "1.11.4"
"""The release that `groma setup` fetches where neither Terraform nor OpenTofu is installed."""

MODULES = Path(__file__).parent / "modules"
USES_WRITE_ONLY = re.compile(r"^ephemeral |^\s*\w+_wo\s*=", re.MULTILINE)


def terraform_block(terraform: str, provider: str = PROVIDER) -> str:
    """The block with both constraints; `terraform` is the oldest release that will do."""
    return f'''terraform {{
  required_version = ">= {terraform}"

  required_providers {{
    aws = {{
      source  = "{PROVIDER_SOURCE}"
      version = "{provider}"
    }}
  }}
}}
'''


def needed_by(texts: Iterable[str]) -> str:
    """The oldest Terraform that has what these files of a module use."""
    return WRITE_ONLY if any(USES_WRITE_ONLY.search(text) for text in texts) else OLDEST


def stamped() -> dict[Path, str]:
    """Every file of the modules that is nothing but the block → what it should hold."""
    return {
        path: terraform_block(
            needed_by(file.read_text() for file in path.parent.glob("*.tf")), PROVIDER_OF_MODULES
        )
        for path in sorted(MODULES.glob("*/versions.tf"))
    }
