"""What the cache may do to a request: answer it, and nothing worse."""

from __future__ import annotations

import pytest
from dict_cache import DictCache

from chirp.servers.kinds import BUDGET_S, FOLLOWS, MOST_BYTES, NEWEST, PROFILE
from chirp.social.ids import Ids
from chirp.social.model import Post, Profile
from chirp.world.remembered import Remembered

ADA = Profile("ada", 3, 4)


def unasked() -> Profile:
    raise AssertionError("the database is asked")


def test_what_was_asked_once_is_known() -> None:
    cache = DictCache()
    assert Remembered(cache, skip=False).read(PROFILE, "ada", lambda: ADA) == ADA
    assert Remembered(cache, skip=False).read(PROFILE, "ada", unasked) == ADA


def test_posts_come_back_as_they_were() -> None:
    new_id, cache = Ids(), DictCache()
    posts = tuple(
        Post(new_id(), "ada", text, picture) for text, picture in (("🦉\n", None), ("", "ada/x.png"))
    )
    Remembered(cache, skip=False).read(NEWEST, "ada", lambda: posts)
    assert Remembered(cache, skip=False).read(NEWEST, "ada", lambda: ()) == posts


def test_what_is_forgotten_is_asked_again() -> None:
    cache = DictCache()
    remembered = Remembered(cache, skip=False)
    remembered.read(PROFILE, "ada", lambda: ADA)
    remembered.forget(PROFILE, "ada")
    assert remembered.read(PROFILE, "ada", lambda: Profile("ada", 4, 4)).followers == 4


def test_whoever_has_written_skips_the_cache_and_refreshes_it() -> None:
    cache = DictCache()
    Remembered(cache, skip=False).read(PROFILE, "ada", lambda: ADA)
    fresh = Profile("ada", 5, 4)
    assert Remembered(cache, skip=True).read(PROFILE, "ada", lambda: fresh) == fresh
    assert Remembered(cache, skip=False).read(PROFILE, "ada", unasked) == fresh


@pytest.mark.parametrize(
    "poison",
    [
        b"", b"x", b"\xff", b"null", b"7", b"[]", b"[1]", b"[1,2,3]", b'["1","2"]', b"[1.5,2]", b"[-1,2]",
        b"[true,false]", b"{}", b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_poisoned_profile_is_dropped(poison: bytes) -> None:
    cache = DictCache({PROFILE.key("ada"): poison})
    assert Remembered(cache, skip=False).read(PROFILE, "ada", lambda: ADA) == ADA
    assert cache.kept[PROFILE.key("ada")] == b"[3,4]"


@pytest.mark.parametrize(
    "poison",
    [
        b"7", b'"text"', b"[7]", b'[["x","text",null]]', b'[["00000000000000000000000000",7,null]]',
        b'[["00000000000000000000000000","text",7]]', b'[["00000000000000000000000000","text"]]',
    ],
)  # fmt: skip
def test_poisoned_posts_are_dropped(poison: bytes) -> None:
    cache = DictCache({NEWEST.key("ada"): poison})
    assert Remembered(cache, skip=False).read(NEWEST, "ada", lambda: ()) == ()


def test_a_poisoned_flag_is_dropped() -> None:
    cache = DictCache({FOLLOWS.key("a:b"): b"1"})
    assert Remembered(cache, skip=False).read(FOLLOWS, "a:b", lambda: False) is False


def test_what_is_long_is_not_kept() -> None:
    cache, long = DictCache(), (Post(Ids()(), "ada", "x" * MOST_BYTES),)
    assert Remembered(cache, skip=False).read(NEWEST, "ada", lambda: long) == long
    assert cache.kept == {}


def test_a_slow_cache_is_not_waited_for_again_and_again() -> None:
    now_s = 0.0

    class Slow(DictCache):
        def get(self, key: str) -> bytes | None:
            nonlocal now_s
            now_s += BUDGET_S
            return super().get(key)

    cache = Slow()
    remembered = Remembered(cache, skip=False, clock_s=lambda: now_s)
    for _ in range(50):
        assert remembered.read(PROFILE, "ada", lambda: ADA) == ADA
    assert now_s == BUDGET_S
