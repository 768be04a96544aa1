"""The functions deployed to the embedded cloud from their description, with boto3 and no Terraform."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from behaviour import App, Reply
from functions_emulated import EDGE_KEY, make_everything

from chirp.shipping.bundle import bundle
from chirp.shipping.functions import FUNCTIONS, PROCESSOR, ROUTES, RUNTIME
from groma.application import Http, Queue, Resource, filled
from groma.live.embedded import ACCOUNT_ID, Endpoints

CODE = "123456"
"""The code that the emulator mails to everybody."""


class Deployed:
    """What was deployed, and where it answers."""

    def __init__(self, endpoints: Endpoints) -> None:
        services = ("apigatewayv2", "cognito-idp", "dynamodb", "lambda", "s3", "sns", "sqs")
        self.clients: dict[str, Any] = {service: endpoints.client(service) for service in services}
        self.resources = make_everything(self.clients)
        self.zip = bundle()
        self.iam = endpoints.client("iam")
        for name in FUNCTIONS:
            self._function(name)
        self.url = f"{endpoints.url('apigatewayv2')}/_aws/execute-api/{self._api()}/$default"
        self.app = App(self.ask, lambda handle: CODE, 60.0, False)

    def ask(self, method: str, path: str, headers: Any, body: bytes) -> Reply:
        """A request over HTTP, as it comes from a distribution."""
        return self.ask_around(method, path, {"X-Origin-Key": EDGE_KEY, **headers}, body)

    def ask_around(self, method: str, path: str, headers: Any, body: bytes = b"") -> Reply:
        """A request over HTTP by the API's own address."""
        request = Request(self.url + path, data=body or None, headers=dict(headers), method=method)
        try:
            with build_opener(ProxyHandler({})).open(request, timeout=60) as answer:
                return Reply(answer.status, _small(answer.headers), answer.read())
        except HTTPError as refusal:
            return Reply(refusal.code, _small(refusal.headers), refusal.read())

    def invoke(self, name: str, event: object) -> Any:
        """Call a function by its name, and wait for what it returns."""
        payload = json.dumps(event).encode()
        answer = self.clients["lambda"].invoke(FunctionName=f"social-{name}", Payload=payload)
        returned = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, returned
        return returned

    def entries(self, handle: str) -> int:
        """How many entries the table holds for a timeline."""
        pages = (
            self.clients["dynamodb"]
            .get_paginator("query")
            .paginate(
                TableName=self.resources["table.name"],
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": f"timeline#{handle}"}},
                Select="COUNT",
            )
        )
        return sum(page["Count"] for page in pages)

    def waiting(self, queue: str) -> int:
        """How many messages a queue holds, seen or not."""
        counted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        url = self.resources[f"{queue}.url"]
        answer = self.clients["sqs"].get_queue_attributes(QueueUrl=url, AttributeNames=counted)
        return sum(int(answer["Attributes"][name]) for name in counted)

    def _role(self, name: str) -> str:
        """The function's own role, with the rights that its description gives it; its ARN."""
        role, rights = f"social-{name}", FUNCTIONS[name].rights
        made = self.iam.create_role(RoleName=role, AssumeRolePolicyDocument='{"Statement": []}')
        allowed = [
            {"Effect": "Allow", "Action": list(right.actions), "Resource": self._arn(right.resource)}
            for right in rights
        ]
        document = json.dumps({"Version": "2012-10-17", "Statement": allowed})
        self.iam.put_role_policy(RoleName=role, PolicyName="function", PolicyDocument=document)
        return str(made["Role"]["Arn"])

    def _arn(self, resource: Resource) -> str:
        """What a right is on."""
        account, table = f"us-east-1:{ACCOUNT_ID}", self.resources["table.name"]
        arns = {
            "table": f"arn:aws:dynamodb:{account}:table/{table}",
            "timelines": f"arn:aws:dynamodb:{account}:table/{self.resources['timelines.name']}",
            "index": f"arn:aws:dynamodb:{account}:table/{table}/index/{resource.name}",
            "user-pool": f"arn:aws:cognito-idp:{account}:userpool/{self.resources['user-pool.id']}",
            "topic": self.resources.get(f"{resource.name}-topic.arn"),
            "queue": self.resources.get(f"{resource.name}-queue.arn"),
            "bucket": f"arn:aws:s3:::{self.resources['bucket.name']}",
            "objects": f"arn:aws:s3:::{self.resources['bucket.name']}/{resource.name}*",
        }
        return str(arns[resource.kind])

    def _function(self, name: str) -> None:
        function = FUNCTIONS[name]
        self.clients["lambda"].create_function(
            FunctionName=f"social-{name}",
            Runtime=RUNTIME,
            Architectures=[PROCESSOR],
            Role=self._role(name),
            Handler=function.handler,
            Code={"ZipFile": self.zip},
            MemorySize=function.memory_mib,
            Timeout=function.timeout_s,
            Environment={"Variables": filled(function.settings, self.resources)},
        )
        if isinstance(function.trigger, Queue):
            self.clients["lambda"].create_event_source_mapping(
                EventSourceArn=self.resources[f"{function.trigger.name}-queue.arn"],
                FunctionName=f"social-{name}",
                BatchSize=function.trigger.batch_size,
                FunctionResponseTypes=["ReportBatchItemFailures"],
            )
        if isinstance(function.trigger, Http):
            self.clients["lambda"].add_permission(
                FunctionName=f"social-{name}",
                StatementId="gateway",
                Action="lambda:InvokeFunction",
                Principal="apigateway.amazonaws.com",
            )

    def _api(self) -> str:
        """An HTTP API whose authorizer stands before every route that is not public."""
        gateway = self.clients["apigatewayv2"]
        api_id = gateway.create_api(Name="social", ProtocolType="HTTP")["ApiId"]
        pool = self.resources["user-pool.id"]
        authorizer = gateway.create_authorizer(
            ApiId=api_id,
            Name="people",
            AuthorizerType="JWT",
            IdentitySource=["$request.header.Authorization"],
            JwtConfiguration={
                "Issuer": f"https://cognito-idp.us-east-1.amazonaws.com/{pool}",
                "Audience": [self.resources["user-pool.client_id"]],
            },
        )["AuthorizerId"]
        integration = gateway.create_integration(
            ApiId=api_id,
            IntegrationType="AWS_PROXY",
            IntegrationUri=f"arn:aws:lambda:us-east-1:{ACCOUNT_ID}:function:social-api",
            PayloadFormatVersion="2.0",
        )["IntegrationId"]
        for key, is_private in ROUTES.items():
            guard = {"AuthorizationType": "JWT", "AuthorizerId": authorizer} if is_private else {}
            gateway.create_route(ApiId=api_id, RouteKey=key, Target=f"integrations/{integration}", **guard)
        gateway.create_stage(ApiId=api_id, StageName="$default", AutoDeploy=True)
        return str(api_id)


def _small(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def wait_until(is_so: Any, within_s: float) -> None:
    """Waits; fails when it does not become so."""
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline, f"not within {within_s} s"
        time.sleep(0.1)
