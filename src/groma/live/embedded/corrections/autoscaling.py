"""Auto-scaling groups and policies."""

from __future__ import annotations

from collections import Counter
from typing import Any

from moto.autoscaling import models
from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random

from groma.live.embedded.corrections.registry import correction

Group = models.FakeAutoScalingGroup


@correction(seen_in="5.2.5")
def spread_over_subnets() -> None:
    """Upstream: launches all instances into the first subnet, with the template's default version.

    Effect: each instance goes to the subnet that has the fewest, with the version the group names.
    """

    def launch(self: Any, count_needed: int, propagated_tags: dict[str, str]) -> None:
        tags = {**propagated_tags, models.ASG_NAME_TAG: self.name, **self.instance_tags}
        for _ in range(count_needed):
            reservation = self.autoscaling_backend.ec2_backend.run_instances(
                self.image_id,
                1,
                self.user_data,
                self.security_groups,
                instance_type=self.instance_type,
                is_instance_type_default=False,
                region_name=self.region,
                tags={"instance": tags},
                placement=self.availability_zones[0],
                subnet_id=_emptiest_subnet(self),
                launch_config=self.launch_config,
                launch_template=_template(self),
                associate_public_ip=self.launch_config and self.launch_config.associate_public_ip_address,
            )
            (instance,) = reservation.instances
            instance.autoscaling_group = self
            protected = self.new_instances_protected_from_scale_in
            self.instance_states.append(models.InstanceState(instance, protected_from_scale_in=protected))

    Group.replace_autoscaling_group_instances = launch


def _emptiest_subnet(group: Any) -> str | None:
    if not group.vpc_zone_identifier:
        return None
    counts = Counter(state.instance.subnet_id for state in group.instance_states)
    subnets: list[str] = group.vpc_zone_identifier.split(",")
    return min(subnets, key=lambda subnet: counts[subnet])


def _template(group: Any) -> dict[str, str] | None:
    if group.ec2_launch_template is None:
        return None
    return {"LaunchTemplateId": group.ec2_launch_template.id, "Version": group.launch_template_version}


@correction(seen_in="5.2.5")
def shrink_evenly() -> None:
    """Upstream: ends the oldest instances when a group shrinks, wherever they are.

    Effect: the instance that goes is one of the subnet that has the most.
    """
    original = Group.set_desired_capacity

    def set_desired_capacity(self: Any, new_capacity: int | None) -> None:
        if hasattr(self, "instance_states"):
            self.instance_states.sort(key=_ranks(self.instance_states).__getitem__, reverse=True)
        original(self, new_capacity)

    Group.set_desired_capacity = set_desired_capacity


def _ranks(states: list[Any]) -> dict[Any, int]:
    """How many of its subnet came before each instance: the higher, the fuller the subnet with it."""
    counts: Counter[str | None] = Counter()
    ranks = {}
    for state in states:
        ranks[state] = counts[state.instance.subnet_id]
        counts[state.instance.subnet_id] += 1
    return ranks


@correction(seen_in="5.2.5")
def leave_target_groups() -> None:
    """Upstream: leaves the instances that a group has ended in its target groups, where they stay healthy.

    Effect: they are taken out, so the targets are the group's instances.
    """
    original = Group.set_desired_capacity

    def set_desired_capacity(self: Any, new_capacity: int | None) -> None:
        before = _instance_ids(self)
        original(self, new_capacity)
        ended = sorted(before - _instance_ids(self))
        self.autoscaling_backend.elbv2_backend.notify_terminate_instances(ended)

    Group.set_desired_capacity = set_desired_capacity


def _instance_ids(group: Any) -> set[str]:
    return {state.instance.id for state in getattr(group, "instance_states", ())}


@correction(seen_in="5.2.5")
def lost_target_groups() -> None:
    """Upstream: refuses every change of a group of which a target group was deleted, and its detachment.

    Effect: it can be changed and be given another, as with AWS, where only a launch fails meanwhile
    (https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-loadbalancer.html, undated, read 2026-11-28).
    """
    backend = models.AutoScalingBackend
    register, detach = backend.update_attached_target_groups, backend.detach_load_balancer_target_groups

    def standing(self: Any, arns: list[str]) -> list[str]:
        return [arn for arn in arns if arn in self.elbv2_backend.target_groups]

    def update(self: Any, group_name: str) -> None:
        group = self.autoscaling_groups[group_name]
        attached = group.target_group_arns
        group.target_group_arns = standing(self, attached)
        register(self, group_name)
        group.target_group_arns = attached

    def leave(self: Any, group_name: str, target_group_arns: list[str]) -> None:
        group = self.autoscaling_groups[group_name]
        detach(self, group_name, standing(self, target_group_arns))
        group.target_group_arns = [arn for arn in group.target_group_arns if arn not in target_group_arns]

    backend.update_attached_target_groups = update
    backend.detach_load_balancer_target_groups = leave


@correction(seen_in="5.2.5")
def keep_group_settings() -> None:
    """Upstream: forgets a group's DefaultInstanceWarmup and MaxInstanceLifetime.

    Effect: they are kept and reported, so Terraform's next plan is empty.
    """
    create = AutoScalingResponse.create_auto_scaling_group
    update = AutoScalingResponse.update_auto_scaling_group

    def created(self: Any) -> Any:
        result = create(self)
        _keep_settings(self)
        return result

    def updated(self: Any) -> Any:
        result = update(self)
        _keep_settings(self)
        return result

    AutoScalingResponse.create_auto_scaling_group = created
    AutoScalingResponse.update_auto_scaling_group = updated


def _keep_settings(response: Any) -> None:
    group = _group(response)
    for parameter, attribute in (
        ("DefaultInstanceWarmup", "default_instance_warmup"),
        ("MaxInstanceLifetime", "max_instance_lifetime"),
    ):
        value = response._get_int_param(parameter)
        if value is not None:
            setattr(group, attribute, value if value >= 0 else None)


@correction(seen_in="5.2.5")
def group_defaults() -> None:
    """Upstream: says nothing of a group's capacity reservations, nor of how it is spread over its zones.

    Effect: both are told as AWS has them where nothing is stated. Without them the provider contradicts its
    own plan while that is applied, if a group's launch template is not known before.
    """
    Group.capacity_reservation_specification = {"CapacityReservationPreference": "default"}
    Group.availability_zone_distribution = {"CapacityDistributionStrategy": "balanced-best-effort"}


@correction(seen_in="5.2.5")
def keep_mixed_policies() -> None:
    """Upstream: a change that does not mention a group's policy of several types ends it, and none changes
    whether it replaces ahead of an interruption.

    Effect: the policy stays until another or a launch template takes its place; the switch is set as asked.
    """
    change, update = Group.update, AutoScalingResponse.update_auto_scaling_group

    def changed(self: Any, *args: Any, **kwargs: Any) -> None:
        before = self.mixed_instances_policy
        change(self, *args, **kwargs)
        if not kwargs.get("launch_template") and kwargs.get("mixed_instances_policy") is None:
            self.mixed_instances_policy = before

    def updated(self: Any) -> Any:
        result = update(self)
        group = _group(self)
        wanted = self._get_bool_param("CapacityRebalance", None)
        group.capacity_rebalance = group.capacity_rebalance if wanted is None else wanted
        return result

    Group.update = changed
    AutoScalingResponse.update_auto_scaling_group = updated


def _group(response: Any) -> Any:
    name = response._get_param("AutoScalingGroupName")
    group = response.autoscaling_backend.autoscaling_groups.get(name)
    if group is None:
        raise ValidationError(f"AutoScalingGroup name not found - {name}")
    return group


@correction(seen_in="5.2.5")
def metrics_collection() -> None:
    """Upstream: replaces the enabled metrics instead of adding to them, and cannot disable any.

    Effect: enabling adds (all when none is named), disabling removes.
    """

    def enable(self: Any, metrics: list[str] | None) -> None:
        self.metrics = sorted({*self.metrics, *(metrics or _GROUP_METRICS)})

    def disable(self: Any) -> Any:
        group, metrics = _group(self), self._get_param("Metrics", [])
        group.metrics = [metric for metric in group.metrics if metrics and metric not in metrics]
        return EmptyResult()

    Group.enable_metrics_collection = enable
    AutoScalingResponse.disable_metrics_collection = disable


_GROUP_METRICS = tuple(
    f"Group{name}"
    for name in (
        "DesiredCapacity",
        "InServiceInstances",
        "MaxSize",
        "MinSize",
        "PendingInstances",
        "StandbyInstances",
        "TerminatingInstances",
        "TotalInstances",
    )
)


@correction(seen_in="5.2.5")
def policy_defaults() -> None:
    """Upstream: reports every scaling policy as disabled, and with a predictive configuration.

    Effect: policies are enabled, and predictive only when they are.
    """
    original = models.FakeScalingPolicy.__init__

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.enabled = True
        self.predictive_scaling_configuration = self.predictive_scaling_configuration or None

    models.FakeScalingPolicy.__init__ = init


@correction(seen_in="5.2.5")
def policies_by_group() -> None:
    """Upstream: keys policies by name alone, so two groups cannot have a policy of one name.

    Effect: a policy belongs to its group.
    """
    original = models.AutoScalingBackend.put_scaling_policy

    def put(self: Any, name: str, *args: Any, as_name: str, **kwargs: Any) -> Any:
        others = dict(self.policies)
        policy = original(self, name, *args, as_name=as_name, **kwargs)
        self.policies = {**others, f"{as_name}/{name}": policy}
        return policy

    def delete(self: Any) -> Any:
        self.autoscaling_backend.policies.pop(_policy_key(self))
        return EmptyResult()

    def execute(self: Any) -> Any:
        self.autoscaling_backend.policies[_policy_key(self)].execute()
        return EmptyResult()

    models.AutoScalingBackend.put_scaling_policy = put
    AutoScalingResponse.delete_policy = delete
    AutoScalingResponse.execute_policy = execute


def _policy_key(response: Any) -> str:
    """The key of the policy that a request means by name and group, or by ARN."""
    name, group = response._get_param("PolicyName"), response._get_param("AutoScalingGroupName")
    for key, policy in response.autoscaling_backend.policies.items():
        if policy.arn == name or (policy.name == name and group in (None, policy.auto_scaling_group_name)):
            return str(key)
    raise ValidationError(f"PolicyName not found - {name}")


@correction(seen_in="5.2.5")
def instance_refresh() -> None:
    """Upstream: knows no instance refresh: a changed launch template never reaches running instances.

    Effect: a refresh replaces all instances at once by those the group now describes.
    """

    def start(self: Any) -> Any:
        group = _group(self)
        replaced = len(group.instance_states)
        desired = group.desired_capacity
        group.set_desired_capacity(0)
        group.set_desired_capacity(desired)
        refresh = {
            "InstanceRefreshId": str(mock_random.uuid4()),
            "AutoScalingGroupName": group.name,
            "Status": "Successful",
            "PercentageComplete": 100,
            "InstancesToUpdate": 0,
            "StatusReason": f"replaced {replaced} instances",
            "StartTime": utcnow(),
            "EndTime": utcnow(),
        }
        group.refreshes = [refresh, *getattr(group, "refreshes", [])]
        return ActionResult({"InstanceRefreshId": refresh["InstanceRefreshId"]})

    def describe(self: Any) -> Any:
        wanted = self._get_param("InstanceRefreshIds", [])
        refreshes = getattr(_group(self), "refreshes", [])
        found = [refresh for refresh in refreshes if not wanted or refresh["InstanceRefreshId"] in wanted]
        return ActionResult({"InstanceRefreshes": found})

    AutoScalingResponse.start_instance_refresh = start
    AutoScalingResponse.describe_instance_refreshes = describe
