"""Each rule of the gate refuses what AWS refuses, in AWS's words, and lets its twin pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asking import Asking
from botocore.exceptions import ClientError
from botocore.model import Shape, StructureShape
from botocore.session import get_session
from cases import BY_ACCOUNT, CASES, Case

from groma.live.embedded import EmbeddedCloud, Emulator
from groma.live.embedded.gate import JOURNAL, Account, Http, Stage
from groma.live.embedded.gate.asked import Asked
from groma.live.embedded.gate.registry import Rule
from groma.live.embedded.gate.rules import all_rules


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_what_aws_refuses_is_refused_and_its_twin_passes(case: Case, tmp_path: Path) -> None:
    asking = Asking(tmp_path, case.account, strict=case.strict)
    for service, operation, parameters in case.before:
        assert asking.refused(service, operation, case.before_in, **parameters) == ""
    ask = (case.service, case.operation, case.region)
    assert asking.refused(*ask, **{**case.both, **case.wrong}) == case.code
    assert asking.refused(*ask, **{**case.both, **case.right}) == ""
    assert "unreadable" not in asking.gate.journal.read_text()


@pytest.mark.parametrize("name", BY_ACCOUNT)
@pytest.mark.parametrize("account", Account)
def test_who_is_new_is_not_given_what_has_to_be_verified(name: str, account: Account, tmp_path: Path) -> None:
    service, operation, parameters = BY_ACCOUNT[name]
    assert bool(Asking(tmp_path, account).refused(service, operation, **parameters)) is account.is_young


def test_a_new_account_has_five_addresses(tmp_path: Path) -> None:
    asking = Asking(tmp_path, Account.NEW)
    assert [asking.refused("ec2", "allocate_address") for _ in range(6)] == [""] * 5 + [
        "AddressLimitExceeded"
    ]
    asking.ask("ec2", "release_address", AllocationId="eipalloc-1")
    assert asking.refused("ec2", "allocate_address") == ""
    assert {Asking(tmp_path).refused("ec2", "allocate_address") for _ in range(9)} == {""}


def test_what_functions_reserve_is_added_up(tmp_path: Path) -> None:
    asking = Asking(tmp_path)
    reserve = ("lambda", "put_function_concurrency")
    assert asking.refused(*reserve, FunctionName="a", ReservedConcurrentExecutions=5_000) == ""
    new = Asking(tmp_path, Account.NEW)
    assert new.refused(*reserve, FunctionName="a", ReservedConcurrentExecutions=1) != ""


EACH = [(rule, operation) for rule in all_rules() for operation in rule.operations]


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "operation"), EACH, ids=lambda of: getattr(of, "name", of))
def test_a_rule_takes_no_parameter_for_given_that_may_be_left_out(rule: Rule, operation: str) -> None:
    shape = get_session().get_service_model(rule.service).operation_model(operation).input_shape
    assert isinstance(shape, StructureShape)
    given = {name: least(shape.members[name]) for name in shape.required_members}
    asked = Asked(rule.service, operation, "us-east-1", given, None)  # type: ignore[arg-type]
    refused = rule.judge(asked, Stage(Account.GROWN))
    assert refused is None or refused.code


def least(shape: Shape) -> Any:
    """The least value of a shape: what is required of it alone."""
    if isinstance(shape, StructureShape):
        return {name: least(shape.members[name]) for name in shape.required_members}
    plain: dict[str, Any] = {"list": [], "map": {}, "integer": 1, "long": 1, "boolean": False, "double": 1.0}
    return plain.get(shape.type_name, "a")


def test_every_rule_is_tried_says_itself_in_a_sentence_and_has_a_source() -> None:
    rules = {rule.name: rule for rule in all_rules()}
    tried = {case.rule for case in CASES} | set(BY_ACCOUNT) | {"young.addresses"}
    assert tried == set(rules)
    for rule in rules.values():
        assert rule.says.endswith("."), rule.name
        assert len(rule.source) > 8, rule.name


def test_a_refusal_has_awss_words_and_ours_behind_them(tmp_path: Path) -> None:
    asking = Asking(tmp_path, strict=True)
    with pytest.raises(ClientError) as refused:
        asking.ask("route53", "create_hosted_zone", Name="example.com", CallerReference="1")
    message = refused.value.response["Error"]["Message"]
    assert message.startswith("example.com is reserved by AWS! [Groma: ")
    assert "a domain of your own" in message
    assert "reserved by AWS" in asking.gate.journal.read_text()


def test_what_could_not_be_read_is_no_refusal(tmp_path: Path) -> None:
    asking = Asking(tmp_path, strict=True)
    asking.gate.journal = tmp_path / f"{Emulator.MOTO}.{JOURNAL}"
    assert asking.refused("route53", "create_hosted_zone", Name="example.com", CallerReference="1")
    signed = {"authorization": "AWS4-HMAC-SHA256 Credential=1/20261128/us-east-1/rds/aws4_request"}
    assert asking.gate.judge(Http("POST", "/", "", signed, b"Action=FrobnicateDBInstance")) == (None, None)
    assert "unreadable" in asking.gate.journal.read_text()
    assert [each["refused"] for each in EmbeddedCloud(tmp_path).refused()] == ["route53.CreateHostedZone"]
