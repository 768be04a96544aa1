"""A form that a browser sends to S3: signed by its fields, of which the policy says what may be sent.

Whether what is sent is as the policy says, the emulator of S3 looks at; here it is known who signed it, and
until when.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html, read 2026-11-29.
"""

from __future__ import annotations

import hmac
import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from groma.live.embedded.access.credentials import Credentials
from groma.live.embedded.access.signatures import Fault, form_signature
from groma.live.embedded.access.signing import UnreadableSignatureError, signed_form
from groma.live.embedded.authority.callers import has_expired

HEAD_BYTES = 16_384
"""The fields lie before the file; S3 takes 20,000 bytes of them, and a form here has 2,000."""
_FIELD = re.compile(rb'name="([\w-]+)"\r\n\r\n([^\r]*)\r\n')
_OF_SIGNATURE = ("policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature")
_TOKEN = "x-amz-security-token"  # noqa: S105 - a header's name


def fault_of_form(body: bytes, own: Credentials, now: datetime) -> Fault | None:
    """What is wrong with the signature of a form."""
    pairs = [(name.decode().lower(), value) for name, value in _FIELD.findall(body[:HEAD_BYTES])]
    times = Counter(name for name, _ in pairs)
    if any(times[name] != 1 for name in _OF_SIGNATURE) or times[_TOKEN] > 1:
        return Fault("AccessDenied", "Access Denied: each field of the signature is needed once")
    return fault_of_fields({name: value.decode("latin-1") for name, value in pairs}, own, now)


def fault_of_fields(fields: Mapping[str, str], own: Credentials, now: datetime) -> Fault | None:
    """The same of fields that have been read."""
    try:
        signed = signed_form(fields)
    except UnreadableSignatureError as error:
        return Fault("InvalidArgument", str(error), 400)
    keys = own.of_session(signed.token)
    if signed.access_key != keys.access_key:
        text = "The AWS Access Key Id you provided does not exist in our records."
        return Fault("InvalidAccessKeyId", text)
    if has_expired(signed.token, now.timestamp()):
        return Fault("ExpiredToken", "The provided token has expired.", 400)
    right = form_signature(fields.get("policy", ""), signed, keys)
    if hmac.compare_digest(right.encode(), signed.signature.encode()):
        return None
    text = "The request signature we calculated does not match the signature you provided."
    return Fault("SignatureDoesNotMatch", text)
