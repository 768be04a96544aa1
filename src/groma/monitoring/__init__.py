"""What watches a design.

alarms.py   all alarms, as the components state them
"""

from groma.monitoring.alarms import alarms

__all__ = ["alarms"]
