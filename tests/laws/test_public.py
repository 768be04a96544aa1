"""Laws of what is open to the public: HTTPS as far as it goes, a firewall before it, and one zone."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from groma.application.sample import built_in
from groma.architecture import Architecture, Component
from groma.bill import bill
from groma.blueprints.serverless.elements import LEAST_ACCOUNTS_PER_S
from groma.components.delivery import Distribution
from groma.components.dns import HostedZone
from groma.components.global_distribution import GlobalDistribution
from groma.components.load_balancer import LoadBalancer
from groma.components.site import SiteDistribution
from groma.components.web_firewall import WebFirewall
from groma.design import Design, design
from groma.terraform import render
from groma.workload import KINDS, parse

PUBLIC = [name for name, kind in KINDS.items() if "waf" not in kind.unused]
every_public_blueprint = pytest.mark.parametrize(
    "blueprint",
    [pytest.param(name, marks=[pytest.mark.slow] if name == "worldwide" else []) for name in PUBLIC],
)
DISTRIBUTIONS = (Distribution, SiteDistribution, GlobalDistribution)
OF_CONTAINERS = "application: {image: 'acme/shop:1.4', port: 8000, health: /up}\n"
GOALS = "slo: {p99_ms: 1000, availability: 0.99}\n"


@cache
def designed(blueprint: str, more: str = "") -> Design:
    more += OF_CONTAINERS if KINDS[blueprint].has_image else ""
    text = (
        f"name: chirp\nblueprint: {blueprint}\ndomain: app.acme.dev\nusers: {{total: 50_000}}\n{GOALS}{more}"
    )
    return design(parse(text), reasons=False)


def everything(architecture: Architecture) -> list[Component]:
    return [each for part in architecture.parts for each in part.architecture.components]


def test_the_public_blueprints_are_all_but_the_starter():
    assert set(PUBLIC) == set(KINDS) - {"starter"}


@every_public_blueprint
def test_with_a_domain_nothing_travels_in_the_clear_to_what_is_public(blueprint: str):
    made = designed(blueprint)
    public = [each for each in made.architecture.of_type(LoadBalancer) if not each.internal]
    assert [each.id for each in public if each.protocol != "HTTPS" or each.port != 443] == []
    incoming = [
        link
        for link in made.architecture.links
        if link.target.endswith(("internet-gateway", "web-lb")) and link.flow == "request"
    ]
    assert {link.protocol for link in incoming} <= {"HTTPS"}
    assert [each for each in made.architecture.components if isinstance(each, DISTRIBUTIONS)]
    root = render(made.architecture)["main.tf"]
    told = [" ".join(line.split()) for line in root.splitlines()]
    assert "https = false" not in told
    assert blueprint != "three-tier" or "origin_https = true" in told


@every_public_blueprint
def test_the_name_is_served_with_its_certificate(blueprint: str):
    calls = render(designed(blueprint).architecture)["main.tf"]
    assert "module.certificate.arn" in calls
    assert '"app.acme.dev"' in calls


@every_public_blueprint
def test_one_address_cannot_use_up_what_anybody_may_ask_and_what_costs(blueprint: str):
    made = designed(blueprint)
    (firewall,) = (each for each in everything(made.architecture) if isinstance(each, WebFirewall))
    if KINDS[blueprint].has_image:  # of an application of one's own no path is known to cost more
        assert firewall.guarded == ()
        return
    guarded = re.compile(rf"^({'|'.join(firewall.guarded)})(/|$)")
    paths = {route.partition(" ")[2] for route in built_in().limited_routes}
    assert paths
    assert all(guarded.match(path) for path in paths)
    others = {route.partition(" ")[2] for route in built_in().routes} - paths
    assert not any(guarded.match(path) for path in others)
    least = LEAST_ACCOUNTS_PER_S * firewall.window_s
    assert firewall.guarded_limit <= least / 20  # so many addresses at least it takes to use up the rate


@every_public_blueprint
def test_a_firewall_stands_before_it_and_is_paid(blueprint: str):
    made = designed(blueprint)
    (firewall,) = (each for each in everything(made.architecture) if isinstance(each, WebFirewall))
    paid = [line for line in bill(made.architecture).lines if line.component == firewall.id]
    assert {line.item for line in paid} == {"web ACL", "rules", "requests inspected"}
    assert all(line.monthly_usd is not None for line in paid)
    assert "web_acl_arn" in render(made.architecture)["main.tf"]
    assert [each.decided for each in made.decisions if each.about == "firewall"] == [
        "AWS WAF before CloudFront"
    ]


@every_public_blueprint
def test_without_it_nothing_of_it_is_left_and_that_is_said(blueprint: str):
    made = designed(blueprint, "waf: off\n")
    assert not [each for each in everything(made.architecture) if isinstance(each, WebFirewall)]
    assert not [link for link in made.architecture.links if "waf" in (link.source, link.target)]
    root = "".join(text for path, text in render(made.architecture).items() if "/" not in path)
    assert "waf" not in root
    assert "web_acl" not in root
    (said,) = (each for each in made.decisions if each.about == "firewall")
    assert "`waf: off`" in said.because


@every_public_blueprint
@pytest.mark.parametrize("stated", ["acme.dev", "Z0123456789ABCDEFGHIJ"])
def test_a_zone_that_exists_is_used_and_not_paid_twice(blueprint: str, stated: str):
    architecture = designed(blueprint, f"zone: {stated}\n").architecture
    key = "existing_zone_id" if stated.startswith("Z") else "existing_zone_name"
    root = [" ".join(line.split()) for line in render(architecture)["main.tf"].splitlines()]
    assert f'{key} = "{stated}"' in root
    (zone,) = architecture.of_type(HostedZone)
    assert "hosted zone" not in [line.item for line in zone.bill(architecture)]
    (made,) = designed(blueprint).architecture.of_type(HostedZone)
    assert "hosted zone" in [line.item for line in made.bill(architecture)]


@every_public_blueprint
def test_a_placeholder_is_a_warning_that_says_what_to_do(blueprint: str):
    (zone,) = designed(blueprint).architecture.of_type(HostedZone)
    (fine,) = zone.checks(designed(blueprint).architecture)
    assert fine.ok
    (reserved,) = replace(zone, domain="app.example.com").checks(designed(blueprint).architecture)
    assert (reserved.ok, reserved.severity) == (False, "warning")
    assert "registered" in reserved.hint


def test_three_tier_without_a_domain_says_that_its_origin_speaks_http():
    text = f"name: chirp\nblueprint: three-tier\nusers: {{total: 50_000}}\n{GOALS}"
    made = design(parse(text), reasons=False)
    (finding,) = made.architecture.of_type(Distribution)[0].checks(made.architecture)
    assert (finding.ok, finding.severity) == (False, "warning")
    assert "domain" in finding.hint
    (fine,) = designed("three-tier").architecture.of_type(Distribution)[0].checks(made.architecture)
    assert fine.ok
