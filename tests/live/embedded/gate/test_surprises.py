"""The page of what AWS refuses has each rule of the gate, with its source."""

from __future__ import annotations

import pytest

from groma.live.embedded.gate.rules import all_rules
from workloads import ROOT

PAGE = ROOT / "docs" / "background" / "aws-surprises.md"
HEAD = "| asked of | what AWS refuses otherwise | where it was read |\n| --- | --- | --- |\n"


def rows() -> str:
    told = sorted(
        (rule.service, "`, `".join(rule.operations), rule.says, rule.source) for rule in all_rules()
    )
    return "".join(
        f"| {service} `{operations}` | {says} | {source} |\n" for service, operations, says, source in told
    )


def test_the_page_has_every_rule_with_its_source(request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, head, after = text.partition(HEAD)
    assert head
    rest = after.partition("\n\n")[2]
    whole = before + head + rows() + "\n" + rest
    if request.config.getoption("--regenerate"):
        PAGE.write_text(whole, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == whole, f"run: pytest {request.node.nodeid} --regenerate"
