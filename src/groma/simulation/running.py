"""A network that is run: as far as a time, with what comes and what changes until then."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from groma.simulation.kernels import memory, state
from groma.simulation.kernels.engine import NEEDS_ROOM, run, settle
from groma.simulation.kernels.state import Floats, Network

Change = tuple[float, int, int]
"""When, which server, and its new state."""


class Run:
    """A network and how far it has come.

    Attributes:
        net: its arrays; with what was counted since `forget` was called.
    """

    def __init__(self, net: Network) -> None:
        self.net, self._table = net, memory.table_of(net)

    def until(
        self, until_s: float, arrivals_s: Floats, serial: int = 0, changes: Iterable[Change] = ()
    ) -> None:
        """Handle all events before a time.

        Args:
            arrivals_s: when requests come before it, in order; numbered from `serial` on.
            changes: of servers before it; of two at one time the first stays first.
        """
        ordered = sorted(changes, key=lambda change: change[0])
        changes_s = np.array([at_s for at_s, _, _ in ordered], np.float64)
        changed = np.array([(server, to) for _, server, to in ordered], np.int64).reshape(-1, 2)
        begun = np.zeros(2, np.int64)
        while (
            run(self._table.ctypes.data, float(until_s), arrivals_s, serial, changes_s, changed, begun)
            == NEEDS_ROOM
        ):
            self.net = state.grown(self.net)
            self._table = memory.table_of(self.net)

    def settle(self, now_s: float) -> None:
        """Bring what every server has done up to date."""
        settle(self._table.ctypes.data, float(now_s))

    def forget(self) -> None:
        """Set all counters to zero, but for the log of single requests."""
        for name in state.COUNTED:
            getattr(self.net, name)[...] = 0
        self.net.servers["busy_s"] = 0.0
