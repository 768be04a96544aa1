"""What one server of a group runs at times, and the alarm on it: that it failed, or that none ran it."""

from __future__ import annotations

from dataclasses import dataclass

from groma.answers import Alarm, Metric, Missing, Runbook
from groma.application.times import Times
from groma.components.heartbeat import COARSE_S, missed
from groma.components.watching import alarm

SELDOM = Missing("notBreaching", "due so seldom that no alarm of CloudWatch can wait for it, which is a week")


@dataclass(frozen=True)
class DueThere:
    """A command that is run at times by one server of a group, which then tells whether it did it.

    Attributes:
        stated: when, as the file states it; times: what follows from that.
        longest_s: seconds that a run takes at most.
    """

    stated: str
    times: Times
    longest_s: float

    def alarm(self, component: str, group: str, run: str) -> Alarm:
        """That the best that was told is a failure, or that nothing was told for so long that one is missed.

        Args:
            component: the id of the group's component; group: what it is called.
            run: what is run, as it is called.
        """
        done = Metric(
            "CWAgent", "schedule_done", "Maximum", {"Group": group, "Schedule": run}, period_s=COARSE_S
        )
        title = f"{run}, a command at times, fails or is not run"
        every = (
            f"one of the {component} servers runs {run} ({self.stated}, UTC) and tells 1, or 0 if it failed"
        )
        runbook = Runbook(
            f"What {run} does has not been done.",
            f"On the {component} servers `journalctl -u schedule-{run}`: what did it print? No data: none "
            "ran it. Does the timer run (`systemctl list-timers`), and do they reach the database?",
            "Mend it, and start it on one server: `systemctl start schedule-"
            f"{run}`. What was missed is not made up by itself.",
        )
        waited = missed(
            component, run, done, self.times.longest_gap_s + self.longest_s, every, title, runbook
        )
        if waited is not None:
            return waited
        return alarm(component, f"{run}-missed", title, every, done, ("<", 1, 1), SELDOM, runbook)
