from __future__ import annotations

from groma.live.embedded import Endpoints
from probes.network import unique


def target_tags(aws: Endpoints) -> None:
    scaling = aws.client("application-autoscaling")
    arn = scaling.register_scalable_target(
        ServiceNamespace="dynamodb",
        ResourceId=f"table/{unique('table')}",
        ScalableDimension="dynamodb:table:ReadCapacityUnits",
        MinCapacity=1,
        MaxCapacity=9,
        Tags={"Stack": "chirp", "Name": "reads"},
    )["ScalableTargetARN"]
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"Stack": "chirp", "Name": "reads"}
    scaling.tag_resource(ResourceARN=arn, Tags={"Name": "others"})
    scaling.untag_resource(ResourceARN=arn, TagKeys=["Stack"])
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"Name": "others"}
