from __future__ import annotations

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
