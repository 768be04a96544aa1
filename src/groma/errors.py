"""What can go wrong, as a tree. The command line alone turns these into exit codes.

GromaError
├── InputError            bad input or wrong use                     exit code 2
│   └── WorkloadError     … in the workload file: file, line, field
├── Infeasible            the goals cannot be met; says which        exit code 1
└── OutsideError          something outside Groma failed             exit code 3
    ├── ToolMissing       Terraform or its provider is not there
    ├── TerraformError    Terraform ran and failed
    └── CloudError        the embedded cloud or AWS did not answer
"""

from __future__ import annotations


class GromaError(Exception):
    """Base of every error a user can meet: where it is, what is wrong, what to do next.

    Attributes:
        what: one sentence, what is wrong.
        where: the file, line, field, command or resource; empty when there is no place.
        hint: what to do next; empty when there is nothing to add.
    """

    exit_code = 3

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{place}{self.what}{hint}"


class InputError(GromaError):
    """What the user gave cannot be used."""

    exit_code = 2


class WorkloadError(InputError):
    """The workload file says something that Groma cannot accept."""


class Infeasible(GromaError):
    """No design meets the stated goals."""

    exit_code = 1


class OutsideError(GromaError):
    """Something that Groma depends on failed."""


class ToolMissing(OutsideError):
    """A program or plug-in that Groma drives is not installed and cannot be fetched."""


class TerraformError(OutsideError):
    """Terraform ended with an error."""


class CloudError(OutsideError):
    """The embedded cloud or AWS did not answer as expected."""
