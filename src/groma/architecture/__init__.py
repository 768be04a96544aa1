"""The one model in the middle: places, components, links. Everything that Groma shows is read from it.

An `Architecture` is a frozen value with nothing left to decide. Its components answer questions
(`bill`, `alarms`, `module`, `label` …) and every output folds over those answers, so that no output
keeps a list of AWS services of its own.

    elements.py       places and links; account.py: what an account asks of all of them
    finding.py        what was looked at, and what came of it
    checklist.py      findings as they are told
    model.py          what a component answers; the whole architecture and its parts
    availability.py   how often all of it answers
"""

from groma.architecture.checklist import CheckList
from groma.architecture.elements import Flow, Lane, Link, Place, PlaceKind, format_rate
from groma.architecture.finding import Finding, NotTried, Outcome
from groma.architecture.model import HOME, Architecture, Component, Part, region_code

__all__ = [
    "HOME",
    "Architecture",
    "CheckList",
    "Component",
    "Finding",
    "Flow",
    "Lane",
    "Link",
    "NotTried",
    "Outcome",
    "Part",
    "Place",
    "PlaceKind",
    "format_rate",
    "region_code",
]
