"""Each service's state survives a kill of its emulator after a save."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from groma.live.embedded import EmbeddedCloud, Endpoints
from groma.live.embedded.record import read_record

pytestmark = pytest.mark.slow

Client = Any
Reader = Callable[[], Any]
"""Reads back what was made; called before the kill and after the restart, it must say the same."""


def _network(aws: Endpoints) -> tuple[str, list[str], str]:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")
        for n, zone in enumerate("ab")
    ]
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    return vpc, [subnet["Subnet"]["SubnetId"] for subnet in subnets], group


def _ec2(aws: Endpoints) -> Reader:
    ec2 = aws.client("ec2")
    _, subnets, group = _network(aws)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=address)
    peer = [{"GroupId": group, "Description": "each other"}]
    permission = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": peer}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
    return lambda: (
        ec2.describe_subnets()["Subnets"],
        ec2.describe_nat_gateways()["NatGateways"],
        ec2.describe_security_groups()["SecurityGroups"],
        ec2.describe_security_group_rules()["SecurityGroupRules"],
    )


def _servers(aws: Endpoints) -> Reader:
    ec2, scaling, elb = aws.client("ec2"), aws.client("autoscaling"), aws.client("elbv2")
    vpc, subnets, group = _network(aws)
    data = {"ImageId": "ami-0123456789abcdef0", "InstanceType": "t4g.small", "SecurityGroupIds": [group]}
    template = ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data)["LaunchTemplate"]
    target = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]
    elb.create_load_balancer(Name="web", Subnets=subnets)
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="web",
        LaunchTemplate={"LaunchTemplateId": template["LaunchTemplateId"], "Version": "1"},
        MinSize=2,
        MaxSize=4,
        VPCZoneIdentifier=",".join(subnets),
        TargetGroupARNs=[target["TargetGroupArn"]],
    )
    tracking = {
        "TargetValue": 50,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
    }
    scaling.put_scaling_policy(
        AutoScalingGroupName="web",
        PolicyName="cpu",
        PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration=tracking,
    )
    return lambda: (
        _members(scaling),
        scaling.describe_policies()["ScalingPolicies"],
        sorted(
            (t["Target"]["Id"], t["TargetHealth"]["State"])
            for t in elb.describe_target_health(TargetGroupArn=target["TargetGroupArn"])[
                "TargetHealthDescriptions"
            ]
        ),
        elb.describe_load_balancers()["LoadBalancers"][0]["AvailabilityZones"],
    )


def _members(scaling: Client) -> list[tuple[str, str, str]]:
    group = scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]
    return sorted((i["InstanceId"], i["AvailabilityZone"], i["LifecycleState"]) for i in group["Instances"])


def _rds(aws: Endpoints) -> Reader:
    rds, secrets = aws.client("rds"), aws.client("secretsmanager")
    rds.create_db_instance(
        DBInstanceIdentifier="master",
        DBInstanceClass="db.t4g.medium",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="groma",
        ManageMasterUserPassword=True,
        MasterUserSecretKmsKeyId=aws.client("kms").create_key()["KeyMetadata"]["KeyId"],
        AvailabilityZone="us-east-1a",
    )
    rds.create_db_instance_read_replica(
        DBInstanceIdentifier="replica", SourceDBInstanceIdentifier="master", AvailabilityZone="us-east-1b"
    )
    rds.describe_db_instances()  # the secret becomes active with the first look at it
    return lambda: (
        [
            {key: value for key, value in row.items() if key != "LatestRestorableTime"}
            for row in rds.describe_db_instances()["DBInstances"]
        ],
        [secret["ARN"] for secret in secrets.list_secrets()["SecretList"]],
    )


def _iam(aws: Endpoints) -> Reader:
    iam = aws.client("iam")
    iam.create_role(RoleName="server", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}')
    iam.attach_role_policy(
        RoleName="server", PolicyArn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    )
    iam.create_instance_profile(InstanceProfileName="server")
    iam.add_role_to_instance_profile(InstanceProfileName="server", RoleName="server")
    return lambda: (
        iam.get_instance_profile(InstanceProfileName="server")["InstanceProfile"],
        iam.list_attached_role_policies(RoleName="server")["AttachedPolicies"],
    )


def _kms(aws: Endpoints) -> Reader:
    kms = aws.client("kms")
    key = kms.create_key(Description="data")["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/data", TargetKeyId=key)
    secret = kms.encrypt(KeyId=key, Plaintext=b"text")["CiphertextBlob"]
    return lambda: (
        kms.describe_key(KeyId="alias/data")["KeyMetadata"],
        kms.decrypt(CiphertextBlob=secret)["Plaintext"],
    )


def _cloudwatch(aws: Endpoints) -> Reader:
    cloudwatch = aws.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="slow",
        Namespace="AWS/ApplicationELB",
        MetricName="TargetResponseTime",
        ExtendedStatistic="p99",
        Period=60,
        EvaluationPeriods=3,
        Threshold=0.4,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=["arn:aws:sns:us-east-1:123456789012:alerts"],
    )
    cloudwatch.put_composite_alarm(AlarmName="bad", AlarmRule='ALARM("slow")')
    cloudwatch.put_dashboard(DashboardName="board", DashboardBody='{"widgets": []}')
    return lambda: (
        cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])["MetricAlarms"],
        cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])["CompositeAlarms"],
        cloudwatch.get_dashboard(DashboardName="board")["DashboardBody"],
    )


def _logs(aws: Endpoints) -> Reader:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="/web", tags={"tier": "web"})
    logs.put_retention_policy(logGroupName="/web", retentionInDays=14)
    return lambda: logs.describe_log_groups()["logGroups"]


def _ssm(aws: Endpoints) -> Reader:
    ssm = aws.client("ssm")
    ssm.put_parameter(Name="/web/agent", Value="{}", Type="String")
    ami = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    return lambda: (
        ssm.get_parameter(Name="/web/agent")["Parameter"],
        ssm.get_parameter(Name=ami)["Parameter"]["Value"],
    )


def _cloudfront(aws: Endpoints) -> Reader:
    cloudfront = aws.client("cloudfront")
    behaviour = {"TargetOriginId": "site", "ViewerProtocolPolicy": "https-only", "CachePolicyId": "x"}
    origin = {"Id": "site", "DomainName": "site.s3.us-east-1.amazonaws.com", "OriginAccessControlId": "E1"}
    cloudfront.create_distribution(
        DistributionConfig={
            "CallerReference": "1",
            "Comment": "site",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [origin]},
            "DefaultCacheBehavior": behaviour,
        }
    )
    distribution = cloudfront.list_distributions()["DistributionList"]["Items"][0]["Id"]
    cloudfront.get_distribution(Id=distribution)  # deployed with the first look at it
    return lambda: cloudfront.get_distribution(Id=distribution)["Distribution"]


def _budgets(aws: Endpoints) -> Reader:
    budgets = aws.client("budgets")
    account = {"AccountId": "123456789012"}
    budgets.create_budget(
        **account,
        Budget={
            "BudgetName": "monthly",
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": "100", "Unit": "USD"},
        },
        ResourceTags=[{"Key": "stack", "Value": "proof"}],
    )
    arn = "arn:aws:budgets::123456789012:budget/monthly"
    return lambda: (
        budgets.describe_budget(**account, BudgetName="monthly")["Budget"],
        budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"],
    )


def _acm(aws: Endpoints) -> Reader:
    acm = aws.client("acm")
    arn = acm.request_certificate(DomainName="example.com", ValidationMethod="DNS")["CertificateArn"]
    acm.describe_certificate(CertificateArn=arn)
    return lambda: acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainName"]


def _sns(aws: Endpoints) -> Reader:
    sns = aws.client("sns")
    topic = sns.create_topic(Name="alerts", Tags=[{"Key": "stack", "Value": "proof"}])["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
    return lambda: (
        sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"],
        sns.list_tags_for_resource(ResourceArn=topic)["Tags"],
    )


def _s3(aws: Endpoints) -> Reader:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="site")
    s3.put_bucket_versioning(Bucket="site", VersioningConfiguration={"Status": "Enabled"})
    blocked = dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
    )
    s3.put_public_access_block(Bucket="site", PublicAccessBlockConfiguration=blocked)
    s3.put_bucket_policy(Bucket="site", Policy='{"Version": "2012-10-17", "Statement": []}')
    encryption = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    s3.put_bucket_encryption(Bucket="site", ServerSideEncryptionConfiguration={"Rules": [encryption]})
    expiry = {"NoncurrentDays": 30}
    rule = {"ID": "old", "Status": "Enabled", "Filter": {}, "NoncurrentVersionExpiration": expiry}
    s3.put_bucket_lifecycle_configuration(Bucket="site", LifecycleConfiguration={"Rules": [rule]})
    s3.put_object(Bucket="site", Key="a/index.html", Body=b"first", ContentType="text/html")
    s3.put_object(Bucket="site", Key="a/index.html", Body=b"second", ContentType="text/html")
    return lambda: (
        s3.get_bucket_versioning(Bucket="site")["Status"],
        s3.get_public_access_block(Bucket="site")["PublicAccessBlockConfiguration"],
        s3.get_bucket_policy(Bucket="site")["Policy"],
        s3.get_bucket_encryption(Bucket="site")["ServerSideEncryptionConfiguration"],
        s3.get_bucket_lifecycle_configuration(Bucket="site")["Rules"],
        s3.get_object(Bucket="site", Key="a/index.html")["Body"].read(),
        [(v["VersionId"], v["IsLatest"]) for v in s3.list_object_versions(Bucket="site")["Versions"]],
    )


def _tags(aws: Endpoints) -> Reader:
    """With a listing of which the rest was never asked for."""
    logs, tagging = aws.client("logs"), aws.client("resourcegroupstaggingapi")
    for name in ("tagged-1", "tagged-2", "tagged-3"):
        logs.create_log_group(logGroupName=name, tags={"Stack": "tagged"})
    wanted = [{"Key": "Stack", "Values": ["tagged"]}]
    assert tagging.get_resources(TagFilters=wanted, ResourcesPerPage=1)["PaginationToken"]
    return lambda: tagging.get_resources(TagFilters=wanted)["ResourceTagMappingList"]


MAKERS = {
    maker.__name__.strip("_"): maker
    for maker in (
        _ec2, _servers, _rds, _iam, _kms, _cloudwatch, _logs, _tags, _ssm, _cloudfront, _budgets, _acm, _sns,
        _s3,
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def read_back(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What each service says, before its emulator was killed and after it was started again."""
    directory: Path = tmp_path_factory.mktemp("restore")
    cloud = EmbeddedCloud(directory / "cloud", key_file=directory / "key")
    try:
        aws = cloud.start()
        readers = {name: make(aws) for name, make in MAKERS.items()}
        before = {name: read() for name, read in readers.items()}
        cloud.save()
        record = read_record(cloud.directory)
        assert record is not None
        for server in record.servers.values():
            os.kill(server.pid, signal.SIGKILL)
        assert cloud.start() == aws
        yield before, {name: read() for name, read in readers.items()}
    finally:
        cloud.stop(discard=True)


@pytest.mark.parametrize("service", list(MAKERS))
def test_a_service_says_the_same_after_a_kill(read_back: Any, service: str) -> None:
    before, after = read_back
    assert before[service]
    assert after[service] == before[service]
