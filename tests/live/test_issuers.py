"""Who may issue certificates for a domain: asked over real DNS, of a server on this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping

import dns.message
import dns.resolver
import dns.rrset
import pytest

from groma.live.issuers import may_issue

Records = Mapping[str, tuple[str, ...]]


class Server:
    """A resolver that knows the CAA records of some names, and that nothing else has any."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.records: Records = {}
        self.asked: list[str] = []
        self.resolver = dns.resolver.Resolver(configure=False)
        self.resolver.nameservers, self.resolver.port = ["127.0.0.1"], self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            text, sender = self.socket.recvfrom(4096)
            if not text:
                return
            query = dns.message.from_wire(text)
            answer, name = dns.message.make_response(query), str(query.question[0].name)
            self.asked.append(name)
            if rows := self.records.get(name):
                answer.answer.append(dns.rrset.from_text(name, 300, "IN", "CAA", *rows))
            self.socket.sendto(answer.to_wire(), sender)

    def close(self) -> None:
        self.socket.sendto(b"", self.socket.getsockname())


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("records", "may"),
    [
        ({}, True),
        ({"acme.dev.": ('0 issue "letsencrypt.org"',)}, False),
        ({"acme.dev.": ('0 issue ";"',)}, False),
        ({"acme.dev.": ('0 issue "letsencrypt.org"', '0 issue "Amazon.com"')}, True),
        ({"acme.dev.": ('0 issue "amazontrust.com; validationmethods=dns-01"',)}, True),
        ({"acme.dev.": ('0 iodef "mailto:a@acme.dev"',)}, True),
        ({"chirp.acme.dev.": ('0 issue "awstrust.com"',), "acme.dev.": ('0 issue ";"',)}, True),
        ({"chirp.acme.dev.": ('0 issue "pki.goog"',), "acme.dev.": ('0 issue "amazon.com"',)}, False),
    ],
)
def test_the_records_nearest_to_the_domain_decide(server: Server, records: Records, may: bool):
    server.records = records
    assert may_issue("chirp.acme.dev", server.resolver) is may
    assert server.asked[0] == "chirp.acme.dev."


def test_where_nobody_answers_nothing_is_known(monkeypatch):
    monkeypatch.setattr("groma.live.issuers.TIMEOUT_S", 0.2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], silent.getsockname()[1]
        assert may_issue("acme.dev", resolver) is None
