"""What a name server says of a zone: asked over real DNS, of a server on this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import dns.message
import dns.rcode
import dns.rrset
import pytest

from groma.live.name_servers import delegation

ZONE = "acme.dev"
OURS = ("ns-1.awsdns-01.org.", "NS-2.awsdns-02.com.")


class Server:
    """A name server of the parent; `sections` and `rcode` are what it answers with."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(10)
        self.port: int = self.socket.getsockname()[1]
        self.section = "authority"
        self.rows: tuple[tuple[str, tuple[str, ...]], ...] = ((ZONE, OURS),)
        self.rcode = dns.rcode.NOERROR

    def answer_once(self) -> None:
        query, sender = self.socket.recvfrom(4096)
        answer = dns.message.make_response(dns.message.from_wire(query))
        answer.set_rcode(self.rcode)
        for name, servers in self.rows:
            getattr(answer, self.section).append(dns.rrset.from_text(f"{name}.", 300, "IN", "NS", *servers))
        self.socket.sendto(answer.to_wire(), sender)


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.socket.close()


def asked(server: Server) -> frozenset[str] | None:
    thread = threading.Thread(target=server.answer_once)
    thread.start()
    found = delegation(ZONE, "127.0.0.1", server.port)
    thread.join()
    return found


@pytest.mark.parametrize("section", ["authority", "answer"])
def test_a_referral_and_an_answer_name_the_servers(server: Server, section: str):
    server.section = section
    assert asked(server) == {"ns-1.awsdns-01.org", "ns-2.awsdns-02.com"}


def test_what_is_said_of_the_parent_is_not_of_the_zone(server: Server):
    server.rows = (("dev", ("a.nic.dev.",)),)
    assert asked(server) == frozenset()


def test_a_name_that_does_not_exist_is_not_delegated(server: Server):
    server.rows, server.rcode = (), dns.rcode.NXDOMAIN
    assert asked(server) == frozenset()


def test_a_server_that_refuses_says_nothing(server: Server):
    server.rows, server.rcode = (), dns.rcode.REFUSED
    assert asked(server) is None


def test_a_server_that_is_not_there_says_nothing(monkeypatch):
    monkeypatch.setattr("groma.live.name_servers.TIMEOUT_S", 0.2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        assert delegation(ZONE, "127.0.0.1", silent.getsockname()[1]) is None
