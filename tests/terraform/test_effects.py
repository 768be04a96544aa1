"""What happens to a stack on the way to another design: the table names real variables, worst first."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import groma
from groma.components.database import DatabaseServer
from groma.components.web_firewall import WebFirewall
from groma.design import design
from groma.terraform.effects import KINDS, effects, table
from groma.workload import parse
from standing import STANDING
from workloads import designed_example

MODULES = Path(groma.__file__).parent / "terraform" / "modules"


def declared(module: str, variable: str) -> bool:
    """Whether a module has a variable, and in its type the attribute that is named behind a point."""
    name, _, attribute = variable.partition(".")
    text = (MODULES / module / "vars.tf").read_text(encoding="utf-8")
    found = re.search(rf'variable "{name}" {{\n(.*?)\n}}', text, re.DOTALL)
    return found is not None and (not attribute or re.search(rf"\b{attribute}\s*=", found[1]) is not None)


def test_each_row_names_a_variable_of_a_module():
    assert len(table()) > 20
    assert [row for row in table() if not declared(row.module, row.variable)] == []
    assert not declared("database", "master.colour")
    assert len({(row.module, row.variable) for row in table()}) == len(table())


def test_the_same_architecture_has_no_effects():
    for name in ("social-50k", "social-serverless", "starter"):
        made = designed_example(name).architecture
        assert effects(made, made) == ()


def test_a_larger_load_restarts_the_database_and_rolls_the_servers():
    standing = STANDING["three-tier"]
    found = effects(standing.before().architecture, standing.after().architecture)
    told = {(effect.element, effect.kind) for effect in found}
    assert {
        ("database master", "restarts"),
        ("read replica", "restarts"),
        ("web servers", "rolls"),
        ("app servers", "rolls"),
        ("app target group", "replaced"),
    } <= told
    assert [effect.kind for effect in found] == sorted((e.kind for e in found), key=KINDS.index)
    assert {effect.kind for effect in found if not effect.interrupts} == {"rolls"}


def test_what_stands_in_a_region_is_told_with_it():
    standing = STANDING["starter"]
    found = effects(standing.before().architecture, standing.after().architecture)
    assert [(effect.element, effect.kind) for effect in found] == [
        ("us-east-1: EC2 instance", "restarts"),
        ("us-west-2: EC2 instance", "restarts"),
    ]


def test_what_is_no_longer_designed_is_told_and_first_what_holds_data():
    before = designed_example("social-50k").architecture
    left = tuple(c for c in before.components if not isinstance(c, DatabaseServer | WebFirewall))
    ids = {component.id for component in left}
    links = tuple(link for link in before.links if {link.source, link.target} <= ids)
    found = effects(before, replace(before, components=left, links=links))
    kinds = {effect.element: effect.kind for effect in found}
    assert kinds == {
        "Database master": "loses data",
        "Read replica": "loses data",
        "AWS WAF": "taken away",
    }
    assert found[0].kind == "loses data"


def test_a_region_that_is_given_up_is_taken_away_with_what_it_holds():
    text = "name: first\nblueprint: starter\nregions: [us-east-1, us-west-2]\n"
    both, one = (parse(each) for each in (text, text.replace(", us-west-2", ", eu-west-1")))
    found = effects(design(both).architecture, design(one).architecture)
    assert ("us-west-2: EC2 instance", "taken away") in {(each.element, each.kind) for each in found}


def test_servers_roll_when_spot_is_bought_and_when_it_is_not_any_more():
    text = "name: chirp\nblueprint: three-tier\nusers: {total: 300_000}\n"
    usual, spot, app = (
        design(parse(text + more), reasons=False).architecture
        for more in ("", "machines: {spot: true}\n", "machines: {spot: [app]}\n")
    )
    rolled = [("web servers", "rolls"), ("app servers", "rolls")]
    for before, after, expected in ((usual, spot, rolled), (spot, usual, rolled), (spot, app, rolled[:1])):
        assert [(each.element, each.kind) for each in effects(before, after)] == expected
    assert effects(spot, spot) == ()
