"""How somebody is turned away, in the form in which the client of the service reads an error."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from groma.live.embedded.access.signatures import Fault
from groma.live.embedded.gate.asked import Http, scope_of
from groma.live.embedded.gate.reply import Reply

_XML = {"content-type": "text/xml"}
_BODIES = {
    "s3": "<Error>{0}</Error>",
    "ec2": "<Response><Errors><Error>{0}</Error></Errors></Response>",
}
_QUERY = "<ErrorResponse><Error><Type>Sender</Type>{0}</Error></ErrorResponse>"


def turned_away(http: Http, fault: Fault) -> Reply:
    """The answer to a request that is not let in."""
    scope = scope_of(http)
    service = scope[0] if scope else ""
    is_json = "x-amz-target" in http.headers or "json" in http.headers.get("content-type", "")
    is_query = http.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    if is_json or not (is_query or service in ("s3", "s3control", "cloudfront", "route53")):
        body = json.dumps({"__type": fault.code, "message": fault.text}).encode()
        headers = {"content-type": "application/json", "x-amzn-errortype": fault.code}
        return Reply(fault.status, body, headers)
    inner = f"<Code>{escape(fault.code)}</Code><Message>{escape(fault.text)}</Message>"
    return Reply(fault.status, _BODIES.get(service, _QUERY).format(inner).encode(), _XML)
