from __future__ import annotations

import base64
import json
from typing import Any

import urllib3
from botocore.config import Config

from groma.live.embedded import Endpoints
from ministack_probes.site import bucket_origin, get, let_in, make_bucket, make_distribution


def routes(aws: Endpoints) -> None:
    bucket = make_bucket(aws)
    aws.client("s3").put_object(Bucket=bucket, Key="health", Body=b"the site's own")
    made = make_distribution(aws, bucket_origin(aws, bucket), ViewerProtocolPolicy="allow-all")
    let_in(aws, bucket, made["ARN"])
    status, _, body = get(aws, made["DomainName"], "/health")
    assert (status, body) == (200, b"the site's own")


def forms(aws: Endpoints) -> None:
    """Also of a form whose policy S3 reads otherwise than the door: the last of two, sent as a file."""
    bucket, s3 = make_bucket(aws), _s3(aws)
    form = s3.generate_presigned_post(bucket, "picture", ExpiresIn=60)
    assert _filled_in(form["url"], form["fields"]) == 204
    stolen = {**form["fields"], "key": "index.html"}
    conditions = [["starts-with", f"${name}", ""] for name in ("bucket", *stolen)]
    wide = json.dumps({"expiration": "2100-01-01T00:00:00Z", "conditions": conditions}).encode()
    assert _filled_in(form["url"], stolen, ("policy", ("policy", base64.b64encode(wide)))) == 403
    assert aws.client("s3").get_object(Bucket=bucket, Key="index.html")["Body"].read() == b"<p>"


def presigned(aws: Endpoints) -> None:
    address = _s3(aws).generate_presigned_url(
        "get_object", Params={"Bucket": make_bucket(aws), "Key": "index.html"}
    )
    assert urllib3.request("GET", address).data == b"<p>"


def _s3(aws: Endpoints) -> Any:
    """A client whose addresses are signed as AWS asks for (version 4)."""
    import boto3

    keys = aws.credentials
    return boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url=aws.url("s3"),
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        config=Config(signature_version="s3v4"),
    )


def _filled_in(url: str, fields: dict[str, str], *more: tuple[str, Any]) -> int:
    sent = [*fields.items(), *more, ("file", ("p", b"bytes", "image/png"))]
    return urllib3.request("POST", url, fields=sent).status
