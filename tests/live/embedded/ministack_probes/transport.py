from __future__ import annotations

from groma.live.embedded import Endpoints
from ministack_probes.site import bucket_origin, get, let_in, make_bucket, make_distribution


def loopback_is_secure(aws: Endpoints) -> None:
    bucket = make_bucket(aws)
    made = make_distribution(aws, bucket_origin(aws, bucket), ViewerProtocolPolicy="allow-all")
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::{bucket}/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    let_in(aws, bucket, made["ARN"], deny)
    assert get(aws, made["DomainName"], "/index.html")[0] == 200
