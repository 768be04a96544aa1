"""CPU credits of burstable machines."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.instances import InstanceBackend
from moto.ec2.responses.instances import InstanceResponse

from groma.live.embedded.corrections.ec2 import template_data
from groma.live.embedded.corrections.registry import correction


@correction(seen_in="5.2.5")
def credit_modes() -> None:
    """Upstream: says `standard` of every instance, however it was launched, and cannot change it.

    Effect: it is in the mode that it was launched in or was put into; by default, as on AWS, T2 in
    `standard` and all other types in `unlimited`.
    """
    run_instances, run_request = InstanceBackend.run_instances, InstanceResponse.run_instances

    def run(self: Any, image_id: Any, count: int, user_data: Any, groups: Any, **kwargs: Any) -> Any:
        reservation = run_instances(self, image_id, count, user_data, groups, **kwargs)
        said = template_data(self, kwargs).get("CreditSpecification") or {}
        for instance in reservation.instances:
            instance.cpu_credits = said.get("CpuCredits") or _default(instance)
        return reservation

    def requested(self: Any) -> Any:
        result = run_request(self)
        if said := self._get_param("CreditSpecification.CpuCredits"):
            for instance in result.result.instances:
                instance.cpu_credits = said
        return result

    def describe(self: Any) -> ActionResult:
        found = self.ec2_backend.describe_instance_credit_specifications(self._get_param("InstanceIds", []))
        rows = [{"InstanceId": each.id, "CpuCredits": _mode(each)} for each in found]
        return ActionResult({"InstanceCreditSpecifications": rows})

    def modify(self: Any) -> ActionResult:
        rows = self._get_param("InstanceCreditSpecifications", [])
        for row in rows:
            (instance,) = self.ec2_backend.get_multi_instances_by_id([row["InstanceId"]])
            instance.cpu_credits = row["CpuCredits"]
        done = [{"InstanceId": row["InstanceId"]} for row in rows]
        return ActionResult(
            {"SuccessfulInstanceCreditSpecifications": done, "UnsuccessfulInstanceCreditSpecifications": []}
        )

    InstanceBackend.run_instances = run
    InstanceResponse.run_instances = requested
    InstanceResponse.describe_instance_credit_specifications = describe
    InstanceResponse.modify_instance_credit_specification = modify


def _mode(instance: Any) -> str:
    return str(getattr(instance, "cpu_credits", _default(instance)))


def _default(instance: Any) -> str:
    return "standard" if instance.instance_type.startswith("t2.") else "unlimited"
