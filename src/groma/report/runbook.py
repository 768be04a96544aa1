"""The runbook of a design: what each alarm means and what is to be done, as a file that needs nothing else.

It lies beside the Terraform root, so that whoever gets a mail finds in it what the mail names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from groma.architecture import Architecture
from groma.monitoring.entries import HEADINGS, Entry, cost_limits, entries, label
from groma.words import wrapped

COLUMNS = 120
FILE = "RUNBOOK.md"
FIRST = """\
Somebody gets up for a page; a ticket waits for the hours of work. Every mail says what is broken, since when,
what that means for users, and what to do first; here is the same, with the figures behind each limit.

1. Look up the alarm of the mail below, by its name without that of the stack.
2. `groma status --drift` says what runs, which other alarms are on, and what was changed behind Terraform's
   back. One cause sets off several alarms: begin with the page.
3. Do what stands there, and note when you did what. `groma alarms --of NAME` shows an alarm in a terminal.
4. If it was not worth getting up for, change the goals in the workload file: the limit follows from them."""

COSTS = (
    "Users notice nothing. The budgets count all of the account, not this stack alone.",
    "Cost Explorer, by service and day: which service, since when, and is it this stack's? `groma plan` has "
    "what each was planned to cost, and `groma status` whether groups are larger than planned.",
    "If it is load, raise it in the workload file: the budget follows. If it is a fault (a loop between "
    "function and queue, logs, traffic that nobody asked for), end that first.",
)
"""What it means, what to look at first, and what to do then."""


def runbook(architecture: Architecture) -> str:
    """The file's text."""
    found = entries(architecture)
    lines = [f"# What to do when {architecture.name} mails", "", FIRST, "", *_contents(found)]
    for tells, heading in HEADINGS.items():
        of_it = [each for each in found if each.tells == tells]
        if of_it:
            lines += [f"## {heading}", ""]
        for each in of_it:
            lines += _about(each, label(each, found))
    lines += _costs(cost_limits(architecture))
    return "\n".join(lines).rstrip("\n") + "\n"


def _contents(found: tuple[Entry, ...]) -> Iterator[str]:
    """A table by which a name is found."""
    yield from ("| alarm | tells | what is broken |", "| --- | --- | --- |")
    for each in found:
        yield f"| [{each.id}](#{_anchor(label(each, found))}) | {each.tells} | {_plain(each.title)} |"
    yield ""


def _about(entry: Entry, name: str) -> Iterator[str]:
    yield from (f"### {name}", "")
    title = entry.title[:1].upper() + entry.title[1:]
    yield from (*wrapped(f"**{_plain(title)}.**", COLUMNS, ""), "")
    for what, text in entry.rows()[1:]:
        yield from wrapped(f"- **{what}** {_plain(text)}", COLUMNS, "  ")
    yield ""


def _costs(limits: Sequence[tuple[str, str]]) -> Iterator[str]:
    """What to do when a budget mails, which is no alarm of CloudWatch."""
    if not limits:
        return
    yield from ("## Costs: mails of AWS Budgets, which are tickets", "")
    for above, because in limits:
        yield from wrapped(f"- **above {_plain(above)}** {_plain(because)}", COLUMNS, "  ")
    for what, text in zip(("means", "look at", "do"), COSTS, strict=True):
        yield from wrapped(f"- **{what}** {_plain(text)}", COLUMNS, "  ")
    yield ""


def _anchor(text: str) -> str:
    """The address that a heading has where Markdown is shown: `web-cpu-us-east-1`."""
    kept = "".join(each for each in text.lower() if each.isalnum() or each in "- ")
    return kept.replace(" ", "-")


def _plain(text: str) -> str:
    """Text in which nothing outside of code is taken for markup."""
    parts = text.split("`")
    for place in range(0, len(parts), 2):
        for sign in "\\*_<|[":
            parts[place] = parts[place].replace(sign, f"\\{sign}")
    return "`".join(parts)
