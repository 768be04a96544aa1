"""When the secret is read, and when it is left alone."""

from __future__ import annotations

import json

import pytest

from chirp.servers.credentials import LEAST_AGE_S, Credentials


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
