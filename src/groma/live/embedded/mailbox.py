"""The mailbox of the cloud: what its topics mail, one file a mail, as a mail program reads it.

It is the cloud's and not a stack's: a topic knows no stack, and a person has one inbox for all of them. Each
mail names its topic, by which those of one stack are found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

FOLDER = "mail"
SENDER = "AWS Notifications <no-reply@sns.amazonaws.com>"
TOPIC, SUBSCRIPTION, MESSAGE = "x-amz-sns-topic-arn", "x-amz-sns-subscription-arn", "x-amz-sns-message-id"
WRITTEN = policy.default.clone(max_line_length=None, cte_type="8bit")
"""Lines as long as they are, so that a person can read the file itself."""


@dataclass(frozen=True)
class Post:
    """A mail on its way: to whom, about what, by which subscription of which topic."""

    to: str
    subject: str
    text: str
    topic: str
    subscription: str
    message_id: str
    at: datetime


def put(folder: Path, post: Post) -> Path:
    """Write a mail; the names of files are in the order in which they came. Returns the file."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    number = 1 + max((int(path.stem.partition("-")[0]) for path in files(folder)), default=0)
    message = EmailMessage(policy=WRITTEN)
    message["From"], message["To"] = SENDER, " ".join(post.to.split())
    message["Subject"] = " ".join(post.subject.split())
    message["Date"] = format_datetime(post.at)
    message["Message-ID"] = f"<{post.message_id}@sns.amazonaws.com>"
    message[TOPIC], message[SUBSCRIPTION] = post.topic, post.subscription
    message[MESSAGE] = post.message_id
    message.set_content(post.text, cte="8bit")
    path = folder / f"{number:06}-{post.message_id[:8]}.eml"
    path.write_bytes(message.as_bytes())
    return path


def files(folder: Path) -> list[Path]:
    """The mails of a folder, the oldest first."""
    return sorted(folder.glob("[0-9]*-*.eml"))


def read(folder: Path) -> Iterator[tuple[Path, EmailMessage]]:
    """Each mail with its file, the oldest first."""
    for path in files(folder):
        yield path, message_from_bytes(path.read_bytes(), policy=policy.default)
