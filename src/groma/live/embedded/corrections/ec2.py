"""Launch templates, what is launched from them, and security-group rules."""

from __future__ import annotations

import copy
from typing import Any

from moto.ec2.models import instances, nat_gateways, security_groups
from moto.ec2.responses.launch_templates import LaunchTemplates
from moto.ec2.utils import parse_user_data

from groma.live.embedded.corrections.registry import correction


@correction(seen_in="5.2.5")
def template_tags() -> None:
    """Upstream: reports a launch template's own tags as tags of what it launches.

    Effect: its data is what was given, so default tags do not show up in Terraform's next plan.
    """
    original = LaunchTemplates.create_launch_template

    def create(self: Any) -> Any:
        given = copy.deepcopy(self._get_param("LaunchTemplateData", {}).get("TagSpecifications"))
        result = original(self)
        template_id = result.result["LaunchTemplate"]["LaunchTemplateId"]
        data = self.ec2_backend.get_launch_template(template_id).versions[0].data
        data.pop("TagSpecifications", None)
        if given is not None:
            data["TagSpecifications"] = given
        return result

    LaunchTemplates.create_launch_template = create


@correction(seen_in="5.2.5")
def template_user_data() -> None:
    """Upstream: fails to launch from a launch template's second version when that has user data.

    Effect: the user data of every version is understood, as that of the first.
    """
    original = LaunchTemplates.create_launch_template_version

    def create(self: Any) -> Any:
        result = original(self)
        version = result.result["LaunchTemplateVersion"]
        template = self.ec2_backend.get_launch_template(version["LaunchTemplateId"])
        data = template.get_version(version["VersionNumber"]).data
        if "UserData" in data:
            data["UserData"] = parse_user_data(data["UserData"])
        return result

    LaunchTemplates.create_launch_template_version = create


@correction(seen_in="5.2.5")
def template_volumes() -> None:
    """Upstream: adds an 8 GB volume to what a launch template says, and ignores its volumes' tags.

    Effect: an instance has the template's volumes, tagged as it says.
    """
    original = instances.InstanceBackend.run_instances

    def run(self: Any, image_id: Any, count: int, user_data: Any, groups: Any, **kwargs: Any) -> Any:
        data = template_data(self, kwargs)
        if devices := data.get("BlockDeviceMappings"):
            kwargs.setdefault("block_device_mappings", [{**d, "Ebs": d.get("Ebs", {})} for d in devices])
        if tags := _tags_for(data, "volume"):
            kwargs["tags"] = {"volume": tags, **(kwargs.get("tags") or {})}
        return original(self, image_id, count, user_data, groups, **kwargs)

    instances.InstanceBackend.run_instances = run


@correction(seen_in="5.2.5")
def template_settings() -> None:
    """Upstream: ignores a launch template's metadata options (IMDSv2), monitoring and EBS optimisation.

    Effect: an instance has them.
    """
    original = instances.InstanceBackend.run_instances

    def run(self: Any, image_id: Any, count: int, user_data: Any, groups: Any, **kwargs: Any) -> Any:
        data = template_data(self, kwargs)
        given = kwargs.get("metadata_options") or {}
        kwargs["metadata_options"] = {**data.get("MetadataOptions", {}), **given}
        if data.get("Monitoring", {}).get("Enabled"):
            kwargs["monitoring_state"] = "enabled"
        kwargs["ebs_optimized"] = kwargs.get("ebs_optimized") or data.get("EbsOptimized", False)
        return original(self, image_id, count, user_data, groups, **kwargs)

    instances.InstanceBackend.run_instances = run


@correction(seen_in="5.2.5")
def template_network() -> None:
    """Upstream: ignores a launch template's network interface: its groups and whether it is public.

    Effect: an instance has them.
    """
    original = instances.InstanceBackend.run_instances

    def run(self: Any, image_id: Any, count: int, user_data: Any, groups: Any, **kwargs: Any) -> Any:
        interfaces = template_data(self, kwargs).get("NetworkInterfaces") or []
        if interfaces and not kwargs.get("nics"):
            kwargs["security_group_ids"] = kwargs.get("security_group_ids") or interfaces[0].get("Groups", [])
            if kwargs.get("associate_public_ip") is None:
                kwargs["associate_public_ip"] = interfaces[0].get("AssociatePublicIpAddress")
        return original(self, image_id, count, user_data, groups, **kwargs)

    instances.InstanceBackend.run_instances = run


@correction(seen_in="5.2.5")
def template_profile() -> None:
    """Upstream: ignores a launch template's instance profile.

    Effect: an instance is associated with it.
    """
    original = instances.InstanceBackend.run_instances

    def run(self: Any, image_id: Any, count: int, user_data: Any, groups: Any, **kwargs: Any) -> Any:
        reservation = original(self, image_id, count, user_data, groups, **kwargs)
        profile = template_data(self, kwargs).get("IamInstanceProfile") or {}
        given = kwargs.get("iam_instance_profile_name") or kwargs.get("iam_instance_profile_arn")
        for instance in reservation.instances if profile and not given else ():
            self.associate_iam_instance_profile(instance.id, profile.get("Name"), profile.get("Arn"))
        return reservation

    instances.InstanceBackend.run_instances = run


@correction(seen_in="5.2.5")
def interface_groups() -> None:
    """Upstream: an instance launched with a network interface of its own lists none of its security groups.

    Effect: it lists those of its first interface, so that Terraform's next plan is empty.
    """
    original = instances.InstanceBackend.run_instances

    def run(self: Any, image_id: Any, count: int, user_data: Any, groups: Any, **kwargs: Any) -> Any:
        reservation = original(self, image_id, count, user_data, groups, **kwargs)
        for instance in reservation.instances:
            if not instance.security_groups and 0 in instance.nics:
                instance.security_groups = list(instance.nics[0].group_set)
        return reservation

    instances.InstanceBackend.run_instances = run


@correction(seen_in="5.2.5")
def instance_interfaces() -> None:
    """Upstream: leaves the network interface of an instance behind when the instance is terminated.

    Effect: an interface made with an instance goes with it, unless it was asked to stay.
    """
    original = instances.Instance.prep_nics

    def prepare(self: Any, nic_spec: list[dict[str, Any]], *args: Any, **kwargs: Any) -> None:
        stay = {
            int(nic.get("DeviceIndex") or 0)
            for nic in nic_spec
            if nic.get("NetworkInterfaceId") or nic.get("DeleteOnTermination") is False
        }
        original(self, nic_spec, *args, **kwargs)
        for index, interface in self.nics.items():
            if index not in stay:
                interface.delete_on_termination = True

    instances.Instance.prep_nics = prepare


@correction(seen_in="5.2.5")
def nat_gateway_interfaces() -> None:
    """Upstream: leaves the network interface of a NAT gateway behind when the gateway is deleted.

    Effect: it goes with the gateway.
    """
    original = nat_gateways.NatGatewayBackend.delete_nat_gateway

    def delete(self: Any, nat_gateway_id: str) -> Any:
        gateway = original(self, nat_gateway_id)
        if gateway._eni.id in self.enis:
            self.delete_network_interface(gateway._eni.id)
        return gateway

    nat_gateways.NatGatewayBackend.delete_nat_gateway = delete


def template_data(backend: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """What a launch template says, where one is launched from; else nothing."""
    template = kwargs.get("launch_template")
    data: dict[str, Any] = backend._get_template_from_args(template).data if template else {}
    return data


def _tags_for(data: dict[str, Any], resource: str) -> dict[str, str]:
    rows = [row for row in data.get("TagSpecifications") or [] if row.get("ResourceType") == resource]
    return {tag["Key"]: tag["Value"] for row in rows for tag in row.get("Tags", [])}


@correction(seen_in="5.2.5")
def rule_descriptions() -> None:
    """Upstream: loses the description of a security-group rule that names a group or a prefix list.

    Effect: it is kept.
    """
    rule = security_groups.SecurityGroupRule
    original = rule.__init__

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        prefix_list = kwargs.get("prefix_list_id") or (args[7] if len(args) > 7 else None) or {}
        self.prefix_list_description = prefix_list.get("Description")

    def description(self: Any) -> str | None:
        sources = (self.ip_range, self.source_group, {"Description": self.prefix_list_description})
        return next((source["Description"] for source in sources if source.get("Description")), None)

    rule.__init__ = init
    rule.description = property(description)
