from __future__ import annotations

from base64 import b64encode
from typing import Any

from groma.live.embedded import Endpoints
from probes.network import security_group, two_subnets, unique

IMAGE = "ami-0123456789abcdef0"


def _launch(aws: Endpoints, subnet: str, **data: Any) -> Any:
    """The instance that a launch template with this data launches into the subnet."""
    ec2 = aws.client("ec2")
    made = ec2.create_launch_template(
        LaunchTemplateName=unique("template"),
        LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "t4g.small", **data},
    )
    template = {"LaunchTemplateId": made["LaunchTemplate"]["LaunchTemplateId"]}
    run = ec2.run_instances(LaunchTemplate=template, MinCount=1, MaxCount=1, SubnetId=subnet)
    ids = [run["Instances"][0]["InstanceId"]]
    return ec2.describe_instances(InstanceIds=ids)["Reservations"][0]["Instances"][0]


def template_tags(aws: Endpoints) -> None:
    ec2 = aws.client("ec2")
    own = {"ResourceType": "launch-template", "Tags": [{"Key": "owner", "Value": "ada"}]}
    given = {"ResourceType": "instance", "Tags": [{"Key": "tier", "Value": "web"}]}
    made = ec2.create_launch_template(
        LaunchTemplateName=unique("template"),
        LaunchTemplateData={"ImageId": IMAGE, "TagSpecifications": [given]},
        TagSpecifications=[own],
    )["LaunchTemplate"]
    (version,) = ec2.describe_launch_template_versions(LaunchTemplateId=made["LaunchTemplateId"])[
        "LaunchTemplateVersions"
    ]
    assert version["LaunchTemplateData"]["TagSpecifications"] == [given]
    assert made["Tags"] == own["Tags"]


def template_user_data(aws: Endpoints) -> None:
    ec2 = aws.client("ec2")
    _, (subnet, _) = two_subnets(aws)
    scripts = [b64encode(f"#!/bin/sh\necho {number}\n".encode()).decode() for number in (1, 2)]
    first, second = ({"ImageId": IMAGE, "InstanceType": "t4g.small", "UserData": text} for text in scripts)
    made = ec2.create_launch_template(LaunchTemplateName=unique("template"), LaunchTemplateData=first)
    template = {"LaunchTemplateId": made["LaunchTemplate"]["LaunchTemplateId"]}
    ec2.create_launch_template_version(**template, LaunchTemplateData=second)
    group = unique("group")
    aws.client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=group,
        LaunchTemplate={**template, "Version": "2"},
        MinSize=1,
        MaxSize=1,
        VPCZoneIdentifier=subnet,
    )
    asked = [{"Name": "tag:aws:autoscaling:groupName", "Values": [group]}]
    (reservation,) = ec2.describe_instances(Filters=asked)["Reservations"]
    id_ = reservation["Instances"][0]["InstanceId"]
    found = ec2.describe_instance_attribute(InstanceId=id_, Attribute="userData")["UserData"]["Value"]
    assert found == scripts[1]


def template_volumes(aws: Endpoints) -> None:
    _, (subnet, _) = two_subnets(aws)
    disk = {"VolumeSize": 20, "VolumeType": "gp3", "Encrypted": True, "DeleteOnTermination": True}
    tags = [{"Key": "tier", "Value": "web"}]
    instance = _launch(
        aws,
        subnet,
        BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": disk}],
        TagSpecifications=[{"ResourceType": "volume", "Tags": tags}],
    )
    ids = [row["Ebs"]["VolumeId"] for row in instance["BlockDeviceMappings"]]
    (volume,) = aws.client("ec2").describe_volumes(VolumeIds=ids)["Volumes"]
    assert (volume["Size"], volume["VolumeType"], volume["Encrypted"]) == (20, "gp3", True)
    assert volume["Tags"] == tags


def template_settings(aws: Endpoints) -> None:
    _, (subnet, _) = two_subnets(aws)
    options = {"HttpTokens": "required", "HttpPutResponseHopLimit": 2, "HttpEndpoint": "enabled"}
    instance = _launch(aws, subnet, MetadataOptions=options, Monitoring={"Enabled": True}, EbsOptimized=True)
    assert options.items() <= instance["MetadataOptions"].items()
    assert instance["Monitoring"]["State"] == "enabled"
    assert instance["EbsOptimized"] is True


def template_network(aws: Endpoints) -> None:
    vpc, (subnet, _) = two_subnets(aws)
    group = security_group(aws, vpc)
    interface = {"DeviceIndex": 0, "AssociatePublicIpAddress": True, "Groups": [group]}
    instance = _launch(aws, subnet, NetworkInterfaces=[interface])
    assert [row["GroupId"] for row in instance["SecurityGroups"]] == [group]
    assert instance["PublicIpAddress"]


def template_profile(aws: Endpoints) -> None:
    _, (subnet, _) = two_subnets(aws)
    name = unique("profile")
    made = aws.client("iam").create_instance_profile(InstanceProfileName=name)["InstanceProfile"]
    for profile in ({"Name": name}, {"Arn": made["Arn"]}):
        instance = _launch(aws, subnet, IamInstanceProfile=profile)
        assert instance["IamInstanceProfile"]["Arn"] == made["Arn"]


def rule_descriptions(aws: Endpoints) -> None:
    ec2 = aws.client("ec2")
    vpc, _ = two_subnets(aws)
    group, peer = security_group(aws, vpc), security_group(aws, vpc)
    lists = ec2.describe_managed_prefix_lists()["PrefixLists"]
    ports = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}
    sources: tuple[dict[str, Any], ...] = (
        {"UserIdGroupPairs": [{"GroupId": peer, "Description": "from the peer"}]},
        {"PrefixListIds": [{"PrefixListId": lists[0]["PrefixListId"], "Description": "from the list"}]},
        {"IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "from the range"}]},
    )
    for source in sources:
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{**ports, **source}])
    filters = [{"Name": "group-id", "Values": [group]}]
    rules = ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    described = {rule.get("Description") for rule in rules if not rule["IsEgress"]}
    assert described == {"from the peer", "from the list", "from the range"}


def _interfaces(aws: Endpoints, vpc: str) -> list[str]:
    filters = [{"Name": "vpc-id", "Values": [vpc]}]
    rows = aws.client("ec2").describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
    return [row["NetworkInterfaceId"] for row in rows]


def interface_groups(aws: Endpoints) -> None:
    ec2, (vpc, (subnet, _)) = aws.client("ec2"), two_subnets(aws)
    group = security_group(aws, vpc)
    interface = {"DeviceIndex": 0, "SubnetId": subnet, "AssociatePublicIpAddress": True, "Groups": [group]}
    run = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, NetworkInterfaces=[interface])
    ids = [run["Instances"][0]["InstanceId"]]
    (instance,) = ec2.describe_instances(InstanceIds=ids)["Reservations"][0]["Instances"]
    assert [row["GroupId"] for row in instance["SecurityGroups"]] == [group]


def instance_interfaces(aws: Endpoints) -> None:
    ec2, (vpc, (subnet, _)) = aws.client("ec2"), two_subnets(aws)
    staying = {"DeviceIndex": 0, "SubnetId": subnet, "DeleteOnTermination": False}
    run = {"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1}
    ids = [
        ec2.run_instances(**run, **where)["Instances"][0]["InstanceId"]
        for where in ({"SubnetId": subnet}, {"NetworkInterfaces": [staying]})
    ]
    before = _interfaces(aws, vpc)
    assert len(before) == 2
    ec2.terminate_instances(InstanceIds=ids)
    assert _interfaces(aws, vpc) == before[1:]
    states = ec2.describe_instances(InstanceIds=ids)["Reservations"]
    assert {row["Instances"][0]["State"]["Name"] for row in states} == {"terminated"}


def nat_gateway_interfaces(aws: Endpoints) -> None:
    ec2, (vpc, (subnet, _)) = aws.client("ec2"), two_subnets(aws)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    assert len(_interfaces(aws, vpc)) == 1
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    assert _interfaces(aws, vpc) == []
    ec2.release_address(AllocationId=address)
