"""What designs take of AWS's quotas, and what a new account must ask for."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from groma.architecture import Architecture
from groma.catalog import quota, quota_names
from groma.cli.app import app
from groma.components.function import LambdaFunction
from groma.components.load_balancer import LoadBalancer
from groma.components.nat_gateway import NatGateway
from groma.components.quotas import UNRESERVED
from groma.components.server_group import ServerGroup
from groma.design import design
from groma.errors import InputError
from groma.questions.quotas import quotas
from groma.workload import KINDS, parse
from workloads import MINIMAL, ROOT, designed_example, marked

EXAMPLES = ("social-50k", "shop-containers", "social-serverless", "social-worldwide", "starter")


def architecture(name: str) -> Architecture:
    return designed_example(name).architecture


def test_what_servers_take_is_counted_from_the_sizes():
    drawn = architecture("social-50k")
    groups = drawn.of_type(ServerGroup)
    found = {each.quota.id: each for each in quotas(designed_example("social-50k"), "new").taken}
    assert found["ec2-vcpus"].most == sum(g.size.max * g.size.choice.vcpu for g in groups)
    assert found["ec2-vcpus"].start == sum(g.size.desired * g.size.choice.vcpu for g in groups)
    assert found["targets"].most == max(g.size.max for g in groups)
    assert found["load-balancers"].most == len(drawn.of_type(LoadBalancer))
    assert found["addresses"].most == len(drawn.of_type(NatGateway))
    assert found["databases"].most == 2


def test_functions_leave_what_aws_wants_unreserved():
    drawn = architecture("social-serverless")
    (found,) = [
        each
        for each in quotas(designed_example("social-serverless"), "new").taken
        if each.quota.id == "lambda-concurrency"
    ]
    functions = drawn.of_type(LambdaFunction)
    assert found.start == UNRESERVED + sum(f.reserved or 0 for f in functions)
    assert found.most == UNRESERVED + sum(f.most_at_once for f in functions)


@pytest.mark.parametrize("name", [marked(name) for name in EXAMPLES])
@pytest.mark.parametrize("account", ["new", "grown"])
def test_who_has_less_than_the_design_takes_is_told_how_to_ask(name: str, account: str):
    answer = quotas(designed_example(name), account)
    assert answer.taken
    for each in answer.taken:
        given = each.quota.new if account == "new" else each.quota.grown
        assert (each in answer.short) == (each.most > given)
        assert each.start <= each.most
        raised = f"{each.to_ask:.0f}" in each.request.replace(",", "")
        assert raised or (each.quota.new == 0 and "verifies" in each.request)
    assert set(answer.in_the_way) <= set(answer.short)


@pytest.mark.parametrize("name", [marked(name) for name in EXAMPLES])
def test_every_example_meets_a_quota_that_a_new_account_lacks_or_fits(name: str):
    short = {each.quota.id for each in quotas(designed_example(name), "new").in_the_way}
    assert (
        short
        == {
            "social-50k": {"ec2-vcpus", "load-balancers", "distributions"},
            "shop-containers": {"load-balancers", "distributions"},
            "social-serverless": {"lambda-concurrency", "distributions"},
            "social-worldwide": {"ec2-vcpus", "load-balancers", "distributions", "lambda-concurrency"},
            "starter": set(),
        }[name]
    )


def test_every_quota_of_the_catalog_is_met_by_some_component():
    """And each is of an example, so that none is a dead row; that of Spot of who asks for it."""
    spot = design(parse(f"{MINIMAL}machines: {{spot: true}}\n"), reasons=False)
    designs = (*map(designed_example, EXAMPLES), spot)
    met = {each.quota.id for made in designs for each in quotas(made, "new").taken}
    assert met == set(quota_names())
    assert {architecture(name).blueprint for name in EXAMPLES} == set(KINDS)


def test_plan_says_what_a_new_account_must_ask_for():
    file = str(ROOT / "examples" / "social-50k.yaml")
    done = CliRunner().invoke(app, ["plan", file, "--account", "new"])
    assert done.exit_code == 0, done.output
    text = " ".join(done.output.split())
    assert "Quotas that a new account must ask AWS for" in text
    assert "--quota-code L-1216C47A --desired-value" in text
    told = json.loads(CliRunner().invoke(app, ["plan", file, "--account", "new", "--json"]).output)
    rows = {row["quota"]: row for row in told["quotas"]}
    assert rows["ec2-vcpus"]["new"] == quota("ec2-vcpus").new
    assert rows["ec2-vcpus"]["ask_for"] == rows["ec2-vcpus"]["at_most"]


def test_an_account_that_is_none_is_refused():
    done = CliRunner().invoke(app, ["plan", str(ROOT / "examples" / "starter.yaml"), "--account", "old"])
    assert isinstance(done.exception, InputError)
    assert done.exception.hint == "one of new, grown"
