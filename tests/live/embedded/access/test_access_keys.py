from __future__ import annotations

from pathlib import Path

import pytest

from groma.live.embedded.access.credentials import (
    FILE_NAME,
    keep_credentials,
    new_credentials,
    read_credentials,
)


def test_each_cloud_has_keys_of_its_own_that_only_its_owner_reads(tmp_path: Path) -> None:
    kept = keep_credentials(tmp_path)
    assert keep_credentials(tmp_path) == kept == read_credentials(tmp_path)
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert len({new_credentials() for _ in range(9)}) == 9
    assert (len(kept.access_key), len(kept.secret_key)) == (20, 40)
    assert kept.secret_key not in repr(kept)


NO_SECRET = '{"access_key": "A", "secret_key": ""}'


@pytest.mark.parametrize("content", ["", "{", "[]", '{"access_key": "A"}', NO_SECRET])
def test_keys_that_cannot_be_read_are_made_anew(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE_NAME).write_text(content)
    assert read_credentials(tmp_path) is None
    assert read_credentials(tmp_path / "nowhere") is None
    assert keep_credentials(tmp_path) == read_credentials(tmp_path)


def test_keys_of_sessions_follow_from_the_clouds_and_from_nothing_else() -> None:
    own = new_credentials()
    one, other = own.of_session("groma-role/a/b"), own.of_session("groma-role/a/c")
    assert own.of_session("") is own
    assert one == own.of_session("groma-role/a/b")
    assert len({one.secret_key, other.secret_key, own.secret_key, one.access_key, other.access_key}) == 5
    assert one.of_session("groma-role/a/c") != other
    assert one != new_credentials().of_session("groma-role/a/b")
