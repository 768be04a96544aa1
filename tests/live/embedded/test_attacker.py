"""A stranger on the same machine, and a page in the user's browser, before a cloud with something in it.

They know all that is no secret: the ports, the account, names, the access key's id, and how AWS is called.
"""

from __future__ import annotations

import functools
import http.client
import io
import json
import socket
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3
from botocore import UNSIGNED, auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import ClientError
from ministack_probes.site import bucket_origin, get, let_in, make_distribution

from groma.live.embedded import ACCOUNT_ID, EmbeddedCloud, Emulator, Endpoints
from groma.live.embedded.access.credentials import Credentials, new_credentials

pytestmark = pytest.mark.slow

ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/own"
CODE = (
    "import pathlib\ndef handler(event, context):\n    pathlib.Path(event['leave']).write_text('was here')\n"
)


@dataclass(frozen=True)
class Scene:
    """A cloud as its owner has it, and what of it a stranger knows."""

    aws: Endpoints
    home: Path
    site: str
    pool_client: str

    def state(self) -> str:
        """All that could have been changed, as the owner sees it."""
        aws = self.aws
        seen = (
            [each["Name"] for each in aws.client("s3").list_buckets()["Buckets"]],
            [each["Key"] for each in aws.client("s3").list_objects_v2(Bucket="private")["Contents"]],
            aws.client("s3").get_object(Bucket="private", Key="letter")["Body"].read().decode(),
            [each["FunctionName"] for each in aws.client("lambda").list_functions()["Functions"]],
            aws.client("sns").list_topics()["Topics"],
            aws.client("sns").list_subscriptions()["Subscriptions"],
            aws.client("dynamodb").scan(TableName="rows")["Items"],
            [each["VpcId"] for each in aws.client("ec2").describe_vpcs()["Vpcs"]],
            [each["UserName"] for each in aws.client("iam").list_users()["Users"]],
            sorted(path.name for path in self.home.glob("*")),
        )
        return json.dumps(seen)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A cloud with a bucket, a function, a topic, a table, a site and users, which stays as it is."""
    home = tmp_path_factory.mktemp("attacked")
    cloud = EmbeddedCloud(home / "cloud", key_file=home / "key")
    try:
        made = _furnished(cloud.start(), home)
        before = made.state()
        yield made
        assert made.state() == before
    finally:
        cloud.stop(discard=True)


def _furnished(aws: Endpoints, home: Path) -> Scene:
    for bucket in ("private", "shown"):
        aws.client("s3").create_bucket(Bucket=bucket)
    aws.client("s3").put_object(Bucket="private", Key="letter", Body=b"dear diary")
    aws.client("s3").put_object(Bucket="shown", Key="index.html", Body=b"<p>")
    made = make_distribution(aws, bucket_origin(aws, "shown"), ViewerProtocolPolicy="allow-all")
    let_in(aws, "shown", made["ARN"])
    aws.client("lambda").create_function(FunctionName="of-owner", **_function())
    aws.client("sns").create_topic(Name="alerts")
    key = {"AttributeName": "pk", "AttributeType": "S"}
    aws.client("dynamodb").create_table(
        TableName="rows", BillingMode="PAY_PER_REQUEST", AttributeDefinitions=[key],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
    )  # fmt: skip
    aws.client("secretsmanager").create_secret(Name="secret", SecretString="of the owner")
    aws.client("iam").create_user(UserName="owner")
    cognito = aws.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="users")["UserPool"]["Id"]
    flows = {"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]}
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="web", **flows)["UserPoolClient"]
    return Scene(aws, home, made["DomainName"], client["ClientId"])


def _function() -> dict[str, Any]:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("code.py", CODE)
    return {"Runtime": "python3.12", "Role": ROLE, "Handler": "code.handler",
            "Code": {"ZipFile": buffer.getvalue()}}  # fmt: skip


def calls(home: Path) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """What a stranger would like to do."""
    topic = f"arn:aws:sns:us-east-1:{ACCOUNT_ID}:alerts"
    run = json.dumps({"leave": str(home / "trace")}).encode()
    return {
        "run code": ("lambda", "create_function", {"FunctionName": "mine", **_function()}),
        "run the owner's code": ("lambda", "invoke", {"FunctionName": "of-owner", "Payload": run}),
        "read code": ("lambda", "get_function", {"FunctionName": "of-owner"}),
        "list": ("s3", "list_buckets", {}),
        "read": ("s3", "get_object", {"Bucket": "private", "Key": "letter"}),
        "write": ("s3", "put_object", {"Bucket": "private", "Key": "letter", "Body": b"forged"}),
        "read rows": ("dynamodb", "scan", {"TableName": "rows"}),
        "make a topic": ("sns", "create_topic", {"Name": "mine"}),
        "have the server call": ("sns", "subscribe", {"TopicArn": topic, "Protocol": "http",
                                                      "Endpoint": "http://127.0.0.1:9/"}),
        "publish": ("sns", "publish", {"TopicArn": topic, "Message": "m"}),
        "make a user of the application": ("cognito-idp", "admin_create_user", {"UserPoolId": "p",
                                                                                "Username": "u"}),
        "read a secret": ("secretsmanager", "get_secret_value", {"SecretId": "secret"}),
        "become a role": ("sts", "assume_role", {"RoleArn": ROLE, "RoleSessionName": "me"}),
        "become a role by a token": ("sts", "assume_role_with_web_identity", {
            "RoleArn": ROLE, "RoleSessionName": "me", "WebIdentityToken": "any token"}),
        "make a network": ("ec2", "create_vpc", {"CidrBlock": "10.8.0.0/16"}),
        "make a user": ("iam", "create_user", {"UserName": "me"}),
    }  # fmt: skip


def test_neither_old_keys_nor_others_nor_none_open_anything(scene: Scene) -> None:
    own = scene.aws.credentials
    forged = replace(own, secret_key=new_credentials().secret_key)
    wanted = calls(scene.home)
    for who, keys in {
        "as it was once": Credentials(ACCOUNT_ID, "embedded"),
        "of another cloud": new_credentials(),
        "a forged signature": forged,
        "a session that was derived from nothing": forged.of_session("groma-root"),
        "a forged session": replace(own.of_session("groma-root"), secret_key=forged.secret_key),
        "another's session": replace(own.of_session("groma-root"), session_token="groma-role/own/f"),
        "nobody": None,
    }.items():
        for what, (service, operation, arguments) in wanted.items():
            with pytest.raises(ClientError) as refused:
                getattr(_client(scene, service, keys), operation)(**arguments)
            status = refused.value.response["ResponseMetadata"]["HTTPStatusCode"]
            assert status == 403, f"{who}: {what}"


@functools.cache
def _session() -> Any:
    """A session for all, which keeps what it has read of the services' models."""
    import boto3

    return boto3.Session()


def _client(scene: Scene, service: str, keys: Credentials | None) -> Any:
    given = keys or Credentials("", "")
    config = Config(retries={"total_max_attempts": 1}, **({} if keys else {"signature_version": UNSIGNED}))
    return _session().client(
        service,
        region_name="us-east-1",
        endpoint_url=scene.aws.url(service),
        aws_access_key_id=given.access_key or None,
        aws_secret_access_key=given.secret_key or None,
        aws_session_token=given.session_token or None,
        config=config,
    )


LAMBDA = {"x-amz-target": "AWSLambda.CreateFunction"}
FORM = {"content-type": "multipart/form-data; boundary=x"}
QUERY = {"content-type": "application/x-www-form-urlencoded"}
SCOPE = "AWS4-HMAC-SHA256 Credential={0}/20261129/us-east-1/{1}/aws4_request"


WAYS: list[tuple[str, str, dict[str, str], bytes]] = [
    ("POST", "/_ministack/reset", {}, b""),
    ("POST", "/%5Fministack/reset", {}, b""),
    ("POST", "//_ministack/reset", {}, b""),
    ("POST", "/_ministack/reset", FORM, b"--x--"),
    ("POST", "/_ministack/reset", {"host": "{site}"}, b""),
    ("POST", "/_ministack/config", {"host": "api1.execute-api.us-east-1.amazonaws.com"}, b"{}"),
    ("GET", "/_ministack/sqs/messages", {"host": "{site}"}, b""),
    ("GET", "/_localstack/health", {}, b""),
    ("GET", "/health", {}, b""),
    ("POST", "/moto-api/reset", {}, b""),
    ("GET", "/moto-api/data.json", {}, b""),
    ("GET", "/latest/meta-data/iam/security-credentials/", {}, b""),
    ("GET", "/_groma/role?name=own", {}, b""),
    ("POST", "/_groma/save", {"x-groma-token": "guess"}, b""),
    ("GET", "/private/letter", {}, b""),
    ("GET", "/private/letter?X-Amz-Signature=0", {}, b""),
    ("GET", "/private/letter?AWSAccessKeyId={key}&Signature=0&Expires=9999999999", {}, b""),
    ("GET", "/letter", {"host": "private.s3.us-east-1.amazonaws.com"}, b""),
    ("POST", "/private", FORM, b'--x\r\nContent-Disposition: form-data; name="key"\r\n\r\nletter\r\n'
     b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nforged\r\n--x--\r\n'),
    ("POST", "/2015-03-31/functions/", {"host": "{site}"}, b"{}"),
    ("POST", "/2015-03-31/functions/", {"authorization": "Bearer x"}, b"{}"),
    ("POST", "/2015-03-31/functions/", {"authorization": SCOPE.format(ACCOUNT_ID, "lambda")}, b"{}"),
    ("PUT", "/v20180820/bucket/private", {"host": "{site}"}, b""),
    ("POST", "/", LAMBDA, b"{}"),
    ("POST", "/", {**LAMBDA, "host": "api1.execute-api.us-east-1.amazonaws.com"}, b"{}"),
    ("GET", "/?Action=CreateTopic&Name=mine", {}, b""),
    ("POST", "/", QUERY, b"Action=CreateTopic&Name=mine"),
    ("POST", "/?Action=ConfirmSubscription", QUERY, b"Action=CreateTopic&Name=mine"),
    ("GET", "/?Action=ConfirmSubscription&TopicArn=a&Token=t", QUERY, b"Action=CreateTopic&Name=mine"),
    ("GET", "/us-east-1_x/.well-known/jwks.json", LAMBDA, b""),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "headers", "body"), WAYS)
def test_no_way_beside_the_signature_leads_in(
    scene: Scene, method: str, path: str, headers: dict[str, str], body: bytes
) -> None:
    key = scene.aws.credentials.access_key
    named = {name: value.replace("{site}", scene.site) for name, value in headers.items()}
    for emulator in Emulator:
        status, _, answer = ask(scene, method, path.replace("{key}", key), named, body, emulator)
        assert status in (400, 403, 404), answer
        assert b"dear diary" not in answer


def ask(
    scene: Scene, method: str, path: str, headers: dict[str, str], body: bytes = b"",
    emulator: Emulator = Emulator.MINISTACK,
) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
    """Status, headers and body of one request."""
    connection = http.client.HTTPConnection(urlsplit(scene.aws.urls[emulator]).netloc, timeout=20)
    try:
        connection.request(method, path, body=body or None, headers=headers)
        answer = connection.getresponse()
        return answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def signed(
    scene: Scene, method: str, path: str, headers: dict[str, str], service: str = "sns"
) -> dict[str, str]:
    """Headers of a request that the owner signs."""
    keys = scene.aws.credentials
    request = AWSRequest(method, scene.aws.url(service) + path, headers=headers)
    given = ReadOnlyCredentials(keys.access_key, keys.secret_key, None)
    auth.SigV4Auth(given, "sns", "us-east-1").add_auth(request)
    return dict(request.prepare().headers.items())


TOPICS = "/?Action=ListTopics&Version=2010-03-31"


def test_a_request_that_is_heard_of_later_is_worth_nothing(scene: Scene) -> None:
    headers = signed(scene, "GET", TOPICS, {})
    assert ask(scene, "GET", TOPICS, headers)[0] == 200
    assert ask(scene, "GET", "/?Action=CreateTopic&Name=mine&Version=2010-03-31", headers)[0] == 403
    old = {**headers, "X-Amz-Date": "20261101T000000Z"}
    old["Authorization"] = headers["Authorization"].replace(headers["X-Amz-Date"][:8], "20261101")
    assert ask(scene, "GET", TOPICS, old)[0] == 403


def test_an_address_opens_one_object_until_it_expires(scene: Scene) -> None:
    lent = _presigned(scene, "private", "letter", 1)
    assert urllib3.request("GET", lent).data == b"dear diary"
    assert urllib3.request("PUT", lent, body=b"forged").status == 403
    assert urllib3.request("GET", lent.replace("letter", "lette%72s")).status == 403
    time.sleep(2.1)
    assert urllib3.request("GET", lent).status == 403


def _presigned(scene: Scene, bucket: str, key: str, lasts_s: int) -> str:
    keys = scene.aws.credentials
    given = ReadOnlyCredentials(keys.access_key, keys.secret_key, None)
    request = AWSRequest("GET", f"{scene.aws.url('s3')}/{bucket}/{key}")
    auth.S3SigV4QueryAuth(given, "s3", "us-east-1", expires=lasts_s).add_auth(request)
    return str(request.prepare().url)


@pytest.mark.parametrize(
    "sent",
    [
        {"origin": "https://evil.example.com"},
        {"origin": "http://127.0.0.1:3000"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"},
        {"host": "evil.example.com"},
    ],
)
def test_a_page_gets_nothing_even_with_keys_and_reads_no_answer(scene: Scene, sent: dict[str, str]) -> None:
    """Also of what is public: a page of somebody else does not use the user's own site."""
    if "host" not in sent:
        assert ask(scene, "GET", TOPICS, signed(scene, "GET", TOPICS, sent))[0] == 403
        assert ask(scene, "GET", "/index.html", {**sent, "host": scene.site})[0] == 403
    for method, headers, body in (
        ("POST", QUERY, b"Action=CreateTopic&Name=mine"),
        ("POST", {"content-type": "text/plain"}, b'{"FunctionName": "mine"}'),
        ("OPTIONS", {"access-control-request-method": "PUT"}, b""),
        ("GET", {}, b""),
    ):
        status, answered, _ = ask(scene, method, "/", {**headers, **sent}, body)
        assert status == 403
        assert not [name for name in answered if name.startswith("access-control-")]


def test_the_server_calls_nobody(scene: Scene) -> None:
    sns = scene.aws.client("sns")
    topic = sns.create_topic(Name="loud")["TopicArn"]
    heard = socket.create_server(("127.0.0.1", 0))
    heard.settimeout(1.5)
    try:
        address = f"http://127.0.0.1:{heard.getsockname()[1]}/"
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=address)
        sns.publish(TopicArn=topic, Message="m")
        with pytest.raises(TimeoutError):
            heard.accept()
    finally:
        heard.close()
        sns.delete_topic(TopicArn=topic)


def test_a_function_is_without_the_users_files_and_without_the_clouds_keys(scene: Scene) -> None:
    from groma.live.embedded.access import confined

    functions = scene.aws.client("lambda")
    trace = scene.home / "trace"
    asked = json.dumps({"leave": str(trace)}).encode()
    answer = functions.invoke(FunctionName="of-owner", Payload=asked)
    assert ("FunctionError" in answer) is bool(confined.means())
    assert trace.exists() is not bool(confined.means())
    trace.unlink(missing_ok=True)


def test_what_is_public_stays_public(scene: Scene) -> None:
    assert get(scene.aws, scene.site, "/index.html")[2] == b"<p>"
    cognito = _client(scene, "cognito-idp", None)
    login = {"ClientId": scene.pool_client, "AuthFlow": "USER_PASSWORD_AUTH"}
    cognito.sign_up(ClientId=scene.pool_client, Username="ada", Password="Correct-horse-9")
    with pytest.raises(ClientError, match="UserNotConfirmedException"):
        cognito.initiate_auth(AuthParameters={"USERNAME": "ada", "PASSWORD": "Correct-horse-9"}, **login)


def test_the_site_itself_may_send_a_form_and_read_the_answer(scene: Scene) -> None:
    port = urlsplit(scene.aws.url("s3")).port
    own = {"origin": f"http://{scene.site.removesuffix('.net')}.localhost:{port}"}
    sent = {**own, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}
    status, answered, _ = ask(scene, "OPTIONS", "/shown", {**sent, "access-control-request-method": "POST"})
    assert (status, answered["access-control-allow-origin"]) == (200, own["origin"])
    form = _form(scene, "shown", "picture")
    send: Callable[..., Any] = urllib3.request
    fields = {**form["fields"], "file": ("p.png", b"png", "image/png")}
    answer = send("POST", form["url"], fields=fields, headers=sent)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (204, own["origin"])
    assert scene.aws.client("s3").get_object(Bucket="shown", Key="picture")["Body"].read() == b"png"
    other = {**form["fields"], "key": "index.html", "file": ("p.png", b"png", "image/png")}
    assert send("POST", form["url"], fields=other, headers=sent).status == 403


def _form(scene: Scene, bucket: str, key: str) -> Any:
    keys = scene.aws.credentials
    s3 = _session().client(
        "s3", region_name="us-east-1", endpoint_url=scene.aws.url("s3"),
        aws_access_key_id=keys.access_key, aws_secret_access_key=keys.secret_key,
        config=Config(signature_version="s3v4"),
    )  # fmt: skip
    return s3.generate_presigned_post(bucket, key, ExpiresIn=60)
