from __future__ import annotations

from groma.live.embedded import Endpoints
from probes.ec2 import IMAGE
from probes.network import two_subnets, unique


def credit_modes(aws: Endpoints) -> None:
    ec2, (_, (subnet, _)) = aws.client("ec2"), two_subnets(aws)
    made = ec2.create_launch_template(
        LaunchTemplateName=unique("template"),
        LaunchTemplateData={
            "ImageId": IMAGE, "InstanceType": "t4g.small", "CreditSpecification": {"CpuCredits": "unlimited"},
        },
    )["LaunchTemplate"]  # fmt: skip
    by_template = {"LaunchTemplate": {"LaunchTemplateId": made["LaunchTemplateId"]}}
    plain = {"ImageId": IMAGE, "InstanceType": "t4g.small"}
    stated = {**plain, "CreditSpecification": {"CpuCredits": "standard"}}
    launched = [
        ec2.run_instances(MinCount=1, MaxCount=1, SubnetId=subnet, **said)["Instances"][0]["InstanceId"]
        for said in (by_template, plain, stated, {**plain, "InstanceType": "t2.small"})
    ]

    def modes() -> list[str]:
        rows = ec2.describe_instance_credit_specifications(InstanceIds=launched)
        found = {row["InstanceId"]: row["CpuCredits"] for row in rows["InstanceCreditSpecifications"]}
        return [found[each] for each in launched]

    assert modes() == ["unlimited", "unlimited", "standard", "standard"]
    change = [{"InstanceId": launched[2], "CpuCredits": "unlimited"}]
    ec2.modify_instance_credit_specification(InstanceCreditSpecifications=change)
    assert modes()[2] == "unlimited"
