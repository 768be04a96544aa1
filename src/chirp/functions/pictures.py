"""The function that checks an upload, and keeps a clean copy and a thumbnail of what is a picture.

The bucket tells the topic `uploaded` of every object below `uploads/`; the topic fills this function's queue.
An upload that is no picture is removed, and its reason is logged and kept; so is a second upload under the
same key. A message that comes twice finds the upload gone and does nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from chirp.functions.clients import LOG, at_start, client, store
from chirp.functions.images import NotAPicture, Pictures, clean
from chirp.functions.messages import Poisoned, consume
from chirp.functions.names import MEDIA, UPLOADS
from chirp.functions.table import Store
from chirp.functions.uploads import PENDING, READY, REJECTED, picture_key
from chirp.social.model import MAX_PICTURE_BYTES

_CACHED_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Checker:
    """Checks the uploads of one message."""

    store: Store
    s3: Any
    bucket: str

    def __call__(self, record: SQSRecord) -> None:
        """Check each upload that the message names. Any exception leaves the message in the queue."""
        for key in uploads(record.body):
            self.check(key)

    def check(self, key: str) -> None:
        """Make a picture of an upload, or remove it."""
        item = self.store.get(picture_key(key))
        state = item["state"] if item else "unknown"
        content = self._content(key)
        if content is None:
            LOG.info("the upload is gone", extra={"picture": key, "state": state})
            return
        if item is None or state != PENDING:
            LOG.warning("an upload nobody waits for", extra={"picture": key, "state": state})
        else:
            self._decide(key, content, item["content_type"])
        self.s3.delete_object(Bucket=self.bucket, Key=UPLOADS + key)

    def _decide(self, key: str, content: bytes, content_type: str) -> None:
        try:
            if len(content) > MAX_PICTURE_BYTES:
                raise NotAPicture(f"has more than {MAX_PICTURE_BYTES:,} bytes")
            pictures = clean(content, key.rpartition(".")[2])
        except NotAPicture as refusal:
            LOG.warning("an upload is rejected", extra={"picture": key, "reason": str(refusal)})
            self._settle(key, REJECTED)
            return
        self._keep(key, pictures, content_type)
        self._settle(key, READY)
        LOG.info("a picture is ready", extra={"picture": key, "bytes": len(pictures.copy)})

    def _content(self, key: str) -> bytes | None:
        """What was uploaded, up to one byte more than is taken; None when it is gone."""
        try:
            answer = self.s3.get_object(Bucket=self.bucket, Key=UPLOADS + key)
        except self.s3.exceptions.NoSuchKey:
            return None
        content: bytes = answer["Body"].read(MAX_PICTURE_BYTES + 1)
        return content

    def _keep(self, key: str, pictures: Pictures, content_type: str) -> None:
        for name, content in ((f"thumbnails/{key}", pictures.thumbnail), (key, pictures.copy)):
            self.s3.put_object(
                Bucket=self.bucket,
                Key=MEDIA + name,
                Body=content,
                ContentType=content_type,
                CacheControl=_CACHED_FOR_EVER,
            )

    def _settle(self, key: str, state: str) -> None:
        self.store.update(
            picture_key(key), "SET #state = :state", "#state = :pending", state=state, pending=PENDING
        )


def uploads(body: str) -> Iterator[str]:
    """The keys of the uploads that a message of the bucket names; none in the one by which S3 tries a topic.

    Raises:
        Poisoned: it is no message of a bucket.
    """
    try:
        message = json.loads(body)
        if message.get("Event") == "s3:TestEvent":
            return
        names = [unquote_plus(record["s3"]["object"]["key"]) for record in message["Records"]]
    except Exception as error:
        raise Poisoned(f"no message of a bucket: {body[:200]!r}") from error
    for name in names:
        if not name.startswith(UPLOADS):
            raise Poisoned(f"no upload: {name!r}")
        yield name.removeprefix(UPLOADS)


@at_start
def _checker() -> Checker:
    return Checker(store(os.environ["TABLE"]), client("s3"), os.environ["BUCKET"])


@LOG.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> Any:
    """Lambda's entry point."""
    return consume(_checker(), event, context)
