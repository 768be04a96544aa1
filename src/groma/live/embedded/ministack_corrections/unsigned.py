"""What comes without a signature of its own: where it may go, and what is looked at of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ministack import app
from ministack.services import s3

from groma.live.embedded.access.forms import fault_of_fields
from groma.live.embedded.access.own import own
from groma.live.embedded.access.public import Public, asked_as

_SERVICES = {Public.COGNITO: "cognito-idp", Public.FORM: "s3", Public.LINK: "sns"}
_DENIED = 403, {"Content-Type": "application/json"}, b'{"__type": "MissingAuthenticationToken"}'


def routes() -> None:
    """Upstream: finds out by path, host, headers and body in turn what a request is for, signed or not.

    Effect: what was let in unsigned goes where it was let in for, or nowhere.
    """
    before, after = app._handle_pre_body_request, app._handle_post_body_shortcuts
    special, dispatch = app._handle_special_data_plane_request, app._dispatch_service_request

    async def before_body(method: str, path: str, headers: Any, query_params: Any, request_id: str) -> Any:
        kind = asked_as.get()
        if kind is None:
            return await before(method, path, headers, query_params, request_id)
        if kind is Public.PREFLIGHT:
            return app._handle_options_request(method, path, headers, query_params, request_id)
        if kind is Public.KEYS:
            return await app._handle_cognito_get_request(method, path, headers, query_params) or _DENIED
        return None

    async def after_body(*arguments: Any) -> Any:
        return await after(*arguments) if asked_as.get() is None else None

    async def of_users(method: str, path: str, headers: Any, body: bytes, query_params: Any,
                       request_id: str, **sent: Any) -> Any:  # fmt: skip
        kind, host = asked_as.get(), headers.get("host", "")
        if kind is None:
            return await special(method, path, headers, body, query_params, request_id, **sent)
        if kind is Public.SITE:
            raw = sent["raw_path"] or path, sent["raw_query_string"]
            rest = method, headers, body, query_params, sent["client_ip"]
            return await app._handle_cloudfront_dataplane_request(host, path, *raw, *rest) or _DENIED
        if kind is Public.API:
            raw_parts = {name: sent[name] for name in ("raw_path", "raw_query_string")}
            asked = host, path, method, headers, body, query_params
            answer = await app._handle_execute_api_request(*asked, **raw_parts)
            return app._with_data_plane_headers(answer or _DENIED, request_id, wildcard_cors=False)
        if kind is Public.FORM:
            return await app._handle_s3_vhost_request(host, path, method, headers, body, query_params)
        return None

    async def by_service(method: str, path: str, headers: Any, body: bytes, query_params: Any,
                         request_id: str) -> Any:  # fmt: skip
        kind = asked_as.get()
        if kind is not None:
            routed = app._routing_params(method, path, headers, body, query_params)
            if app.detect_service(method, path, headers, routed) != _SERVICES.get(kind):
                return _DENIED
        return await dispatch(method, path, headers, body, query_params, request_id)

    app._handle_pre_body_request, app._handle_post_body_shortcuts = before_body, after_body
    app._handle_special_data_plane_request, app._dispatch_service_request = of_users, by_service


def forms() -> None:
    """Upstream: looks at what a browser's form says of its policy, but not at who signed it, or whether.

    Effect: a form is taken that this cloud's keys have signed, and no other, as S3 itself reads its fields.
    """
    conditions = s3._enforce_signed_post_policy

    def enforced(fields: Mapping[str, str], bucket: str, region: str, size: int, sigv4: bool) -> Any:
        fault = fault_of_fields(fields, own(), datetime.now(UTC))
        if fault is not None:
            return s3._error(fault.code, fault.text, fault.status)
        return conditions(fields, bucket, region, size, sigv4)

    s3._enforce_signed_post_policy = enforced
    s3._enforce_post_policy_size = lambda *_: s3._error("AccessDenied", "Access Denied", 403)


def presigned() -> None:
    """Upstream: looks for the key of a presigned address among those that it made itself.

    Effect: what the door has found right is right.
    """
    s3._verify_presigned_sigv4 = lambda *_: None
