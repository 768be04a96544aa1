"""What the first pages show of commands, read from their Markdown and held against what is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workloads import ROOT

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_TRIED = 2
"""Findings that nobody can try before an address is confirmed: that pages and that tickets are mailed."""


def blocks(page: str, *languages: str) -> list[str]:
    """The fenced blocks of a page, in some languages."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [found[2] for found in FENCE.finditer(text) if found[1] in languages]


def commands(page: str) -> list[list[str]]:
    """The words of every call of groma on a page, without `groma`."""
    lines = [line for block in blocks(page, "sh", "console") for line in block.splitlines()]
    calls = [line.removeprefix("$ ").partition("#")[0] for line in lines]
    return [
        words[1:] for call in calls for part in call.split(";") if (words := part.split())[:1] == ["groma"]
    ]


def printed_after(page: str, command: str) -> str:
    """What a page shows below a command, up to the end of its block or the next command."""
    (block,) = [block for block in blocks(page, "console") if f"$ {command}\n" in block]
    return block.partition(f"$ {command}\n")[2].partition("\n$ ")[0]


def findings_shown(page: str) -> Iterator[str]:
    """The first column of every finding on a page whose second column does not depend on the stack's name."""
    for block in blocks(page, "console"):
        said: list[str] = []
        for line in [*block.splitlines(), "..."]:
            if line.startswith("    ") and said:
                said.append(re.split(r"\s{2,}", line[4:])[0])
                continue
            if said:
                yield " ".join(said)
            said = [re.split(r"\s{2,}", line[4:])[0]] if line.startswith("ok  ") else []


def must_show(page: str, whats: Sequence[str], resources: int) -> None:
    """A page shows findings that there are, and as many of them and of resources as there are."""
    shown = [what for what in findings_shown(page) if not what.startswith(("public subnet", "zone of"))]
    assert shown
    assert [what for what in shown if what not in whats] == [], page
    every = f"{len(whats) - NOT_TRIED} of {len(whats)} as designed, {NOT_TRIED} not tried"
    text = (ROOT / page).read_text(encoding="utf-8")
    assert every in text, f"{page} must say: {every}"
    counts = {int(number) for number in re.findall(r"(?:of |^|: )(\d+) resources", text, re.MULTILINE)}
    assert counts <= {resources}, f"{page} must say: {resources} resources"
