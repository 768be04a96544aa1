"""`groma mail`: what the embedded cloud mailed for a stack, and one mail as a person reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from groma.architecture import region_code
from groma.catalog.places import regions
from groma.errors import InputError
from groma.live.embedded import EmbeddedCloud, mailbox
from groma.monitoring.cases.notation import NotationError, seconds
from groma.words import Table, Words, wrapped

COLUMNS = 80
ROW = re.compile(r"- [^:]{1,40}:\s*")
"""What a row of a mail begins with; what goes on stands below its value."""
MOST_PASSED_S = 7 * 86_400
NARROWEST = 30
"""Columns for a value, below which it goes on further to the left."""


@dataclass(frozen=True)
class Mail:
    """One mail: its number in the mailbox, from 1, when it came (UTC), and what it says."""

    number: int
    at: str
    to: str
    subject: str
    topic: str
    text: str
    file: Path

    def words(self) -> Words:
        """The mail at 80 columns."""
        head = (f"From:     {mailbox.SENDER}", f"To:       {self.to}", f"Date:     {self.at} UTC")
        lines = [line for each in self.text.split("\n") for line in _set(each)]
        return Words(lines=(*head, f"Subject:  {self.subject}", "", *lines))

    def document(self) -> Mapping[str, Any]:
        """The same as plain values."""
        return {
            "number": self.number,
            "at": self.at,
            "to": self.to,
            "subject": self.subject,
            "topic": self.topic,
            "text": self.text,
            "file": str(self.file),
        }


def let_pass(time: str, cloud: Path) -> None:
    """Let so much time pass for the alarms of a cloud: `20m`, at most `MOST_PASSED_S`.

    Raises:
        InputError: it is no such time.
        CloudError: the cloud does not run.
    """
    try:
        passed_s = seconds(time)
    except NotationError as error:
        raise InputError(f"--after {time}: {error}", hint=error.hint) from error
    if passed_s > MOST_PASSED_S:
        raise InputError(f"--after {time}: at most {MOST_PASSED_S // 86_400}d pass at once")
    EmbeddedCloud(cloud).let_pass(passed_s)


@dataclass(frozen=True)
class Mails:
    """What was mailed for a stack, the oldest first, and where it lies."""

    stack: str
    folder: Path
    mails: tuple[Mail, ...]

    def words(self) -> Words:
        """A line for each, with the number by which it is shown."""
        if not self.mails:
            return Words(lines=(f"no mail for {self.stack} in {self.folder}",))
        number = len(self.mails)
        rows = tuple((str(each.number), each.at, each.to, each.subject) for each in self.mails)
        table = Table(
            f"{self.stack}: {number} mail{'' if number == 1 else 's'}",
            ("", "came (UTC)", "to", "subject"),
            rows,
            ("",),
        )
        return Words(tables=(table,), lines=("one of them: --show NUMBER",))

    def document(self) -> list[Mapping[str, Any]]:
        """The same as plain values."""
        return [each.document() for each in self.mails]

    def numbered(self, number: int) -> Mail:
        """The mail of that number. Raises InputError: there is none."""
        for each in self.mails:
            if each.number == number:
                return each
        numbers = ", ".join(str(each.number) for each in self.mails) or "none"
        raise InputError(
            f"there is no mail {number} for {self.stack}", where=str(self.folder), hint=f"there are {numbers}"
        )


def mails(stack: str, cloud: Path) -> Mails:
    """What was mailed for a stack in the embedded cloud of a directory, whether it runs or not."""
    folder = cloud / mailbox.FOLDER
    names = (stack, *(f"{stack}-{region_code(each.name)}" for each in regions()))
    topics = {f"{name}-{kind}" for name in names for kind in ("alarms", "tickets")}
    found = (_mail(path, message) for path, message in mailbox.read(folder))
    own = tuple(each for each in found if each is not None and each.topic.rpartition(":")[2] in topics)
    return Mails(stack, folder, own)


def _mail(path: Path, message: Any) -> Mail | None:
    """A mail of the mailbox; None for a file that is none, or is damaged."""
    try:
        at = parsedate_to_datetime(str(message["Date"]))
        text = message.get_content().rstrip("\n")
    except (KeyError, LookupError, TypeError, ValueError, AttributeError):
        return None
    return Mail(
        number=int(path.stem.partition("-")[0]),
        at=f"{at:%Y-%m-%d %H:%M:%S}",
        to=str(message["To"]),
        subject=str(message["Subject"]),
        topic=str(message[mailbox.TOPIC]),
        text=text,
        file=path,
    )


def _set(line: str) -> list[str]:
    """A line as lines of 80 columns; what cannot be broken, such as a link, stays whole."""
    row = ROW.match(line)
    width = len(row[0]) if row else 0
    indent = " " * (width if row and COLUMNS - width >= NARROWEST else 2 if line.startswith("- ") else 0)
    return wrapped(line, COLUMNS, indent)
