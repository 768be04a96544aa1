"""The token: what AWS would make of it, computed here by the published steps and not by botocore."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from botocore.exceptions import NoCredentialsError
from botocore.session import Session

from chirp.servers.cache_token import RENEW_S, Token

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def session(key: str = "AKIDEXAMPLE", secret: str = SECRET, token: str | None = None) -> Session:
    made = Session()
    made.set_credentials(key, secret, token)
    return made


def signature(token: str, secret: str, region: str) -> str:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html of a GET."""
    host, _, query = token.partition("/?")
    sent = dict(parse_qsl(query))
    del sent["X-Amz-Signature"]
    canonical = "&".join(
        f"{quote(name, safe='-_.~')}={quote(sent[name], safe='-_.~')}" for name in sorted(sent)
    )
    request = f"GET\n/\n{canonical}\nhost:{host}\n\nhost\n{hashlib.sha256(b'').hexdigest()}"
    at = sent["X-Amz-Date"]
    scope = f"{at[:8]}/{region}/elasticache/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, text.encode(), "sha256").hexdigest()


@pytest.mark.parametrize("session_token", [None, "IQoJb3JpZ2luX2VjE+/=="])
def test_a_token_is_a_request_to_connect_that_aws_would_find_well_signed(session_token: str | None) -> None:
    token = Token("chirp-application", "Chirp", "eu-west-1", session(token=session_token))

    user, password = token.get_credentials()

    assert user == "chirp-application"
    url = urlsplit(f"http://{password}")
    sent = dict(parse_qsl(url.query))
    assert (url.netloc, url.path) == ("chirp", "/")
    assert (sent["Action"], sent["User"], sent["X-Amz-Expires"]) == ("connect", "chirp-application", "900")
    assert (
        sent["X-Amz-Credential"] == f"AKIDEXAMPLE/{sent['X-Amz-Date'][:8]}/eu-west-1/elasticache/aws4_request"
    )
    assert sent["X-Amz-SignedHeaders"] == "host"
    assert sent.get("X-Amz-Security-Token") == session_token
    assert sent["X-Amz-Signature"] == signature(password, SECRET, "eu-west-1")
    assert sent["X-Amz-Signature"] != signature(password, SECRET, "us-east-1")


def test_a_token_serves_ten_minutes_and_is_then_made_with_the_credentials_of_the_day() -> None:
    at_s = [0.0]
    current = session()
    token = Token("u", "chirp", "eu-west-1", current, now_s=lambda: at_s[0])

    first = token.get_credentials()
    current.set_credentials("AKIDNEXT", "other")
    at_s[0] = RENEW_S - 1
    assert token.get_credentials() == first
    at_s[0] = RENEW_S
    assert "AKIDNEXT" in token.get_credentials()[1]


def test_without_credentials_there_is_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    without = Session()
    monkeypatch.setattr(without, "get_credentials", lambda: None)

    with pytest.raises(NoCredentialsError):
        Token("u", "chirp", "eu-west-1", without).get_credentials()
