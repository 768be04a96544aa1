"""Pictures in the site's bucket, uploaded by browsers with a form that S3 checks (presigned POST)."""

from __future__ import annotations

from typing import Any

from chirp.social.model import Picture, Upload

UPLOAD_WITHIN_S = 600
PREFIX = "media"


class BucketPictures:
    """Signs uploads; signing asks nobody, and the bucket's owner is the one who refuses."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def upload(self, key: str, content_type: str, size_bytes: int) -> Upload:
        """A form for one picture of exactly this type, and of at most the size that was declared."""
        fields = {"Content-Type": content_type}
        conditions = [fields, ["content-length-range", 1, size_bytes]]
        post = self._client.generate_presigned_post(
            self._bucket, f"{PREFIX}/{key}", fields, conditions, ExpiresIn=UPLOAD_WITHIN_S
        )
        return Upload(post["url"], {"Content-Type": content_type, **post["fields"]})

    def shown(self, key: str) -> Picture:
        """Where CloudFront serves it; no thumbnails are made here."""
        return Picture(f"/{PREFIX}/{key}")
