"""Which domains are placeholders, which zone holds a domain, and what a file may say of both."""

from __future__ import annotations

import pytest

from groma.errors import WorkloadError
from groma.workload import Workload, json_schema, parse
from groma.workload.domains import is_placeholder, is_zone_id, lies_in

TEXT = "name: chirp\nblueprint: three-tier\nusers: {total: 50_000}\n"


def read(more: str) -> Workload:
    return parse(TEXT + more, source="groma.yaml")


@pytest.mark.parametrize(
    "domain",
    [
        *("example.com", "chirp.example.com", "a.b.example.net", "example.org"),
        *("chirp.example", "chirp.test", "chirp.invalid", "chirp.localhost"),
    ],
)
def test_what_is_reserved_for_examples_is_a_placeholder(domain: str):
    assert is_placeholder(domain)


@pytest.mark.parametrize("domain", ["example.dev", "myexample.com", "test.acme.dev", "example.com.acme.dev"])
def test_what_only_looks_like_it_is_not(domain: str):
    assert not is_placeholder(domain)


def test_a_zone_holds_its_own_name_and_those_below():
    assert lies_in("acme.dev", "acme.dev")
    assert lies_in("chirp.acme.dev", "acme.dev")
    assert not lies_in("chirp-acme.dev", "acme.dev")
    assert not lies_in("acme.dev", "chirp.acme.dev")


@pytest.mark.parametrize("zone", ["acme.dev", "chirp.acme.dev", "Z0123456789ABCDEFGHIJ"])
def test_an_existing_zone_is_named_or_given_by_its_id(zone: str):
    workload = read(f"domain: chirp.acme.dev\nzone: {zone}\n")
    assert workload.zone == zone
    assert is_zone_id(zone) == zone.startswith("Z")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("domain: chirp.acme.dev\nzone: acme.org\n", "groma.yaml:5: zone: does not hold chirp.acme.dev"),
        ("domain: acme.dev\nzone: chirp.acme.dev\n", "groma.yaml:5: zone: does not hold acme.dev"),
        ("zone: acme.dev\n", "groma.yaml:4: zone: has no domain to hold"),
        ("domain: acme.dev\nzone: /hostedzone/Z01\n", "groma.yaml:5: zone"),
        (f"domain: {'a' * 50}.acme.dev\n", "groma.yaml:4: domain"),
    ],
)
def test_a_zone_that_cannot_be_is_refused_with_its_line(more: str, said: str):
    with pytest.raises(WorkloadError) as caught:
        read(more)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("stated", "is_on"),
    [("on", True), ("off", False), ("true", True), ("false", False), ("'off'", False)],
)
def test_the_firewall_is_switched_in_words_or_as_a_boolean(stated: str, is_on: bool):
    assert (read(f"waf: {stated}\n").waf == "on") == is_on


def test_the_firewall_is_on_when_nothing_is_said():
    assert read("").waf == "on"


def test_another_word_for_the_firewall_is_refused_with_its_line():
    with pytest.raises(WorkloadError) as caught:
        read("waf: maybe\n")
    assert "groma.yaml:4: waf: 'maybe' does not exist" in str(caught.value)


def test_editors_are_told_all_ways_to_switch_it():
    assert json_schema()["properties"]["waf"]["enum"] == ["on", "off", True, False]
