"""What watches a design.

alarms.py   all alarms, as the components state them
coverage.py what AWS recommends to watch, and what is done; the reasons are in `reasons.csv`
entries.py  alarms as people read them, one entry for what several regions have alike
listing.py  all alarms as an answer: what each watches, from where it fires and why, what is to be done
wording.py  what an alarm does, in a few words
units.py    the unit of each metric
idle.py     what each metric reads on a stack that nobody uses
evaluate/   alarms evaluated as CloudWatch does it
cases/      cases of alarms in a file that people write, and what comes of them
"""

from groma.monitoring.alarms import alarms, composites

__all__ = ["alarms", "composites"]
