"""The serverless example as it should stand in AWS, for each test to change."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import Any

from fake_cloud import FakeClients, missing

import groma
from groma.architecture import Architecture
from groma.components.dns import Certificate, HostedZone
from groma.components.function import LambdaFunction
from groma.components.http_api import HttpApi
from groma.components.media import MediaBucket
from groma.components.messaging import DeadLetterQueue, Queue, Topic
from groma.components.schedule import Schedule
from groma.components.site import SiteDistribution, SiteFiles
from groma.components.table import DynamoTable
from groma.components.user_pool import UserPool
from groma.components.web_firewall import MANAGED_GROUPS, WebFirewall
from groma.live.verify.function import OWN_ACTIONS, QUEUE_ACTIONS
from groma.live.verify.reading import Deployed, Reading
from groma.live.verify.registry import VERIFIERS
from workloads import ROOT

LOOKED_AT = (
    Certificate, DeadLetterQueue, DynamoTable, HostedZone, HttpApi, LambdaFunction, MediaBucket, Queue,
    Schedule, SiteDistribution, SiteFiles, Topic, UserPool, WebFirewall,
)  # fmt: skip
ACCOUNT, REGION = "111122223333", "us-east-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
EDGE_KEY = "3f1c5a52-2d43-4b0e-9d55-4e6f8f0f7f11"
ACL = f"arn:aws:wafv2:{REGION}:{ACCOUNT}:global/webacl/chirp-serverless/a1"
CERTIFICATE = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/c1"
DISTRIBUTION = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"
SITE, MEDIA = f"chirp-serverless-site-{ACCOUNT}", f"chirp-serverless-media-{ACCOUNT}"
API = f"a1b2c3.execute-api.{REGION}.amazonaws.com"
ISSUER = f"https://cognito-idp.{REGION}.amazonaws.com/{REGION}_pool"


def arn(service: str, name: str) -> str:
    """An ARN of the account."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"


def url(name: str) -> str:
    """The URL of a queue."""
    return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"


OUTPUTS: dict[str, object] = {
    "zone_id": "Z1",
    "certificate_arn": CERTIFICATE,
    "web_acl_arn": ACL,
    "distribution_id": "E1",
    "distribution_domain_name": "d1.cloudfront.net",
    "site_bucket_name": SITE,
    "media_bucket_name": MEDIA,
    "user_pool_id": "pool",
    "client_id": "client",
    "issuer": ISSUER,
    "api_id": "a1b2c3",
    "api_domain_name": API,
    "table_name": "chirp-serverless",
    "schedule_name": "chirp-serverless-housekeeping",
    **{f"{topic}_topic_arn": arn("sns", f"chirp-serverless-{topic}") for topic in ("posted", "uploaded")},
    "fan_out_queue_url": url("chirp-serverless-posted-fan-out"),
    "fan_out_dead_letter_url": url("chirp-serverless-posted-fan-out-dead-letter"),
    "pictures_queue_url": url("chirp-serverless-uploaded-pictures"),
    "pictures_dead_letter_url": url("chirp-serverless-uploaded-pictures-dead-letter"),
    **{
        f"{name.replace('-', '_')}_function_name": f"chirp-serverless-{name}"
        for name in ("api", "fan-out", "pictures", "housekeeping")
    },
}


@cache
def architecture() -> Architecture:
    """The example's design."""
    return groma.design(groma.load(ROOT / "examples" / "social-serverless.yaml")).architecture


class ServerlessCloud:
    """AWS as designed. Tests change `state`: question → answer, or None for what is gone."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {**_edge(), **_buckets(), **_front(), **_data(), **_messages()}

    def findings(self) -> dict[str, tuple[bool, str]]:
        """Finding → whether it is ok, and what was found."""
        reading = Reading(Deployed(OUTPUTS, FakeClients(self._answers())), REGION)
        return {
            finding.id: (finding.ok, finding.actual)
            for component in architecture().components
            if isinstance(component, LOOKED_AT)
            for finding in VERIFIERS[type(component)](component, architecture(), reading)
        }

    def wrong(self) -> dict[str, str]:
        """What is found that is not as designed."""
        return {name: actual for name, (ok, actual) in self.findings().items() if not ok}

    def lose(self, *questions: str) -> None:
        """Have what is asked for not exist."""
        for question in questions:
            self.state[question] = None

    def _answers(self) -> dict[str, Callable[..., dict[str, Any]]]:
        return {
            question.partition(" ")[0]: self._answer(question.partition(" ")[0]) for question in self.state
        }

    def _answer(self, operation: str) -> Callable[..., dict[str, Any]]:
        def answer(**arguments: Any) -> dict[str, Any]:
            named = next(
                (f"{operation} {v}" for v in arguments.values() if f"{operation} {v}" in self.state), ""
            )
            found = self.state.get(named or operation)
            if found is None:
                raise missing("AWS.SimpleQueueService.NonExistentQueue" if "sqs" in operation else "NotFound")
            return dict(found)

        return answer


def _edge() -> dict[str, Any]:
    waf, (domain,) = (
        architecture().of_type(WebFirewall)[0],
        [z.domain for z in architecture().of_type(HostedZone)],
    )
    rules = [
        {"Name": group, "Priority": priority, "Statement": {
            "ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": group}}}
        for priority, group in enumerate(MANAGED_GROUPS)
    ]  # fmt: skip
    rate = {"Limit": waf.limit, "EvaluationWindowSec": waf.window_s, "AggregateKeyType": "IP"}
    paths = {"RegexMatchStatement": {"RegexString": "^(/api/accounts|/api/sessions)(/|$)"}}
    fewer = {**rate, "Limit": waf.guarded_limit, "ScopeDownStatement": paths}
    block = {"Block": {"CustomResponse": {"ResponseCode": 429}}}
    rules.append({"Name": "some", "Priority": 8, "Statement": {"RateBasedStatement": fewer}, "Action": block})
    rules.append({"Name": "rate", "Priority": 9, "Statement": {"RateBasedStatement": rate}, "Action": block})
    alias = {"HostedZoneId": "Z2", "DNSName": "d1.cloudfront.net.", "EvaluateTargetHealth": False}
    return {
        "kms.describe_key": {"KeyMetadata": {"KeyId": KEY.rpartition("/")[2], "Arn": KEY}},
        "route53.get_hosted_zone": {"HostedZone": {"Id": "Z1", "Name": f"{domain}.", "CallerReference": "x"}},
        "route53.list_resource_record_sets": {
            "ResourceRecordSets": [
                {"Name": f"{domain}.", "Type": kind, "AliasTarget": alias} for kind in ("A", "AAAA")
            ]
        },
        "acm.describe_certificate": {"Certificate": {"Status": "ISSUED", "DomainName": domain}},
        "wafv2.get_web_acl": {"WebACL": {"Name": "chirp-serverless", "Rules": rules}},
        "cloudfront.get_distribution": {"Distribution": _distribution(domain)},
        "cloudfront.get_origin_access_control": {
            "OriginAccessControl": {"OriginAccessControlConfig": {"SigningBehavior": "always"}}
        },
        "cloudfront.get_response_headers_policy": {
            "ResponseHeadersPolicy": {
                "ResponseHeadersPolicyConfig": {
                    "SecurityHeadersConfig": {
                        "ContentSecurityPolicy": {
                            "Override": True,
                            "ContentSecurityPolicy": "default-src 'none'",
                        },
                        "ContentTypeOptions": {"Override": True},
                        "FrameOptions": {"Override": True, "FrameOption": "DENY"},
                        "StrictTransportSecurity": {"Override": True, "AccessControlMaxAgeSec": 31536000},
                    }
                }
            }
        },
    }


def _distribution(domain: str) -> dict[str, Any]:
    def behaviour(origin: str, **more: str) -> dict[str, Any]:
        return {
            "TargetOriginId": origin,
            "ViewerProtocolPolicy": "redirect-to-https",
            "ResponseHeadersPolicyId": "H1",
            **more,
        }

    paths = [behaviour("api", PathPattern="/api/*"), behaviour("media", PathPattern="/media/*")]
    origins = [
        {"Id": name, "DomainName": f"{bucket}.s3.{REGION}.amazonaws.com", "OriginAccessControlId": "OAC"}
        for name, bucket in (("site", SITE), ("media", MEDIA))
    ]
    header = {"Quantity": 1, "Items": [{"HeaderName": "X-Origin-Key", "HeaderValue": EDGE_KEY}]}
    custom = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}
    config = {
        "Enabled": True,
        "PriceClass": "PriceClass_100",
        "Aliases": {"Quantity": 1, "Items": [domain]},
        "ViewerCertificate": {"ACMCertificateArn": CERTIFICATE, "MinimumProtocolVersion": "TLSv1.2_2021"},
        "WebACLId": ACL,
        "Origins": {
            "Quantity": 3,
            "Items": [
                *origins,
                {"Id": "api", "DomainName": API, "CustomOriginConfig": custom, "CustomHeaders": header},
            ],
        },
        "DefaultCacheBehavior": behaviour("site"),
        "CacheBehaviors": {"Quantity": 2, "Items": paths},
    }  # fmt: skip
    return {"Id": "E1", "ARN": DISTRIBUTION, "Status": "Deployed", "DistributionConfig": config}


def _buckets() -> dict[str, Any]:
    media = architecture().of_type(MediaBucket)[0]
    policy = {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "cloudfront.amazonaws.com"},
                "Action": "s3:GetObject",
                "Condition": {"StringEquals": {"AWS:SourceArn": DISTRIBUTION}},
            }
        ]
    }
    blocked = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    sse = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    prefix = {"Name": "Prefix", "Value": media.upload_prefix}
    told = {
        "TopicArn": arn("sns", "chirp-serverless-uploaded"),
        "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": [prefix]}},
    }
    ends = {
        "Filter": {"Prefix": ""},
        "Status": "Enabled",
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
    }
    passes_through = {
        "Filter": {"Prefix": media.upload_prefix},
        "Status": "Enabled",
        "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
        "Expiration": {"Days": 15},
    }
    return {
        "s3.get_bucket_location": {"LocationConstraint": ""},
        "s3.get_public_access_block": {"PublicAccessBlockConfiguration": dict.fromkeys(blocked, True)},
        "s3.get_bucket_encryption": {"ServerSideEncryptionConfiguration": {"Rules": [sse]}},
        "s3.get_bucket_versioning": {"Status": "Enabled"},
        "s3.get_bucket_policy": {"Policy": json.dumps(policy)},
        "s3.head_object": {"ContentType": "text/html; charset=utf-8"},
        "s3.get_bucket_cors": {
            "CORSRules": [{"AllowedMethods": ["POST"], "AllowedOrigins": [f"https://{media.domain}"]}]
        },
        "s3.get_bucket_notification_configuration": {"TopicConfigurations": [told]},
        "s3.get_bucket_lifecycle_configuration": {"Rules": [ends, passes_through]},
    }


def _front() -> dict[str, Any]:
    api = architecture().of_type(HttpApi)[0]
    log = arn("logs", "log-group:/aws/apigateway/chirp-serverless")
    settings = {"ThrottlingRateLimit": float(api.size.rate_per_s), "ThrottlingBurstLimit": api.size.burst}
    jwt = {"Issuer": ISSUER, "Audience": ["client"]}
    answers: dict[str, Any] = {
        "cognito-idp.describe_user_pool": {
            "UserPool": {
                "UserPoolTier": "LITE",
                "AutoVerifiedAttributes": ["email"],
                "Policies": {"PasswordPolicy": {"MinimumLength": 10, "RequireUppercase": False}},
            }
        },
        "cognito-idp.describe_user_pool_client": {
            "UserPoolClient": {
                "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
                "PreventUserExistenceErrors": "ENABLED",
                "AccessTokenValidity": 60,
                "TokenValidityUnits": {"AccessToken": "minutes"},
            }
        },
        "apigatewayv2.get_api": {"ProtocolType": "HTTP"},
        "apigatewayv2.get_routes": {
            "Items": [
                {"RouteKey": key, "AuthorizationType": "JWT" if guarded else "NONE"}
                for key, guarded in api.routes.items()
            ]
        },
        "apigatewayv2.get_authorizers": {"Items": [{"AuthorizerType": "JWT", "JwtConfiguration": jwt}]},
        "apigatewayv2.get_stage": {
            "DefaultRouteSettings": settings,
            "RouteSettings": {
                key: {"ThrottlingRateLimit": float(limit), "ThrottlingBurstLimit": limit}
                for key, limit in api.limits.items()
            },
            "AccessLogSettings": {"DestinationArn": log},
        },
    }
    for function in architecture().of_type(LambdaFunction):
        answers |= _function(function)
    return answers


def _function(function: LambdaFunction) -> dict[str, Any]:
    name, choice = f"chirp-serverless-{function.name}", function.size.choice
    actions = [*OWN_ACTIONS, *(QUEUE_ACTIONS if function.trigger else ())]
    actions += [action for statement in function.statements for action in statement["actions"]]
    allowed = [a for a in actions if not a.startswith("xray:")]
    document = {
        "Statement": [
            {"Effect": "Allow", "Action": allowed, "Resource": [arn("any", "thing")]},
            {"Effect": "Allow", "Action": [a for a in actions if a.startswith("xray:")], "Resource": ["*"]},
        ]
    }
    group = {"logGroupName": f"/aws/lambda/{name}", "retentionInDays": 30, "kmsKeyId": KEY}
    trigger = function.trigger and {
        "State": "Enabled",
        "BatchSize": function.trigger.batch_size,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
    }
    reserved = {} if function.reserved is None else {"ReservedConcurrentExecutions": function.reserved}
    return {
        f"lambda.get_function_configuration {name}": {
            "Runtime": function.runtime,
            "Architectures": [choice.processor],
            "MemorySize": choice.memory_mib,
            "Timeout": function.timeout_s,
            "TracingConfig": {"Mode": "Active"},
            "Role": f"arn:aws:iam::{ACCOUNT}:role/{name}-{REGION}",
            "Environment": {"Variables": {"EDGE_KEY_SHA256": sha256(EDGE_KEY.encode()).hexdigest()}},
        },
        f"lambda.get_function_concurrency {name}": reserved,
        f"lambda.list_event_source_mappings {name}": {"EventSourceMappings": [trigger] if trigger else []},
        f"iam.get_role_policy {name}-{REGION}": {"PolicyDocument": json.dumps(document)},
        f"logs.describe_log_groups /aws/lambda/{name}": {"logGroups": [group]},
    }


def _data() -> dict[str, Any]:
    table = architecture().of_type(DynamoTable)[0]
    assert table.index is not None
    index, hash_key, range_key = table.index

    def keys(*names: str) -> list[dict[str, str]]:
        return [{"AttributeName": n, "KeyType": k} for n, k in zip(names, ("HASH", "RANGE"), strict=True)]

    mode = "PAY_PER_REQUEST" if table.size.mode == "on-demand" else "PROVISIONED"
    return {
        "dynamodb.describe_table": {
            "Table": {
                "TableStatus": "ACTIVE",
                "BillingModeSummary": {"BillingMode": mode},
                "KeySchema": keys(table.hash_key, table.range_key),
                "GlobalSecondaryIndexes": [{"IndexName": index, "KeySchema": keys(hash_key, range_key)}],
            }
        },
        "dynamodb.describe_time_to_live": {
            "TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": table.ttl}
        },
        "dynamodb.describe_continuous_backups": {
            "ContinuousBackupsDescription": {
                "ContinuousBackupsStatus": "ENABLED",
                "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"},
            }
        },
    }


def _messages() -> dict[str, Any]:
    schedule = architecture().of_type(Schedule)[0]
    answers: dict[str, Any] = {
        "sns.get_topic_attributes": {"Attributes": {"KmsMasterKeyId": KEY}},
        "sns.get_subscription_attributes": {"Attributes": {"RawMessageDelivery": "true"}},
        "scheduler.get_schedule": {
            "State": "ENABLED",
            "ScheduleExpression": schedule.expression,
            "Target": {"Arn": arn("lambda", "function:chirp-serverless-housekeeping"), "RoleArn": "role"},
        },
    }
    for queue in architecture().of_type(Queue):
        name = f"chirp-serverless-{queue.topic}-{queue.queue}"
        dead = arn("sqs", f"{name}-dead-letter")
        answers[f"sqs.get_queue_attributes {url(name)}"] = {
            "Attributes": {
                "QueueArn": arn("sqs", name),
                "VisibilityTimeout": str(6 * queue.function_timeout_s),
                "RedrivePolicy": json.dumps(
                    {"deadLetterTargetArn": dead, "maxReceiveCount": queue.max_receives}
                ),
                "SqsManagedSseEnabled": "true",
            }
        }
        answers[f"sqs.get_queue_attributes {url(name)}-dead-letter"] = {
            "Attributes": {"MessageRetentionPeriod": str(14 * 86400), "SqsManagedSseEnabled": "true"}
        }
        subscription = {"SubscriptionArn": f"{name}-s", "Protocol": "sqs", "Endpoint": arn("sqs", name)}
        listing = f"sns.list_subscriptions_by_topic {arn('sns', f'chirp-serverless-{queue.topic}')}"
        answers[listing] = {"Subscriptions": [subscription]}
    return answers
