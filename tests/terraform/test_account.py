"""What an account asks: a boundary on each role, a key on all that is kept, a prefix before each name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import groma
from groma.design import design
from groma.errors import WorkloadError
from groma.terraform import module_calls, render
from groma.terraform.account import KEYED, ROLES
from groma.terraform.effects import effects
from groma.workload import KINDS, parse
from groma.workload.reading import name_in

MODULES = Path(groma.__file__).parent / "terraform" / "modules"
ROLE = re.compile(r'^resource "aws_iam_role" .*?^}', re.MULTILINE | re.DOTALL)
BOUNDARY = "arn:aws:iam::123456789012:policy/team"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
BASE = "name: shop\nblueprint: three-tier\nusers: {total: 50_000}\n"
OWN = "application: {archive: ./build, start: ./serve, workers: {mail: {command: ./work}}}\n"


def test_every_role_of_every_module_takes_a_boundary() -> None:
    with_roles = set()
    for module in (path for path in MODULES.iterdir() if path.is_dir()):
        for file in module.glob("*.tf"):
            for role in ROLE.findall(file.read_text()):
                with_roles.add(module.name)
                assert re.search(r"permissions_boundary\s+= var\.permissions_boundary\n", role), file
    assert with_roles == ROLES


def test_a_boundary_is_given_to_every_module_that_makes_a_role() -> None:
    calls = module_calls(design(parse(f"{BASE}boundary: {BOUNDARY}\n"), reasons=False).architecture)
    given = {name for name, call in calls.items() if call.arguments.get("permissions_boundary") == BOUNDARY}
    assert given == {name for name, call in calls.items() if call.module in ROLES} == {
        "app", "cdn", "database", "network", "web",
    }  # fmt: skip


def test_a_key_of_ones_own_encrypts_everything_and_none_is_made() -> None:
    made = design(parse(f"{BASE}{OWN}kms_key: {KEY}\n"), reasons=False)
    calls, root = module_calls(made.architecture), render(made.architecture)["main.tf"]
    assert "key" not in calls
    assert "module.key" not in root
    given = {name for name, call in calls.items() if call.arguments.get("kms_key_arn") == KEY}
    assert given >= {name for name, call in calls.items() if call.module in KEYED}
    assert given == {
        "alarms", "app", "artifact", "cdn", "database", "network", "queue_mail", "secret", "web",
    }  # fmt: skip
    (decided,) = (each for each in made.decisions if each.about == "encryption")
    assert "AWSServiceRoleForAutoScaling" in decided.because


def test_a_stack_that_stands_is_told_what_another_key_costs() -> None:
    then, now = (
        design(parse(text), reasons=False).architecture for text in (BASE, f"{BASE}kms_key: {KEY}\n")
    )
    assert ("loses data", "database") in {(each.kind, each.element) for each in effects(then, now)}


def test_every_name_begins_with_the_prefix(tmp_path: Path) -> None:
    text = f"{BASE}prefix: acme\nenvironments: {{staging: {{}}}}\n"
    assert parse(f"{BASE}prefix: acme\n").name == "acme-shop"
    workload = parse(text, environment="staging")
    assert workload.name == parse(workload.text).name == "acme-shop-staging"
    file = tmp_path / "groma.yaml"
    file.write_text(text)
    assert name_in(file, "staging") == "acme-shop-staging"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("boundary: team", "boundary: 'team' cannot be used"),
        ("kms_key: alias/shop", "kms_key: 'alias/shop' cannot be used"),
        (
            f"kms_key: {KEY.replace('us-east-1', 'eu-west-1')}",
            "is a key of eu-west-1, and nothing in us-east-1",
        ),
        ("prefix: Acme", "prefix: 'Acme' cannot be used"),
    ],
)
def test_a_mistake_is_named_with_its_line(line: str, said: str) -> None:
    with pytest.raises(WorkloadError) as caught:
        parse(f"{BASE}{line}\n", source="groma.yaml")
    assert str(caught.value).startswith("groma.yaml:4: ")
    assert said in str(caught.value)


def test_who_cannot_take_a_key_refuses_it() -> None:
    assert {name for name, kind in KINDS.items() if "kms_key" not in kind.unused} == {"three-tier"}
