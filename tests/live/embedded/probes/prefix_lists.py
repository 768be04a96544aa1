from __future__ import annotations

from groma.live.embedded import Endpoints


def route53_health_checkers(aws: Endpoints) -> None:
    for region in ("us-east-1", "eu-west-1"):
        name = f"com.amazonaws.{region}.route53-healthchecks"
        by_name = [{"Name": "prefix-list-name", "Values": [name]}]
        (found,) = aws.client("ec2", region).describe_managed_prefix_lists(Filters=by_name)["PrefixLists"]
        assert found["OwnerId"] == "AWS"
        assert found["AddressFamily"] == "IPv4"
