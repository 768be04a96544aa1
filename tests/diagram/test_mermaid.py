"""Mermaid: what is printed is a flowchart by its grammar, and says what the diagram says.

The grammar here is the part of https://mermaid.js.org/syntax/flowchart.html (read 2026-11-29) that is used.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from random_architectures import architectures
from three_tier_sample import three_tier

from groma.architecture import Architecture
from groma.diagram import sheets, to_mermaid
from groma.diagram.regions import collapse_regions
from workloads import designed_example

TEXT = r'"((?:[^"<>#&`]|<br/>|#\w+;)+)"'
NODE = re.compile(rf"(c\d+)\[{TEXT}\]")
GROUP = re.compile(rf"subgraph (p\d+)\[{TEXT}\]")
LINK = re.compile(rf"(c\d+) (-->|-\.->)\|{TEXT}\| (c\d+)")


def example(name: str) -> Architecture:
    return designed_example(name).architecture


def read(text: str) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Labels by node, and links as (source, label, target); fails where the text breaks the grammar."""
    first, *lines = text.splitlines()
    assert first == "flowchart LR"
    nodes: dict[str, str] = {}
    links: list[tuple[str, str, str]] = []
    groups: list[str] = []
    depth = 0
    for line in (line.strip() for line in lines):
        if found := NODE.fullmatch(line):
            assert found[1] not in nodes
            nodes[found[1]] = _plain(found[2])
        elif found := GROUP.fullmatch(line):
            groups.append(found[1])
            depth += 1
        elif found := LINK.fullmatch(line):
            assert {found[1], found[4]} <= nodes.keys(), "nodes stand before links"
            links.append((found[1], _plain(found[3]), found[4]))
        else:
            assert line == "end", line
            depth -= 1
            assert depth >= 0
    assert depth == 0
    assert len(groups) == len(set(groups))
    return nodes, links


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"#(\d+);", r"&#\1;", re.sub(r"#([a-z]+);", r"&\1;", text)))


def check(architecture: Architecture) -> None:
    nodes, links = read(to_mermaid(architecture))
    shown = collapse_regions(architecture)
    assert len(nodes) == len(shown.components)
    for component, said in zip(shown.components, (nodes[f"c{n}"] for n in range(len(nodes))), strict=True):
        assert said.split("<br/>")[0] == component.label
        assert all(detail in said for detail in component.details)
    assert [label for _, label, _ in links] == [link.label for link in shown.links]


@settings(
    deadline=None,
    derandomize=True,
    max_examples=25,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(architectures())
def test_any_architecture_becomes_a_flowchart(architecture: Architecture) -> None:
    check(architecture)


@pytest.mark.parametrize("name", ["shop", "social-serverless", "starter"])
def test_an_example_becomes_a_flowchart(name: str) -> None:
    check(example(name))


def test_an_overview_becomes_a_short_one() -> None:
    overview = sheets(example("starter"))[0]
    nodes, _ = read(to_mermaid(overview.architecture))
    assert len(nodes) < len(example("starter").components)


def test_words_of_a_user_cannot_end_a_label() -> None:
    sample = three_tier()
    first, *rest = sample.components
    odd = three_tier(components=(replace(first, name='a "b" <c> #d; & `e`'), *rest))
    nodes, _ = read(to_mermaid(odd))
    assert nodes["c0"].startswith('a "b" <c> #d; & `e`')
