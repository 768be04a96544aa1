from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.configloader import load_config

from groma.live.embedded import SERVICES, Emulator, Endpoints
from groma.live.embedded.access.credentials import Credentials

MOTO, MINISTACK = "http://127.0.0.1:40001", "http://127.0.0.1:40002"
KEYS = Credentials("AKIAOFTHECLOUD", "secret")
ENDPOINTS = Endpoints({Emulator.MOTO: MOTO, Emulator.MINISTACK: MINISTACK}, KEYS)


def test_the_environment_sends_each_service_to_its_emulator() -> None:
    environment = ENDPOINTS.environment()
    assert environment["AWS_ENDPOINT_URL"] == MOTO
    assert environment["AWS_ENDPOINT_URL_S3"] == MINISTACK
    assert environment["AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"] == MOTO
    assert all(service.variable in environment for service in SERVICES)


def test_the_environment_holds_the_keys_of_the_cloud() -> None:
    environment = ENDPOINTS.environment()
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    assert tuple(environment[name] for name in names) == (KEYS.access_key, KEYS.secret_key)
    of_session = replace(ENDPOINTS, session="groma-root").environment()
    assert of_session["AWS_SESSION_TOKEN"] == "groma-root"
    assert of_session["AWS_SECRET_ACCESS_KEY"] == KEYS.of_session("groma-root").secret_key


def test_within_takes_all_other_aws_variables_away() -> None:
    base = {
        "PATH": "/bin",
        "AWS_PROFILE": "company",
        "AWS_SESSION_TOKEN": "secret",
        "AWS_REGION": "eu-west-1",
    }
    environment = ENDPOINTS.within(base)
    assert environment["PATH"] == "/bin"
    assert environment["AWS_REGION"] == "us-east-1"
    assert "AWS_PROFILE" not in environment
    assert environment["AWS_SESSION_TOKEN"] == environment["AWS_SECURITY_TOKEN"] == ""


def test_the_profile_sends_each_service_to_its_emulator(tmp_path: Path) -> None:
    """As botocore reads it, whose rules are the provider's, too."""
    file = tmp_path / "endpoints.ini"
    file.write_text(ENDPOINTS.profile())
    arguments = ENDPOINTS.provider_arguments(str(file))
    assert arguments["shared_config_files"] == [str(file)]
    read = load_config(str(file))
    profile = read["profiles"][arguments["profile"]]
    assert (profile["aws_access_key_id"], profile["aws_secret_access_key"]) == (
        KEYS.access_key,
        KEYS.secret_key,
    )
    assert KEYS.secret_key not in str(arguments)
    assert profile["endpoint_url"] == MOTO
    services = {key: found["endpoint_url"] for key, found in read["services"][profile["services"]].items()}
    assert set(services) == {service.key for service in SERVICES}
    assert services["rds"] == services["elastic_load_balancing_v2"] == MOTO
    assert services["sns"] == services["cognito_identity_provider"] == MINISTACK


def test_the_provider_tries_no_call_for_long() -> None:
    arguments = ENDPOINTS.provider_arguments("endpoints.ini")
    assert arguments["max_retries"] == 4
    assert arguments["s3_use_path_style"] is True


def test_a_client_goes_to_the_emulator_whatever_the_user_has_configured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.write_text("[default]\nregion = eu-west-1\nendpoint_url = https://example.com\n")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_PROFILE", "a-profile-that-is-not-there")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SNS", "https://example.com")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    client = ENDPOINTS.client("sns", "us-west-2")
    assert client.meta.endpoint_url == MINISTACK
    assert client.meta.region_name == "us-west-2"
    assert client._request_signer._credentials.access_key == KEYS.access_key
    assert ENDPOINTS.client("sqs").meta.region_name == "us-east-1"
