from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from groma.live.embedded import Endpoints
from groma.live.embedded.guests import GUEST


def zone_of_an_id(aws: Endpoints) -> None:
    route53, wanted = aws.client("route53"), "Z0123456789ABCDEFGHIJ"
    drawn = route53.create_hosted_zone(Name="own.acme.dev", CallerReference="of-another")
    made = route53.create_hosted_zone(Name="acme.dev", CallerReference=f"{GUEST}{wanted}")
    assert made["HostedZone"]["Id"] == f"/hostedzone/{wanted}"
    assert route53.get_hosted_zone(Id=wanted)["HostedZone"]["Name"] == "acme.dev."
    assert drawn["HostedZone"]["Id"] != made["HostedZone"]["Id"]
    by_name = route53.create_hosted_zone(Name="acme.org", CallerReference=f"{GUEST}acme.org")
    assert by_name["HostedZone"]["Id"] != "/hostedzone/acme.org"


def record_made_again(aws: Endpoints) -> None:
    route53 = aws.client("route53")
    zone = route53.create_hosted_zone(Name="again.dev", CallerReference="again")["HostedZone"]["Id"]

    def change(action: str, role: str) -> None:
        record = {
            "Name": "origin.again.dev",
            "Type": "A",
            "SetIdentifier": role,
            "Failover": role,
            "AliasTarget": {"HostedZoneId": "Z1", "DNSName": f"{role}.dev", "EvaluateTargetHealth": False},
        }
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)

    change("CREATE", "PRIMARY")
    change("CREATE", "SECONDARY")
    change("DELETE", "SECONDARY")
    change("CREATE", "SECONDARY")
    rows = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert sorted(row["Failover"] for row in rows if "Failover" in row) == ["PRIMARY", "SECONDARY"]
    with pytest.raises(ClientError, match="already exists"):
        change("CREATE", "SECONDARY")
