"""What must not be lost unasked: components name the Terraform types of what they protect and keep."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from designs import designed, example_names

from groma.components import keeps_user_data, kinds, may_be_protected

RESOURCE = re.compile(r'^resource "(\w+)" "\w+" \{$(.*?)^\}$', re.MULTILINE | re.DOTALL)
PROTECTION = re.compile(
    r"^\s+(deletion_protection\w*|enable_deletion_protection|recovery_window_in_days|force_destroy)\s*= ",
    re.M,
)


def protected_in(module: str) -> set[str]:
    """The types of a module's resources that it protects against being destroyed."""
    folder = files("groma.terraform") / "modules" / module
    texts = [file.read_text() for file in folder.iterdir() if file.name.endswith(".tf")]
    return {type_ for text in texts for type_, body in RESOURCE.findall(text) if PROTECTION.search(body)}


@pytest.mark.parametrize("name", example_names())
def test_whatever_a_module_protects_a_component_names(name: str) -> None:
    named: dict[str, set[str]] = {}
    for part in designed(name).architecture.parts:
        for component in part.architecture.components:
            call = component.module(part.architecture)
            if call is not None:
                named.setdefault(call.module, set()).update(component.protected)
    assert named
    assert named == {module: protected_in(module) for module in named}


def test_what_keeps_user_data_is_protected() -> None:
    keepers = [kind for kind in kinds() if kind.keeps]
    assert keepers
    assert all(set(kind.keeps) <= set(kind.protected) for kind in keepers)


@pytest.mark.parametrize(
    ("address", "keeps", "protected"),
    [
        ("module.database.aws_db_instance.master", True, True),
        ("module.table.aws_dynamodb_table.this", True, True),
        ('module.region["us-west-2"].aws_rds_cluster.this', True, True),
        ("aws_cognito_user_pool.this", True, True),
        ("module.web.aws_lb.this", False, True),
        ("module.web.aws_lb_listener.http", False, False),
    ],
)
def test_addresses_are_known_by_their_types(address: str, keeps: bool, protected: bool) -> None:
    assert (keeps_user_data(address), may_be_protected(address)) == (keeps, protected)
