"""What one metric publishes, minute by minute; samples are made only of minutes that somebody asks for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import overload

from groma.monitoring.evaluate import Sample
from groma.monitoring.evaluate.windows import MINUTE_S
from groma.questions.drills.sight import Points


class Published(Sequence[Sample]):
    """The samples of a metric in the order of time, each at the beginning of its minute.

    Attributes:
        first_s: when the first minute begins; minutes: the values of each, with how often.
    """

    def __init__(self, first_s: int, minutes: Sequence[Points]) -> None:
        self.first_s, self.minutes = first_s, minutes

    def minute(self, at_s: int) -> Points:
        """The values of the minute that begins at a time; none before the first and after the last."""
        place = (at_s - self.first_s) // MINUTE_S
        return self.minutes[place] if 0 <= place < len(self.minutes) else ()

    def between(self, start_s: int, end_s: int) -> list[Sample]:
        """The samples of the minutes that begin from a start to before an end."""
        return [
            Sample(at_s, value, count)
            for at_s in range(start_s, end_s, MINUTE_S)
            for value, count in self.minute(at_s)
        ]

    @cached_property
    def _all(self) -> list[Sample]:
        return self.between(self.first_s, self.first_s + len(self.minutes) * MINUTE_S)

    def __len__(self) -> int:
        return len(self._all)

    @overload
    def __getitem__(self, place: int) -> Sample: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Sample]: ...
    def __getitem__(self, place: int | slice) -> Sample | Sequence[Sample]:
        return self._all[place]


NOTHING = Published(0, ())
