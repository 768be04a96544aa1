from __future__ import annotations

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
    bucket, s3 = make_bucket(aws), _s3(aws)
    form = s3.generate_presigned_post(bucket, "picture", ExpiresIn=60)
    assert _filled_in(form["url"], form["fields"]) == 204
    assert _filled_in(form["url"], {**form["fields"], "x-amz-signature": "0" * 64}) == 403
    assert _filled_in(form["url"], {"key": "picture"}) == 403


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


def _filled_in(url: str, fields: dict[str, str]) -> int:
    return urllib3.request("POST", url, fields={**fields, "file": ("p", b"bytes", "image/png")}).status
