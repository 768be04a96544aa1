"""What watches a design.

alarms.py   all alarms, as the components state them
evaluate/   alarms evaluated as CloudWatch does it
"""

from groma.monitoring.alarms import alarms

__all__ = ["alarms"]
