"""What somebody has added to resources of a stack beside Terraform, and how it is taken away again.

Terraform mends what it has made and never looks at what stands beside it. Where that opens a way in or allows
more than was designed, `up` takes it away: rules of security groups, listeners of load balancers and their
rules, routes and stages of APIs, policies of roles, secrets, tables and queues, and who may call a function.
All else is somebody's to keep, see decision 0031.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from groma.architecture import Finding
from groma.components.quotas import GLOBAL_REGION
from groma.errors import CloudError
from groma.live.target import Clients
from groma.live.terraform_cli import PlannedChange, PlanSummary
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Answer, Deployed, Reading, means_missing

POLICY = "a policy of its own"
HAVE_NONE = (
    ("aws_secretsmanager_secret", "secretsmanager", "SecretId", "ResourcePolicy"),
    ("aws_dynamodb_table", "dynamodb", "ResourceArn", "Policy"),
)
"""Types without a policy of their own, the service, its word for such a resource and that for its policy."""
RULES = ("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")


@dataclass(frozen=True)
class Added:
    """One thing that was added.

    Attributes:
        address: Terraform's, of the resource that it was added to.
        what: what it does, in words.
        region, service, operation, arguments: the call that takes it away, as boto3 has it.
    """

    address: str
    what: str
    region: str
    service: str
    operation: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.address}: {self.what}"


@dataclass(frozen=True)
class Managed:
    """The resources in a state of Terraform, in version 4 of its format."""

    state: Mapping[str, Any]

    def standing(self, type_: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Address and attributes of each resource of a type that was made whole.

        One that was interrupted is marked as tainted and lacks attributes; Terraform makes it anew, and what
        was added to it goes with it.
        """
        for address, instance in self._instances(type_):
            if instance.get("status") != "tainted":
                yield address, instance["attributes"]

    def pairs(self, one: str, other: str, type_: str) -> frozenset[tuple[str | None, str | None]]:
        """Two attributes of each resource of a type, half made or not; None where it has no such yet."""
        found = self._begun(type_)
        return frozenset((attributes.get(one), attributes.get(other)) for attributes in found)

    def values(self, attribute: str, *types: str) -> frozenset[str | None]:
        """An attribute of all resources of these types, half made or not."""
        found = (attributes for type_ in types for attributes in self._begun(type_))
        return frozenset(attributes.get(attribute) for attributes in found)

    def _begun(self, type_: str) -> Iterator[Mapping[str, Any]]:
        """The attributes of each resource of a type, none where its making was interrupted at once."""
        return (instance["attributes"] or {} for _, instance in self._instances(type_))

    def _instances(self, type_: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for resource in self.state.get("resources", ()):
            if resource["mode"] == "managed" and resource["type"] == type_:
                module = f"{resource['module']}." if resource.get("module") else ""
                for instance in resource["instances"]:
                    key = f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""
                    yield f"{module}{type_}.{resource['name']}{key}", instance


class _Cloud:
    """Readings of all regions, each made when it is first needed."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._readings: dict[str, Reading] = {}

    def all(
        self, region: str, service: str, operation: str, key: str, **arguments: object
    ) -> tuple[Any, ...]:
        return self.reading(region).all(service, operation, key, **arguments)

    def reading(self, region: str) -> Reading:
        return self._readings.setdefault(region, Reading(Deployed({}, self._clients), region))


def added(state: Mapping[str, Any], clients: Clients) -> tuple[Added, ...]:
    """All that was added, in the order of the state. Raises CloudError when it cannot be read."""
    managed, cloud = Managed(state), _Cloud(clients)
    kinds = (
        *(_group_rules, _listeners, _listener_rules, _routes, _stages),
        *(_policies, _attached, _resource_policies, _queue_policies, _callers),
    )
    return tuple(each for kind in kinds for each in kind(managed, cloud))


def take_away(these: Iterable[Added], clients: Clients) -> None:
    """Take what was added away; what is gone already is no error. Raises CloudError."""
    from botocore.exceptions import BotoCoreError, ClientError

    for each in these:
        try:
            getattr(clients.client(each.service, each.region), each.operation)(**each.arguments)
        except (ClientError, BotoCoreError) as error:
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
            if means_missing(code):
                continue
            hint = "it was added beside Terraform: take it away by hand, or let these credentials do it"
            raise CloudError(str(error), where=str(each), hint=hint) from error


def with_added(plan: PlanSummary, these: tuple[Added, ...]) -> PlanSummary:
    """A plan that also says what is taken away."""
    changes = tuple(PlannedChange(0.0, str(each), "delete") for each in these)
    return replace(
        plan,
        has_changes=plan.has_changes or bool(these),
        removed=plan.removed + len(these),
        changes=(*plan.changes, *changes),
    )


def beside(these: tuple[Added, ...]) -> Finding:
    """That nothing was added that lets in or allows more than was designed."""
    what = "ways in and permissions that somebody has added beside Terraform"
    return compare("beside", what, "none", listed(map(str, these)), hint="`groma up` takes them away")


def _region(arn: str) -> str:
    """`us-west-2` of `arn:aws:ec2:us-west-2:111122223333:security-group/sg-1`."""
    return arn.split(":")[3]


def _group_rules(managed: Managed, cloud: _Cloud) -> Iterator[Added]:
    own = managed.values("security_group_rule_id", *RULES)
    for address, group in managed.standing("aws_security_group"):
        region, asked = _region(group["arn"]), [{"Name": "group-id", "Values": [group["id"]]}]
        rows = cloud.all(region, "ec2", "describe_security_group_rules", "SecurityGroupRules", Filters=asked)
        for row in rows:
            id_, way = row["SecurityGroupRuleId"], "egress" if row["IsEgress"] else "ingress"
            if id_ not in own:
                arguments = {"GroupId": group["id"], "SecurityGroupRuleIds": [id_]}
                yield Added(address, _rule(row), region, "ec2", f"revoke_security_group_{way}", arguments)


def _rule(row: Answer) -> str:
    """`lets in tcp 5432 from 0.0.0.0/0`."""
    peer = row.get("ReferencedGroupInfo", {}).get("GroupId") or row.get("PrefixListId")
    where = peer or row.get("CidrIpv4") or row.get("CidrIpv6")
    first, last = row.get("FromPort"), row.get("ToPort")
    ports = "everything" if row["IpProtocol"] == "-1" else f"{row['IpProtocol']} {first}"
    ports += f"-{last}" if last != first else ""
    return f"lets out {ports} to {where}" if row["IsEgress"] else f"lets in {ports} from {where}"


def _listeners(managed: Managed, cloud: _Cloud) -> Iterator[Added]:
    own = managed.values("arn", "aws_lb_listener")
    for address, balancer in managed.standing("aws_lb"):
        region, arn = _region(balancer["arn"]), balancer["arn"]
        for row in cloud.all(region, "elbv2", "describe_listeners", "Listeners", LoadBalancerArn=arn):
            if row["ListenerArn"] not in own:
                what = f"listens on {row['Protocol']} {row['Port']}"
                gone = {"ListenerArn": row["ListenerArn"]}
                yield Added(address, what, region, "elbv2", "delete_listener", gone)


def _listener_rules(managed: Managed, cloud: _Cloud) -> Iterator[Added]:
    own = managed.values("arn", "aws_lb_listener_rule")
    for address, listener in managed.standing("aws_lb_listener"):
        region, arn = _region(listener["arn"]), listener["arn"]
        for row in cloud.all(region, "elbv2", "describe_rules", "Rules", ListenerArn=arn):
            if not row["IsDefault"] and row["RuleArn"] not in own:
                what, gone = f"rule of priority {row['Priority']}", {"RuleArn": row["RuleArn"]}
                yield Added(address, what, region, "elbv2", "delete_rule", gone)


def _routes(managed: Managed, cloud: _Cloud) -> Iterator[Added]:
    own = managed.pairs("api_id", "id", "aws_apigatewayv2_route")
    for address, api in managed.standing("aws_apigatewayv2_api"):
        region, id_ = _region(api["arn"]), api["id"]
        for row in cloud.all(region, "apigatewayv2", "get_routes", "Items", ApiId=id_):
            if (id_, row["RouteId"]) not in own:
                what, gone = f"route {row['RouteKey']}", {"ApiId": id_, "RouteId": row["RouteId"]}
                yield Added(address, what, region, "apigatewayv2", "delete_route", gone)


def _stages(managed: Managed, cloud: _Cloud) -> Iterator[Added]:
    own = managed.pairs("api_id", "name", "aws_apigatewayv2_stage")
    for address, api in managed.standing("aws_apigatewayv2_api"):
        region, id_ = _region(api["arn"]), api["id"]
        for row in cloud.all(region, "apigatewayv2", "get_stages", "Items", ApiId=id_):
            name = row["StageName"]
            if (id_, name) not in own:
                gone = {"ApiId": id_, "StageName": name}
                yield Added(address, f"stage {name}", region, "apigatewayv2", "delete_stage", gone)


def _policies(managed: Managed, cloud: _Cloud) -> Iterator[Added]:
    own = managed.pairs("role", "name", "aws_iam_role_policy")
    for address, role in managed.standing("aws_iam_role"):
        name = role["name"]
        for policy in cloud.all(GLOBAL_REGION, "iam", "list_role_policies", "PolicyNames", RoleName=name):
            if (name, policy) not in own:
                gone = {"RoleName": name, "PolicyName": policy}
                yield Added(address, f"policy {policy}", GLOBAL_REGION, "iam", "delete_role_policy", gone)


def _attached(managed: Managed, cloud: _Cloud) -> Iterator[Added]:
    own = managed.pairs("role", "policy_arn", "aws_iam_role_policy_attachment")
    for address, role in managed.standing("aws_iam_role"):
        name, key = role["name"], "AttachedPolicies"
        for row in cloud.all(GLOBAL_REGION, "iam", "list_attached_role_policies", key, RoleName=name):
            if (name, row["PolicyArn"]) not in own:
                what = f"policy {row['PolicyName']} attached"
                gone = {"RoleName": name, "PolicyArn": row["PolicyArn"]}
                yield Added(address, what, GLOBAL_REGION, "iam", "detach_role_policy", gone)


def _resource_policies(managed: Managed, cloud: _Cloud) -> Iterator[Added]:
    """Of secrets and tables, which have none by design."""
    for kind, service, named, policy in HAVE_NONE:
        for address, attributes in managed.standing(kind):
            region, gone = _region(attributes["arn"]), {named: attributes["arn"]}
            answer = cloud.reading(region).ask(service, "get_resource_policy", **gone)
            if answer and answer.get(policy):
                yield Added(address, POLICY, region, service, "delete_resource_policy", gone)


def _queue_policies(managed: Managed, cloud: _Cloud) -> Iterator[Added]:
    """Of queues that have none by design."""
    own = managed.values("queue_url", "aws_sqs_queue_policy")
    for address, queue in managed.standing("aws_sqs_queue"):
        region, url = _region(queue["arn"]), queue["id"]
        asked = {"QueueUrl": url, "AttributeNames": ["Policy"]}
        answer = None if url in own else cloud.reading(region).ask("sqs", "get_queue_attributes", **asked)
        if answer and answer.get("Attributes", {}).get("Policy"):
            gone = {"QueueUrl": url, "Attributes": {"Policy": ""}}
            yield Added(address, POLICY, region, "sqs", "set_queue_attributes", gone)


def _callers(managed: Managed, cloud: _Cloud) -> Iterator[Added]:
    own = managed.pairs("function_name", "statement_id", "aws_lambda_permission")
    for address, function in managed.standing("aws_lambda_function"):
        region, name = _region(function["arn"]), function["function_name"]
        answer = cloud.reading(region).ask("lambda", "get_policy", FunctionName=name)
        for statement in json.loads(answer["Policy"])["Statement"] if answer else ():
            sid = statement.get("Sid", "")
            if (name, sid) not in own:
                what = f"may be called by {json.dumps(statement.get('Principal', '*'))}"
                gone = {"FunctionName": name, "StatementId": sid}
                yield Added(address, what, region, "lambda", "remove_permission", gone)
