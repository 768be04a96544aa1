from __future__ import annotations

from groma.live.embedded import Endpoints
from groma.live.embedded.guests import GUEST


def key_of_an_id(aws: Endpoints) -> None:
    kms, wanted = (
        aws.client("kms"),
        "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    )
    made = kms.create_key(Description=f"{GUEST}{wanted}")["KeyMetadata"]
    assert (made["Arn"], made["KeyId"]) == (wanted, wanted.rpartition("/")[2])
    assert kms.describe_key(KeyId=wanted)["KeyMetadata"]["KeyState"] == "Enabled"
    assert kms.create_key(Description="of another")["KeyMetadata"]["Arn"] != wanted
