"""Cases of alarms in a file that people read and write: what is published, and what is to come of it.

    notation.py  points, states and durations in a line: `0x10 _x5 90x3`
    model.py     a case of each kind, and what came of it
    alarms.py    an alarm as a file of cases states it
    reading.py   a file → cases; whatever is wrong in it is named with its line
    parts.py     a part of such a file, which knows its lines and its keys
    running.py   cases → outcomes, each with the reason where it differs

docs/guides/alarms.md tells how such a file is written.
"""

from groma.monitoring.cases.model import Outcome, Outcomes
from groma.monitoring.cases.reading import CaseFile, load
from groma.monitoring.cases.running import run

__all__ = ["CaseFile", "Outcome", "Outcomes", "load", "run"]
