"""A request as AWS would read it: of which service, for which operation, with which parameters."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from moto.core.model import OperationModel

_SCOPE = re.compile(r"Credential=[^/,]+/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_FORM = "multipart/form-data"
_KEY = re.compile(rb'name="key"\r\n\r\n([^\r]*)\r\n', re.IGNORECASE)
_FORM_SCOPE = re.compile(rb'name="x-amz-credential"\r\n\r\n([^\r]*)\r\n', re.IGNORECASE)
SIGNED_AS = {
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "servicequotas": "service-quotas",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
}
"""Names that services sign requests with, where boto3's name of the client is another."""
S3_CONTROL = "/v20180820/"


@dataclass(frozen=True)
class Http:
    """An HTTP request, before anybody knows what it asks for. Header names are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Asked:
    """What is asked of AWS.

    Attributes:
        service: the service as boto3 names its client.
        operation: the API operation, such as `CreateBucket`.
        region: where it is asked for.
        parameters: by AWS's names, as the service's model parses them.
        model: the operation's model, which also knows how an error is told.
        protocol: in which of AWS's protocols it was sent.
        method, path: of the HTTP request.
    """

    service: str
    operation: str
    region: str
    parameters: Mapping[str, Any]
    model: OperationModel = field(repr=False, compare=False)
    protocol: str = ""
    method: str = ""
    path: str = ""


class UnreadableError(Exception):
    """A signed request that no model of the service describes."""


def scope_of(http: Http) -> tuple[str, str] | None:
    """Service, as boto3 names its client, and region that a request was signed for; None when unsigned."""
    signed_by = http.headers.get("authorization") or unquote(http.query)
    found = _SCOPE.search(signed_by)
    if found is None:
        return None
    signed = found["service"]
    service = SIGNED_AS.get(signed, signed)
    if service == "apigateway" and http.path.startswith("/v2/"):
        service = "apigatewayv2"
    if service == "s3" and http.path.startswith(S3_CONTROL):
        service = "s3control"
    return service, found["region"]


def read(http: Http) -> Asked | None:
    """Read a request by the model of its service; None when it is not signed, so not of an API.

    Raises:
        UnreadableError: the service's model has no such operation, or the request does not fit its protocol.
    """
    http = _as_put(http) if is_form(http) else http
    scope = scope_of(http)
    if scope is None:
        return None
    service, region = scope
    try:
        return _read(http, service, region)
    except Exception as error:  # whatever a parser raises, the request was not understood
        raise UnreadableError(
            f"{service}: {http.method} {http.path}: {type(error).__name__}: {error}"
        ) from error


def is_form(http: Http) -> bool:
    """Whether a browser posts a form to a bucket, whose fields are signed."""
    return http.method == "POST" and http.headers.get("content-type", "").startswith(_FORM)


def _as_put(http: Http) -> Http:
    """The object that a form puts, as a request puts it."""
    key, scope = _KEY.search(http.body), _FORM_SCOPE.search(http.body)
    if key is None or scope is None:
        return http
    headers = {"host": http.headers.get("host", ""), "authorization": f"Credential={scope[1].decode()}"}
    path = f"{http.path.rstrip('/')}/{quote(key[1].decode())}"
    return Http("PUT", path, "", headers)


def _read(http: Http, service: str, region: str) -> Asked:
    from moto.core.parse import PROTOCOL_PARSERS
    from moto.core.request import Request, determine_request_protocol
    from moto.core.routing import get_service_router

    body = gzip.decompress(http.body) if http.headers.get("content-encoding") == "gzip" else http.body
    url = f"http://{http.headers.get('host', 'localhost')}{http.path}"
    request = Request.from_primitives(
        http.method, f"{url}?{http.query}" if http.query else url, http.headers, body
    )
    operation, labels = get_service_router(service).match(request)
    protocol = determine_request_protocol(operation.service_model, request.content_type)
    parsed = PROTOCOL_PARSERS[protocol](operation).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": body,
            "url_path": request.path,
            "url_params": labels,
        }
    )
    return Asked(service, operation.name, region, parsed, operation, protocol, http.method, http.path)
