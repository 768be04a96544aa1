"""Settings that name roles, and what becomes of them where an application is to run."""

from __future__ import annotations

import pytest

from groma.application import Fixed, filled


def test_roles_become_what_is_there_and_texts_stay_in_their_order() -> None:
    settings = {"URL": "queue.url", "PREFIX": Fixed("/media"), "NAME": "table.name"}
    values = {"table.name": "t", "queue.url": "https://q", "bucket.name": "unused"}
    assert list(filled(settings, values).items()) == [
        ("URL", "https://q"),
        ("PREFIX", "/media"),
        ("NAME", "t"),
    ]


def test_a_text_is_never_taken_for_a_role() -> None:
    assert filled({"A": Fixed("table.name")}, {"table.name": "t"}) == {"A": "table.name"}


def test_a_role_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(
        ValueError, match=r"CACHE_HOST .* no 'cache\.host' here, .*: table\.name, bucket\.name"
    ):
        filled({"CACHE_HOST": "cache.host"}, {"table.name": "t", "bucket.name": "b"})
