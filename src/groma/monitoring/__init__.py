"""What watches a design.

alarms.py   all alarms, as the components state them
listing.py  all alarms as an answer: what each watches, from where it fires and why, what is to be done
units.py    the unit of each metric
evaluate/   alarms evaluated as CloudWatch does it
cases/      cases of alarms in a file that people write, and what comes of them
"""

from groma.monitoring.alarms import alarms, composites

__all__ = ["alarms", "composites"]
