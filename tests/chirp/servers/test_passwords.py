"""How passwords are kept and compared."""

from __future__ import annotations

import threading

import pytest

from chirp.servers.passwords import Cost, Passwords
from chirp.social.errors import TooMany

CHEAP = Cost(log2_n=4)


def test_the_right_password_matches_and_no_other() -> None:
    passwords = Passwords(CHEAP)
    kept = passwords.hashed("Zürich 🦉")
    assert passwords.matches("Zürich 🦉", kept)
    assert not passwords.matches("zürich 🦉", kept)
    assert not passwords.matches("", kept)


def test_the_same_password_is_never_kept_the_same() -> None:
    passwords = Passwords(CHEAP)
    assert passwords.hashed("same") != passwords.hashed("same")


def test_one_that_was_kept_at_another_cost_still_matches() -> None:
    kept = Passwords(CHEAP).hashed("old")
    assert kept.startswith("scrypt$4$8$5$")
    assert Passwords(Cost(log2_n=5)).matches("old", kept)


def test_nobody_has_no_password_at_all() -> None:
    assert not Passwords(CHEAP).matches("", None)
    assert not Passwords(CHEAP).matches("anything", None)


def test_the_usual_cost_takes_the_memory_that_it_says() -> None:
    assert Cost() == Cost(log2_n=14, r=8, p=5)
    assert 128 * 2 ** Cost().log2_n * Cost().r == 16 * 2**20


def test_who_would_wait_too_long_is_told_to_come_back() -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Slow(Cost):
        def hash(self, password: str, salt: bytes) -> bytes:
            if password == "slow":
                begun.set()
                go_on.wait(5)
            return super().hash(password, salt)

    passwords = Passwords(Slow(log2_n=4), at_once=1, wait_s=0.05)
    other = threading.Thread(target=passwords.hashed, args=("slow",))
    other.start()
    begun.wait(5)
    with pytest.raises(TooMany) as refusal:
        passwords.hashed("mine")
    go_on.set()
    other.join()
    assert refusal.value.retry_after_s == 5
    assert passwords.matches("mine", passwords.hashed("mine"))
