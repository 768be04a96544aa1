"""When the secret is read, and when it is left alone."""

from __future__ import annotations

import json
from importlib.resources import files
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.session import Session
from cryptography import x509
from cryptography.x509.oid import NameOID

from chirp.servers.credentials import LEAST_AGE_S, RENEW_S, Credentials, OwnRole
from groma import catalog


class Secret:
    """A secret that counts how often it is read, and a clock."""

    def __init__(self) -> None:
        self.password = "first"
        self.reads = 0
        self.s = 100.0

    def read(self) -> str:
        self.reads += 1
        return json.dumps({"username": "groma", "password": self.password})

    def credentials(self) -> Credentials:
        return Credentials(self.read, lambda: self.s)


def test_it_is_read_once_for_many_connections() -> None:
    secret = Secret()
    credentials = secret.credentials()
    assert [credentials.current() for _ in range(5)] == [("groma", "first")] * 5
    assert secret.reads == 1


def test_after_a_refusal_it_is_read_again() -> None:
    secret = Secret()
    credentials = secret.credentials()
    refused = credentials.current()
    secret.password, secret.s = "second", secret.s + LEAST_AGE_S
    assert credentials.after_refusal(refused) == ("groma", "second")
    assert credentials.current() == ("groma", "second")


def test_a_refusal_of_what_is_old_already_needs_no_reading() -> None:
    secret = Secret()
    credentials = secret.credentials()
    refused = credentials.current()
    secret.password, secret.s = "second", secret.s + LEAST_AGE_S
    credentials.after_refusal(refused)
    assert credentials.after_refusal(refused) == ("groma", "second")
    assert secret.reads == 2


def test_a_database_that_refuses_everybody_does_not_make_it_read_without_end() -> None:
    secret = Secret()
    credentials = secret.credentials()
    refused = credentials.current()
    for _ in range(10):
        secret.s += LEAST_AGE_S / 5
        assert credentials.after_refusal(refused) is None
    assert secret.reads == 3


def test_what_cannot_be_read_now_may_be_read_later() -> None:
    secret = Secret()

    def fail() -> str:
        raise RuntimeError("no route")

    credentials = Credentials(fail, lambda: secret.s)
    with pytest.raises(RuntimeError):
        credentials.current()
    credentials._read = secret.read
    assert credentials.current() == ("groma", "first")


def test_a_token_is_signed_here_for_one_server_and_renewed_in_time() -> None:
    now_s = 0.0
    session = Session()
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "secret")
    role = OwnRole("application", "eu-west-1", session, lambda: now_s)
    user, token = role.current("db.example", 5432)
    url = urlsplit(f"https://{token}")
    assert (user, url.netloc) == ("application", "db.example:5432")
    said = parse_qs(url.query)
    assert (said["Action"], said["DBUser"], said["X-Amz-Expires"]) == (["connect"], ["application"], ["900"])
    assert said["X-Amz-Credential"][0].endswith("/eu-west-1/rds-db/aws4_request")
    assert role.current("db.example", 5432)[1] == token
    assert role.current("other.example", 5432)[1] != token
    now_s = RENEW_S
    assert role.after_refusal((user, token)) is None
    assert RENEW_S < 900


def test_the_authorities_are_those_of_every_region_and_sign_themselves() -> None:
    text = files("chirp.servers").joinpath("authorities.pem").read_text()
    found = x509.load_pem_x509_certificates(text.encode())
    names = set()
    for each in found:
        each.verify_directly_issued_by(each)
        assert each.not_valid_after_utc.year > 2060
        names.add(each.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    for region in catalog.regions():
        for kind in ("RSA2048", "RSA4096", "ECC384"):
            assert f"Amazon RDS {region.name} Root CA {kind} G1" in names
