"""Changes of a serverless stack that verify has to find."""

from __future__ import annotations

import json
from typing import Any

import pytest
from serverless_cloud import ACL, REGION, SITE, ServerlessCloud, arn, url

FAN_OUT = "chirp-serverless-fan-out"
QUEUE = url("chirp-serverless-posted-fan-out")


@pytest.fixture
def cloud() -> ServerlessCloud:
    return ServerlessCloud()


def config(cloud: ServerlessCloud) -> dict[str, Any]:
    found: dict[str, Any] = cloud.state["cloudfront.get_distribution"]["Distribution"]["DistributionConfig"]
    return found


def test_a_stack_as_designed_has_no_finding_against_it(cloud: ServerlessCloud) -> None:
    assert cloud.wrong() == {}


def test_an_empty_account_gives_the_same_findings_and_all_say_missing(cloud: ServerlessCloud) -> None:
    names = list(cloud.findings())
    cloud.lose(*cloud.state)
    found = cloud.findings()
    assert list(found) == names
    assert {actual for _, actual in found.values()} == {"missing"}


def test_a_name_that_leads_elsewhere(cloud: ServerlessCloud) -> None:
    records = cloud.state["route53.list_resource_record_sets"]["ResourceRecordSets"]
    records.pop()
    records[0]["AliasTarget"] = {**records[0]["AliasTarget"], "DNSName": "d9.cloudfront.net."}
    assert cloud.wrong() == {"dns.aliases": "A to d9.cloudfront.net"}


def test_a_certificate_that_is_not_issued(cloud: ServerlessCloud) -> None:
    cloud.state["acm.describe_certificate"]["Certificate"]["Status"] = "PENDING_VALIDATION"
    assert cloud.wrong() == {"certificate.certificate": "PENDING_VALIDATION for chirp.example.com"}


def test_a_firewall_that_only_counts(cloud: ServerlessCloud) -> None:
    rules = cloud.state["wafv2.get_web_acl"]["WebACL"]["Rules"]
    rules[-1]["Action"] = {"Count": {}}
    del rules[0]
    actual = cloud.wrong()["waf.rules"]
    assert actual.startswith("AWSManagedRulesCommonRuleSet, ")
    assert actual.endswith("then counted")


def test_a_firewall_that_lets_one_address_try_passwords(cloud: ServerlessCloud) -> None:
    rules = cloud.state["wafv2.get_web_acl"]["WebACL"]["Rules"]
    rules[-2]["Statement"]["RateBasedStatement"]["ScopeDownStatement"]["RegexMatchStatement"] = {
        "RegexString": "^(/api/accounts)(/|$)"
    }
    assert "at ^(/api/accounts)(/|$)" in cloud.wrong()["waf.rules"]


def test_an_api_that_can_be_asked_round_the_firewall(cloud: ServerlessCloud) -> None:
    settings = cloud.state["lambda.get_function_configuration chirp-serverless-api"]["Environment"]
    settings["Variables"]["EDGE_KEY_SHA256"] = "0" * 64
    assert cloud.wrong() == {"api-function.edge": "knows a key that no distribution sends"}
    settings["Variables"] = {}
    assert cloud.wrong() == {"api-function.edge": "knows no key"}


def test_a_distribution_without_firewall_and_on_its_way(cloud: ServerlessCloud) -> None:
    config(cloud)["WebACLId"] = ""
    cloud.state["cloudfront.get_distribution"]["Distribution"]["Status"] = "InProgress"
    assert cloud.wrong() == {
        "cdn.firewall": "nothing",
        "cdn.distribution": "enabled, InProgress, PriceClass_100",
    }


def test_a_distribution_under_its_own_name_alone(cloud: ServerlessCloud) -> None:
    config(cloud)["Aliases"] = {"Quantity": 0}
    config(cloud)["ViewerCertificate"] = {"CloudFrontDefaultCertificate": True}
    assert cloud.wrong() == {"cdn.name": "its own name alone"}


def test_paths_that_go_elsewhere(cloud: ServerlessCloud) -> None:
    config(cloud)["CacheBehaviors"] = {"Quantity": 0}
    config(cloud)["Origins"]["Items"][0]["OriginAccessControlId"] = ""
    assert cloud.wrong() == {"cdn.paths": f"all else to bucket {SITE} not signed"}


def test_plain_http_and_no_headers_on_one_path(cloud: ServerlessCloud) -> None:
    behaviour = config(cloud)["CacheBehaviors"]["Items"][0]
    behaviour["ViewerProtocolPolicy"] = "allow-all"
    del behaviour["ResponseHeadersPolicyId"]
    assert cloud.wrong() == {"cdn.https": "allow-all, redirect-to-https", "cdn.headers": "none"}


def test_buckets_that_are_open_or_kept_otherwise(cloud: ServerlessCloud) -> None:
    cloud.state["s3.get_public_access_block"]["PublicAccessBlockConfiguration"]["BlockPublicPolicy"] = False
    cloud.state["s3.get_bucket_versioning"]["Status"] = "Suspended"
    wrong = cloud.wrong()
    assert set(wrong) == {f"{b}.{what}" for b in ("site", "media") for what in ("public-access", "at-rest")}
    assert wrong["site.public-access"] == "without BlockPublicPolicy"


def test_pages_that_are_not_published(cloud: ServerlessCloud) -> None:
    cloud.lose("s3.head_object")
    assert cloud.wrong() == {"site.pages": "missing"}


def test_uploads_from_anywhere_that_nobody_hears_of(cloud: ServerlessCloud) -> None:
    cloud.state["s3.get_bucket_cors"]["CORSRules"][0]["AllowedOrigins"] = ["*"]
    cloud.state["s3.get_bucket_notification_configuration"] = {}
    cloud.state["s3.get_bucket_lifecycle_configuration"]["Rules"][0]["Status"] = "Disabled"
    assert cloud.wrong() == {
        "media.uploads": "POST from *", "media.notification": "nobody", "media.ends": "never",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"Status": "Disabled"}, "30 days when deleted, for ever when not"),
        ({"Filter": {"Prefix": "media/"}}, "30 days when deleted, for ever when not"),
        ({"Filter": {"And": {"Prefix": "uploads/"}}}, "30 days when deleted, for ever when not"),
        ({"Expiration": {"ExpiredObjectDeleteMarker": True}}, "1 day when deleted, for ever when not"),
        ({"NoncurrentVersionExpiration": {"NoncurrentDays": 90}}, "30 days when deleted, 15 days when not"),
    ],
)
def test_originals_that_stay(cloud: ServerlessCloud, changed: dict[str, object], found: str) -> None:
    cloud.state["s3.get_bucket_lifecycle_configuration"]["Rules"][1].update(changed)
    assert cloud.wrong() == {"media.originals": found}


def test_a_pool_that_asks_for_another_password(cloud: ServerlessCloud) -> None:
    policy = cloud.state["cognito-idp.describe_user_pool"]["UserPool"]["Policies"]["PasswordPolicy"]
    policy.update(MinimumLength=8, RequireUppercase=True)
    assert cloud.wrong() == {"auth.password": "8, uppercase characters or more"}


def test_a_pool_with_login_pages_that_nobody_designed(cloud: ServerlessCloud) -> None:
    cloud.state["cognito-idp.describe_user_pool"]["UserPool"]["Domain"] = "chirp-serverless-111122223333"
    assert cloud.wrong() == {"auth.domain": "chirp-serverless-111122223333"}


def test_a_pool_that_verifies_nothing_and_a_client_that_tells_who_exists(cloud: ServerlessCloud) -> None:
    cloud.state["cognito-idp.describe_user_pool"]["UserPool"]["AutoVerifiedAttributes"] = []
    client = cloud.state["cognito-idp.describe_user_pool_client"]["UserPoolClient"]
    client.update(PreventUserExistenceErrors="LEGACY", ClientSecret="x" * 30, AccessTokenValidity=5)
    wrong = cloud.wrong()
    assert wrong["auth.pool"] == "LITE, nothing verified"
    assert wrong["auth.client"].endswith("a secret, tells who exists")
    assert wrong["auth.tokens"] == "5 minutes"


def test_a_route_that_is_open_and_one_that_is_gone(cloud: ServerlessCloud) -> None:
    routes = cloud.state["apigatewayv2.get_routes"]["Items"]
    routes[:] = [r for r in routes if r["RouteKey"] != "POST /api/posts"]
    next(r for r in routes if r["RouteKey"] == "GET /api/timeline")["AuthorizationType"] = "NONE"
    assert cloud.wrong() == {"api.routes": "not as designed: GET /api/timeline, POST /api/posts"}


def test_tokens_of_another_and_no_limit(cloud: ServerlessCloud) -> None:
    cloud.state["apigatewayv2.get_authorizers"]["Items"][0]["JwtConfiguration"]["Audience"] = ["other"]
    cloud.state["apigatewayv2.get_stage"] = {"StageName": "$default"}
    wrong = cloud.wrong()
    assert wrong["api.authorizer"].endswith(" for other")
    assert wrong["api.throttling"] == "0/s, bursts of 0"
    assert wrong["api.limits"] == "none"
    assert wrong["api.log"] == "none"


def test_a_function_that_runs_otherwise(cloud: ServerlessCloud) -> None:
    found = cloud.state[f"lambda.get_function_configuration {FAN_OUT}"]
    found.update(Runtime="python3.9", Timeout=3, TracingConfig={"Mode": "PassThrough"})
    cloud.state["lambda.get_function_concurrency chirp-serverless-housekeeping"] = {}
    wrong = cloud.wrong()
    assert set(wrong) == {"fan-out-function.runs", "housekeeping-function.concurrency"}
    assert wrong["fan-out-function.runs"].startswith("python3.9, arm64, ")
    assert wrong["fan-out-function.runs"].endswith(" MiB, 3 s, PassThrough")
    assert wrong["housekeeping-function.concurrency"] == "what the account has"


def test_a_role_that_may_more_or_less(cloud: ServerlessCloud) -> None:
    answer = cloud.state[f"iam.get_role_policy {FAN_OUT}-{REGION}"]
    document = json.loads(answer["PolicyDocument"])
    document["Statement"][0]["Action"].remove("dynamodb:Query")
    document["Statement"].append({"Effect": "Allow", "Action": "s3:DeleteBucket", "Resource": "*"})
    answer["PolicyDocument"] = json.dumps(document)
    assert cloud.wrong() == {
        "fan-out-function.rights": "without dynamodb:Query, with s3:DeleteBucket, "
        "s3:DeleteBucket on everything"
    }


def test_a_function_that_takes_from_nothing_and_keeps_its_log_for_ever(cloud: ServerlessCloud) -> None:
    cloud.state[f"lambda.list_event_source_mappings {FAN_OUT}"] = {"EventSourceMappings": []}
    del cloud.state[f"logs.describe_log_groups /aws/lambda/{FAN_OUT}"]["logGroups"][0]["retentionInDays"]
    wrong = cloud.wrong()
    assert (
        wrong["fan-out-function.trigger"] == "missing" or wrong["fan-out-function.trigger"] == "from nothing"
    )
    assert wrong["fan-out-function.log"].startswith("None days, ")


def test_a_table_without_backups_and_index(cloud: ServerlessCloud) -> None:
    table = cloud.state["dynamodb.describe_table"]["Table"]
    table.update(BillingModeSummary={"BillingMode": "PROVISIONED"}, GlobalSecondaryIndexes=[])
    cloud.state["dynamodb.describe_time_to_live"] = {
        "TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}
    }
    backups = cloud.state["dynamodb.describe_continuous_backups"]["ContinuousBackupsDescription"]
    backups["PointInTimeRecoveryDescription"] = {"PointInTimeRecoveryStatus": "DISABLED"}
    assert cloud.wrong() == {
        "table.table": "ACTIVE, PROVISIONED", "table.keys": "pk, sk", "table.ttl": "none",
        "table.backups": "DISABLED",
    }  # fmt: skip


def test_a_topic_in_clear(cloud: ServerlessCloud) -> None:
    cloud.state["sns.get_topic_attributes"]["Attributes"] = {"DisplayName": "x"}
    assert cloud.wrong() == dict.fromkeys(("posted-topic.topic", "uploaded-topic.topic"), "not encrypted")


def test_a_queue_that_tries_for_ever_and_gets_nothing(cloud: ServerlessCloud) -> None:
    found = cloud.state[f"sqs.get_queue_attributes {QUEUE}"]["Attributes"]
    found.update(VisibilityTimeout="30", SqsManagedSseEnabled="false")
    del found["RedrivePolicy"]
    cloud.state[f"sns.list_subscriptions_by_topic {arn('sns', 'chirp-serverless-posted')}"] = {
        "Subscriptions": []
    }
    assert cloud.wrong() == {
        "fan-out-queue.visibility": "30 s",
        "fan-out-queue.redrive": "any number of times, then nowhere",
        "fan-out-queue.at-rest": "not encrypted",
        "fan-out-queue.subscription": "nothing",
        "posted-topic.subscribers": "none",
    }


def test_who_else_gets_the_messages_of_a_topic_is_told(cloud: ServerlessCloud) -> None:
    key = f"sns.list_subscriptions_by_topic {arn('sns', 'chirp-serverless-posted')}"
    row = {"Endpoint": "somebody@example.com", "Protocol": "email", "SubscriptionArn": "PendingConfirmation"}
    cloud.state[key] = {"Subscriptions": [*cloud.state[key]["Subscriptions"], row]}
    found = cloud.wrong()["posted-topic.subscribers"]
    assert found == "chirp-serverless-posted-fan-out, somebody@example.com"


def test_messages_in_envelopes(cloud: ServerlessCloud) -> None:
    cloud.state["sns.get_subscription_attributes"]["Attributes"]["RawMessageDelivery"] = "false"
    names = ("fan-out-queue.subscription", "pictures-queue.subscription")
    assert cloud.wrong() == dict.fromkeys(names, "messages in envelopes")


def test_dead_letters_that_are_kept_for_a_day(cloud: ServerlessCloud) -> None:
    cloud.state[f"sqs.get_queue_attributes {QUEUE}-dead-letter"]["Attributes"]["MessageRetentionPeriod"] = (
        "86400"
    )
    assert cloud.wrong() == {"fan-out-dead-letters.keeps": "1 days, SQS's own key"}


def test_a_schedule_that_is_off(cloud: ServerlessCloud) -> None:
    cloud.state["scheduler.get_schedule"]["State"] = "DISABLED"
    assert cloud.wrong() == {
        "housekeeping.schedule": "DISABLED, rate(5 minutes) calls chirp-serverless-housekeeping"
    }


def test_the_firewall_is_asked_for_by_its_arn(cloud: ServerlessCloud) -> None:
    assert ACL.endswith("/chirp-serverless/a1")
    cloud.lose("wafv2.get_web_acl")
    assert cloud.wrong() == {"waf.rules": "missing"}
