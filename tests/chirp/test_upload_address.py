"""Uploads go to S3's regional name, the only one beside the site's own to which its pages may send."""

from __future__ import annotations

import pytest

from chirp.functions.clients import client
from chirp.servers.host import aws_client

BUCKET = "chirp-site-111122223333"
REGIONS = ("us-east-1", "eu-west-1")


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3", raising=False)


@pytest.mark.parametrize("region", REGIONS)
def test_the_servers_sign_for_the_regional_name(region: str) -> None:
    form = aws_client("s3", region).generate_presigned_post(BUCKET, "media/x")
    assert form["url"] == f"https://{BUCKET}.s3.{region}.amazonaws.com/"


@pytest.mark.parametrize("region", REGIONS)
def test_the_functions_sign_for_the_regional_name(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    form = client("s3").generate_presigned_post(BUCKET, "media/x")
    assert form["url"] == f"https://{BUCKET}.s3.{region}.amazonaws.com/"
