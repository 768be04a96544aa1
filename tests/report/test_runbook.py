"""The runbook: every alarm in it once, found by the name in its mail, and read as Markdown."""

from __future__ import annotations

import re

import pytest

from groma.components.operations import Budget
from groma.monitoring import alarms, composites
from groma.report.documents import documents
from groma.report.runbook import runbook
from groma.terraform.alarms import description
from workloads import ROOT, designed_example

EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.yaml"))


def sections(text: str) -> dict[str, str]:
    """Heading of an alarm → what stands below it, on one line."""
    parts = re.split(r"^### (.+)$", text, flags=re.MULTILINE)[1:]
    return {name: " ".join(body.split()) for name, body in zip(parts[::2], parts[1::2], strict=True)}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_mail_points_to_a_section_that_says_the_same(name):
    architecture = designed_example(name).architecture
    found = sections(runbook(architecture))
    for part in architecture.parts:
        own = alarms(part.architecture)
        for alarm in (*composites(part.architecture), *own):
            deployed = f"{part.architecture.name}-{alarm.id}"
            (heading,) = [each for each, text in found.items() if re.search(rf"[ ,]{deployed}(,|$| #)", text)]
            assert heading.partition(" (")[0] == alarm.id
            assert f"Runbook: {alarm.id} in RUNBOOK.md" in description(alarm, own)
            text = found[heading].replace("\\", "")
            for words in (alarm.runbook.means, alarm.runbook.look, alarm.runbook.do, alarm.derived_from):
                assert words in text, alarm.id


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_table_leads_to_every_section(name):
    text = runbook(designed_example(name).architecture)
    links = re.findall(r"^\| \[.+\]\(#(.+)\) \|", text, flags=re.MULTILINE)
    headings = [re.sub(r"[^a-z0-9 -]", "", each.lower()).replace(" ", "-") for each in sections(text)]
    assert links == headings
    assert len(set(links)) == len(links)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_nothing_outside_of_code_is_taken_for_markup():
    text = runbook(designed_example("social-50k").architecture)
    assert "requests \\* rate" in text
    assert "mem\\_used\\_percent" in text
    assert "`groma status`" in text


def test_what_a_budget_mails_of_is_in_it_too(designed):
    said = " ".join(runbook(designed.architecture).replace("\\", "").split())
    (budget,) = designed.architecture.of_type(Budget)
    for above, because in budget.tells:
        assert f"**above {above}** {because}" in said
    assert "Cost Explorer, by service and day" in said


@pytest.mark.slow
def test_it_lies_beside_the_root(designed):
    written = documents(designed)
    assert written["RUNBOOK.md"].decode() == runbook(designed.architecture)
    assert "terraform/main.tf" in written
