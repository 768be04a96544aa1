"""What runs beside an application of one's own: workers of queues, and commands at times."""

from __future__ import annotations

import re
import shlex
from typing import Annotated

from pydantic import AfterValidator, Field

from groma.application.calendar import calendar_of
from groma.application.own import Due, Worker
from groma.application.times import times_of
from groma.quantity import Range
from groma.workload.parts import Part
from groma.workload.quantities import Quantity

SECONDS_OF_A_TRY = 43_200
"""What SQS hides a message for at most."""


def words(command: tuple[str, ...] | str) -> tuple[str, ...]:
    """The words of a command, as a shell reads a line. Raises ValueError where a quotation has no end."""
    return tuple(shlex.split(command)) if isinstance(command, str) else command


def has_words(command: tuple[str, ...] | str) -> tuple[str, ...] | str:
    """The same command. Raises ValueError where it is not words of one line."""
    if any(ord(character) < ord(" ") for character in "".join(words(command))):
        raise ValueError("must be words of one line")
    return command


def _some(command: tuple[str, ...] | str) -> tuple[str, ...] | str:
    if not words(command):
        raise ValueError("must say what is run")
    return command


def _due(expression: str) -> str:
    times_of(calendar_of(expression))
    return expression


Command = Annotated[tuple[str, ...] | str, AfterValidator(has_words)]
"""Words, or a line of them."""
SomeCommand = Annotated[tuple[str, ...] | str, AfterValidator(has_words), AfterValidator(_some)]
BesideName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=20)]
"""Of a worker or of a command at times: it stands in names of queues and units."""


class WorkerPart(Part):
    """Processes on the application servers, or tasks beside them, that work off a queue of their own."""

    command: SomeCommand = Field(
        description="what each process runs; it is told QUEUE_URL: python3 worker.py"
    )
    processes: int = Field(
        default=1,
        ge=1,
        le=32,
        description="processes on each application server; on Fargate tasks of their own in each zone",
    )
    url: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,79}$",
        description="the variable that tells the application where the queue is; of `thumbnails` "
        "THUMBNAILS_QUEUE_URL when left out",
    )
    per_request: Quantity = Field(default=Range(0.0, 0.02, 0.2), description="messages for each request")
    within_s: int = Field(
        default=300, ge=1, le=345_600, description="within how many seconds a message is to be done"
    )
    timeout_s: int = Field(
        default=300,
        ge=1,
        le=SECONDS_OF_A_TRY,
        description="seconds that one try may take; then another begins",
    )
    tries: int = Field(default=5, ge=1, le=1000, description="tries until a message is set aside")

    def worker(self, name: str) -> Worker:
        """The same as whoever designs and provisions it takes it."""
        return Worker(
            command=words(self.command),
            processes=self.processes,
            url=self.variable(name),
            per_request=self.per_request,
            within_s=self.within_s,
            timeout_s=self.timeout_s,
            tries=self.tries,
        )

    def variable(self, name: str) -> str:
        """What tells the application where the queue is."""
        return self.url or f"{re.sub('-', '_', name).upper()}_QUEUE_URL"


class DuePart(Part):
    """A command that is run at times, by one of the application servers, on Fargate by a task of its own."""

    command: SomeCommand = Field(description="what is run: python3 manage.py clean")
    when: Annotated[str, Field(max_length=100), AfterValidator(_due)] = Field(
        description="when, in UTC: 0 3 * * *, cron(0 3 * * ? *) or rate(15 minutes)"
    )
    takes_s: Quantity = Field(
        default=Range(10.0, 60.0, 600.0),
        description="seconds that a run takes; on Fargate each is paid for, from a minute on",
    )

    def due(self) -> Due:
        """The same as whoever designs and provisions it takes it."""
        return Due(
            command=words(self.command),
            stated=self.when,
            calendar=calendar_of(self.when),
            takes_s=self.takes_s,
        )
