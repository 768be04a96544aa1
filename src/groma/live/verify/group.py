"""An auto-scaling group with everything that belongs to it, read when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from groma.live.verify.findings import listed
from groma.live.verify.reading import Answer, Reading

OUTSIDE = "not of the group"


@dataclass(frozen=True)
class Group:
    """One auto-scaling group; `description` is what the service says of it."""

    description: Answer
    reading: Reading

    @classmethod
    def read(cls, name: str | None, reading: Reading) -> Group | None:
        """The group of that name; None when there is none."""
        if name is None:
            return None
        key, names = "AutoScalingGroups", [name]
        row = reading.first("autoscaling", "describe_auto_scaling_groups", key, AutoScalingGroupNames=names)
        return cls(row, reading) if row else None

    @cached_property
    def zones(self) -> Mapping[str, str]:
        """The zone of each instance by its id."""
        return {i["InstanceId"]: i["AvailabilityZone"] for i in self.description["Instances"]}

    def types(self) -> str | None:
        """The instance type that is launched and runs."""
        return _agreed(
            {name: str(data.get("InstanceType")) for name, data in self._templates.items()}
            | {i["InstanceId"]: i["InstanceType"] for i in self._instances}
        )

    def types_of_spot(self, types: Sequence[str]) -> str | None:
        """The same of a group of several types: the first where what is launched and runs is of these."""
        wrong = {
            i["InstanceId"]: i["InstanceType"] for i in self._instances if i["InstanceType"] not in types
        }
        return _agreed(
            {name: str(data.get("InstanceType")) for name, data in self._templates.items()} | wrong
        )

    def spot(self) -> str:
        """What it buys on demand, what as Spot, of which types, and whether it replaces in time."""
        policy = self.description.get("MixedInstancesPolicy")
        if not policy:
            return "all on demand"
        said, launched = policy.get("InstancesDistribution") or {}, policy.get("LaunchTemplate") or {}
        types = listed(str(each.get("InstanceType")) for each in launched.get("Overrides") or ())
        share = int(said.get("OnDemandPercentageAboveBaseCapacity", 100))
        beyond = f", {share} % of those beyond too" if share else ""
        in_time = "replaced ahead" if self.description.get("CapacityRebalance") else "replaced when gone"
        return (
            f"{said.get('OnDemandBaseCapacity', 0)} on demand{beyond}, else Spot of {types}, "
            f"{said.get('SpotAllocationStrategy', 'lowest-price')}, {in_time}"
        )

    def images(self) -> str | None:
        """The machine image that is launched and runs."""
        return _agreed(
            {name: str(data.get("ImageId")) for name, data in self._templates.items()}
            | {i["InstanceId"]: str(i.get("ImageId")) for i in self._instances}
        )

    def metadata(self) -> str | None:
        """Which versions of the metadata service answer."""
        return _agreed(
            {name: _metadata(data) for name, data in self._templates.items()}
            | {i["InstanceId"]: _metadata(i) for i in self._instances}
        )

    def credits(self) -> str | None:
        """What becomes of a burstable machine without CPU credits, as the launch templates say."""
        return _agreed(
            {
                name: (data.get("CreditSpecification") or {}).get("CpuCredits", "the account's default")
                for name, data in self._templates.items()
            }
        )

    def volumes(self) -> str | None:
        """Size, type and encryption of the volumes."""
        rows = self._of_instances("describe_volumes", "Volumes", "attachment.instance-id")
        return _agreed(
            {name: _template_volumes(data) for name, data in self._templates.items()}
            | {row["VolumeId"]: _volume(row, row["Size"]) for row in rows}
        )

    def volume_keys(self) -> str | None:
        """The keys that what is launched has its volumes encrypted with."""
        return _agreed({name: _template_keys(data) for name, data in self._templates.items()})

    def security_groups(self) -> set[str]:
        """Ids of the security groups that the launch template gives and that the instances have."""
        interfaces = (i for data in self._templates.values() for i in data.get("NetworkInterfaces", ()))
        launched = (group_id for interface in interfaces for group_id in interface.get("Groups", ()))
        running = (row["GroupId"] for i in self._instances for row in i.get("SecurityGroups", ()))
        return {*launched, *running}

    def targets(self, target_group: str) -> list[tuple[str, str]] | None:
        """Zone and state of each target of a target group; None when there is none of that name."""
        found = self.reading.first("elbv2", "describe_target_groups", "TargetGroups", Names=[target_group])
        if found is None:
            return None
        key, arn = "TargetHealthDescriptions", found["TargetGroupArn"]
        rows = self.reading.all("elbv2", "describe_target_health", key, TargetGroupArn=arn)
        return [(self.zones.get(row["Target"]["Id"], OUTSIDE), row["TargetHealth"]["State"]) for row in rows]

    def scaling(self) -> str:
        """The scaling policies, and the processes that somebody has suspended."""
        name = self.description["AutoScalingGroupName"]
        policies = self.reading.all(
            "autoscaling", "describe_policies", "ScalingPolicies", AutoScalingGroupName=name
        )
        suspended = self.description.get("SuspendedProcesses", ())
        parts = [*map(_policy, policies), *(f"{row['ProcessName']} suspended" for row in suspended)]
        return listed(parts, "no policy")

    @cached_property
    def _templates(self) -> Mapping[str, Answer]:
        """What the launch template says, in the version that the group launches and in the default one."""
        mixed = (self.description.get("MixedInstancesPolicy") or {}).get("LaunchTemplate") or {}
        template = self.description.get("LaunchTemplate") or mixed.get("LaunchTemplateSpecification")
        return dict(self._versions(template)) if template else {}

    def _versions(self, template: Answer) -> Iterator[tuple[str, Answer]]:
        for version in (template.get("Version", "$Default"), "$Default"):
            for row in self.reading.all(
                "ec2",
                "describe_launch_template_versions",
                "LaunchTemplateVersions",
                LaunchTemplateId=template["LaunchTemplateId"],
                Versions=[version],
            ):
                yield f"launch template version {row['VersionNumber']}", row["LaunchTemplateData"]

    @cached_property
    def _instances(self) -> tuple[Answer, ...]:
        rows = self._of_instances("describe_instances", "Reservations", "instance-id")
        return tuple(instance for row in rows for instance in row["Instances"])

    def _of_instances(self, operation: str, key: str, filter_name: str) -> tuple[Answer, ...]:
        if not self.zones:
            return ()
        by_id = [{"Name": filter_name, "Values": sorted(self.zones)}]
        return self.reading.all("ec2", operation, key, Filters=by_id)


def _agreed(values: Mapping[str, str]) -> str | None:
    """The one value that all places agree on; else every value with its places."""
    places: dict[str, list[str]] = {}
    for place, value in values.items():
        places.setdefault(value, []).append(place)
    if len(places) > 1:
        return "; ".join(f"{value} ({listed(where)})" for value, where in sorted(places.items()))
    return next(iter(places), None)


def _metadata(data: Answer) -> str:
    required = (data.get("MetadataOptions") or {}).get("HttpTokens") == "required"
    return "IMDSv2 only" if required else "IMDSv1 too"


def _template_volumes(data: Answer) -> str:
    disks = [device["Ebs"] for device in data.get("BlockDeviceMappings", ()) if "Ebs" in device]
    return listed((_volume(disk, disk.get("VolumeSize")) for disk in disks), "the image's own")


def _template_keys(data: Answer) -> str:
    disks = [device["Ebs"] for device in data.get("BlockDeviceMappings", ()) if "Ebs" in device]
    return listed((disk.get("KmsKeyId", "AWS's own key") for disk in disks), "AWS's own key")


def _volume(volume: Answer, gib: int | None) -> str:
    encrypted = "encrypted" if volume.get("Encrypted") else "not encrypted"
    return f"{gib} GB {volume.get('VolumeType')}, {encrypted}"


def _policy(policy: Answer) -> str:
    tracking = policy.get("TargetTrackingConfiguration") or {}
    metric = (tracking.get("PredefinedMetricSpecification") or {}).get("PredefinedMetricType")
    if metric != "ASGAverageCPUUtilization":
        return f"{policy['PolicyType']} {policy['PolicyName']}"
    off = "" if policy.get("Enabled", True) else " (off)"
    return f"CPU held at {tracking['TargetValue']:g} %{off}"
