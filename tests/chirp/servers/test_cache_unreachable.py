"""The cache where nobody answers: nothing is found, nothing is waited for."""

from __future__ import annotations

import socket

import pytest
from cache_clients import asked, connecting, session
from valkey.credentials import CredentialProvider
from valkey_server import wait_until

from chirp.servers.cache import Cache


class TestNobodyThere:
    def test_nothing_is_found_and_nothing_is_waited_for(self) -> None:
        with socket.socket() as refusing:
            refusing.bind(("127.0.0.1", 0))
            cache = Cache.connect(*refusing.getsockname(), "u", "chirp", "eu-west-1", session(), tls=False)

            assert asked(lambda: cache.get("a")) == 0
            cache.put("a", b"1", 10)
            cache.forget("a", "b")
            assert not cache.standing
            wait_until(lambda: not connecting(), "the attempt ends")
            cache.close()

    def test_without_credentials_nothing_is_found(self) -> None:
        class Refuses(CredentialProvider):
            def get_credentials(self) -> tuple[str, str]:
                raise RuntimeError("no role")

        with socket.create_server(("127.0.0.1", 0)) as listening:
            cache = Cache(*listening.getsockname(), Refuses(), tls=False)
            assert cache.get("a") is None
            wait_until(lambda: not connecting(), "the attempt ends")
            assert not cache.standing

    def test_it_sends_its_user_and_a_signed_token(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            cache = Cache.connect(
                *listening.getsockname(), "chirp-application", "chirp", "eu-west-1", session(), tls=False
            )
            listening.settimeout(60)
            cache.get("a")
            with listening.accept()[0] as connection:
                connection.settimeout(60)
                words = connection.recv(4096).split(b"\r\n")[2::2]
            assert words[:2] == [b"AUTH", b"chirp-application"]
            assert words[2].startswith(b"chirp/?Action=connect&User=chirp-application&X-Amz-Algorithm=AWS4-")
            wait_until(lambda: not connecting(), "the attempt ends")

    def test_before_it_is_asked_it_does_nothing(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listening.settimeout(0.1)
            Cache.connect(*listening.getsockname(), "u", "chirp", "eu-west-1", session())
            with pytest.raises(TimeoutError):
                listening.accept()
            assert not connecting()
