"""Programs that another user may have planted are not run."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from test_toolchain import program
from test_toolchain_provider import HOST, PLATFORM, TERRAFORM, unpacked

from groma.errors import ToolMissing
from groma.live.toolchain import Engine, ProviderSource, ensure_provider, find_engine
from groma.live.toolchain import trust as trusting
from groma.live.toolchain.published import forged, hash_of
from groma.live.toolchain.trust import stranger

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files to others")


def offline(
    tmp_path: Path, notes: list[str], platform: str = PLATFORM, disk: Path | None = None
) -> ProviderSource:
    return ensure_provider(
        TERRAFORM,
        home=tmp_path / "home",
        environment={"XDG_DATA_DIRS": str(tmp_path / "share")},
        platform=platform,
        reachable=lambda host: False,
        roots=[disk or tmp_path / "disk"],
        on_note=notes.append,
    )


@pytest.mark.parametrize("part", ["", "..", "../..", "../../../.."])
def test_a_copy_in_a_folder_that_others_may_write_is_passed_over(tmp_path, part: str):
    own = unpacked(tmp_path / "disk/own", "5.100.0")
    planted = unpacked(tmp_path / "disk/planted", "5.999.0")
    (planted / part).resolve().chmod(0o777)
    notes: list[str] = []
    source = offline(tmp_path, notes)
    assert source.version == "5.100.0"
    assert source.path.resolve() == own
    assert any(f"{planted} is not used" in note and "written by others" in note for note in notes)


@as_root
def test_so_is_one_of_another_user(tmp_path):
    unpacked(tmp_path / "disk/own", "5.100.0")
    planted = unpacked(tmp_path / "disk/planted", "5.999.0")
    os.chown(next(planted.iterdir()), 12345, 12345)
    notes: list[str] = []
    assert offline(tmp_path, notes).version == "5.100.0"
    assert any("belongs to user 12345" in note for note in notes)


def test_what_is_ones_own_is_trusted_also_below_tmp(tmp_path):
    sticky = tmp_path / "tmp"
    sticky.mkdir()
    sticky.chmod(0o1777)
    assert stranger(unpacked(sticky)) == ""
    sticky.chmod(0o777)
    assert stranger(unpacked(sticky, "5.101.0")) == f"{sticky} can be written by others"


def test_a_group_of_ones_own_is_nobody_else(tmp_path, monkeypatch):
    package = unpacked(tmp_path)
    package.chmod(0o775)
    monkeypatch.setattr(trusting, "_has_others", lambda group: False)
    assert stranger(package) == ""
    monkeypatch.setattr(trusting, "_has_others", lambda group: True)
    assert stranger(package).endswith("can be written by others")
    monkeypatch.undo()
    assert not trusting._has_others(0)
    assert trusting._has_others(987_654)


def test_a_link_is_judged_by_what_it_leads_to(tmp_path):
    planted = unpacked(tmp_path / "planted")
    planted.chmod(0o777)
    link = tmp_path / "own" / HOST
    link.parent.mkdir()
    link.symlink_to(planted)
    assert "written by others" in stranger(link)


def test_a_copy_that_is_not_what_was_published_is_passed_over(tmp_path):
    genuine = unpacked(tmp_path / "disk/older", "5.101.0", "linux_amd64")
    forgery = unpacked(tmp_path / "disk/newer", "5.100.0", "linux_amd64")
    assert forged(forgery, "5.100.0", "linux_amd64").endswith(
        "and h1:edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0= was published"
    )
    notes: list[str] = []
    assert offline(tmp_path, notes, "linux_amd64").path.resolve() == genuine
    (genuine / "terraform-provider-aws_v5.101.0_x5").unlink()
    with pytest.raises(ToolMissing, match="no fitting copy"):
        offline(tmp_path / "elsewhere", notes, "linux_amd64", tmp_path / "disk")
    assert any(f"{forgery} is not used: its hash is h1:" in note for note in notes)


def test_packed_or_not_the_hash_is_one(tmp_path):
    package = unpacked(tmp_path)
    (package / "LICENSE.txt").write_text("free")
    archive = tmp_path / "it.zip"
    with zipfile.ZipFile(archive, "w") as packing:
        for path in sorted(package.iterdir(), reverse=True):
            packing.write(path, path.name)
    assert hash_of(archive) == hash_of(package)
    known = {("1", "x"): hash_of(package)}
    assert [forged(each, "1", "x", known) for each in (archive, package)] == ["", ""]
    archive.write_bytes(b"PK")
    assert forged(archive, "1", "x", known).startswith("it cannot be read")
    assert forged(archive, "2", "x", known) == ""


def test_a_terraform_that_is_too_old_is_named_with_its_version(tmp_path):
    old = program(tmp_path / "bin/terraform", "1.5.7")
    program(tmp_path / "bin/tofu", "1.11.1")
    found = find_engine(search_path=str(tmp_path / "bin"), cache=tmp_path / "cache")
    assert found == Engine(tmp_path / "bin/tofu", "tofu", "1.11.1")
    (told,) = found.instead_of
    assert told.startswith(f"{old} is 1.5.7, older than ")
