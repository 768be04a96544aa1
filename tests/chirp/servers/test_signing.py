"""Session tokens and positions in the log: signed, bound to a purpose and to a time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chirp.servers.signing import SESSION_S, LastWrites, Sessions, Signer
from chirp.social.errors import Unauthorised

KEY = b"k" * 32


class Clock:
    """A time that a test sets."""

    def __init__(self) -> None:
        self.s = 1_800_000_000.0

    def __call__(self) -> float:
        return self.s


@given(st.text())
def test_what_was_signed_is_verified(content: str) -> None:
    signer = Signer(KEY)
    assert signer.verify("p", signer.sign("p", content)) == content


@given(st.text(), st.data())
def test_any_other_text_is_not(content: str, data: st.DataObject) -> None:
    signer = Signer(KEY)
    token = signer.sign("p", content)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda c: c != token[place]))
    assert signer.verify("p", token[:place] + other + token[place + 1 :]) is None


def test_neither_another_key_nor_another_purpose_will_do() -> None:
    token = Signer(KEY).sign("session", "ada")
    assert Signer(b"x" * 32).verify("session", token) is None
    assert Signer(KEY).verify("last-write", token) is None


@pytest.mark.parametrize("token", ["", ".", "a", "a.b", "a.b.c", "é.é", "=.=", "\ud800.x"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(Unauthorised):
        Sessions(Signer(KEY)).who(token.encode("utf-8", "replace").decode())


def test_a_session_ends() -> None:
    clock = Clock()
    sessions = Sessions(Signer(KEY), clock)
    session = sessions.open("ada")
    assert session.expires_s == SESSION_S
    clock.s += SESSION_S - 1
    assert sessions.who(session.token) == "ada"
    clock.s += 1
    with pytest.raises(Unauthorised):
        sessions.who(session.token)


def test_a_position_is_forgotten_after_a_minute() -> None:
    clock = Clock()
    last_writes = LastWrites(Signer(KEY), clock)
    header = last_writes.to_header(4711)
    assert last_writes.from_header(header) == 4711
    clock.s += LastWrites.GOOD_FOR_S - 1
    assert last_writes.from_header(header) == 4711
    clock.s += 1
    assert last_writes.from_header(header) == 0


@pytest.mark.parametrize("value", [None, "", "4711", "4711.x", "NDcxMSAx.x"])
def test_a_position_that_is_none_asks_for_nothing(value: str | None) -> None:
    assert LastWrites(Signer(KEY)).from_header(value) == 0


def test_a_session_is_no_position() -> None:
    signer = Signer(KEY)
    assert LastWrites(signer).from_header(Sessions(signer).open("ada").token) == 0
