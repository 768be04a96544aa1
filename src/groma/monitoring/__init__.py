"""What watches a design: its alarms."""

from groma.monitoring.alarms import alarms

__all__ = ["alarms"]
