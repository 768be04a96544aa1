"""The commands that the README of the module `backup-copies` gives are AWS's."""

from __future__ import annotations

import re

import pytest
from botocore.session import get_session

from groma.terraform.readme import MODULES

TEXT = (MODULES / "backup-copies" / "README.md").read_text(encoding="utf-8").replace("\\\n", " ")
COMMANDS = re.findall(r"aws rds ([a-z-]+)((?: +(?:--[a-z-]+|[\w\"$-]+))*)", TEXT)


@pytest.mark.parametrize(("command", "options"), COMMANDS)
def test_each_option_is_a_parameter_of_the_operation(command: str, options: str) -> None:
    model = get_session().get_service_model("rds")
    (operation,) = (o for o in model.operation_names if o.lower() == command.replace("-", ""))
    shape = model.operation_model(operation).input_shape
    assert shape is not None
    known = {name.lower() for name in shape.members} | {"region"}
    given = {option.replace("-", "") for option in re.findall(r"--([a-z-]+)", options)}
    assert given
    assert given <= known


def test_both_commands_are_read() -> None:
    assert [command for command, _ in COMMANDS] == [
        "restore-db-instance-to-point-in-time",
        "describe-db-instance-automated-backups",
    ]
