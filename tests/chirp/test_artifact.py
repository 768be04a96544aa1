"""The archive that servers fetch: whole, pure Python, and always the same."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from chirp.shipping.artifact import DISTRIBUTIONS, NotPure, artifact


@pytest.fixture(scope="module")
def archive() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(artifact()))


def test_it_is_the_same_when_another_process_packs_it_anew(tmp_path: Path) -> None:
    code = "import sys; from chirp.shipping.artifact import artifact; sys.stdout.buffer.write(artifact())"
    command = [sys.executable, "-c", code]
    here = {"PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path), "XDG_CACHE_HOME": str(tmp_path)}
    made = subprocess.run(command, env=here, capture_output=True, check=True).stdout
    assert made == artifact()
    assert list((tmp_path / "groma" / "releases").iterdir()), "it took what was kept"


def test_it_says_nothing_of_when_and_where_it_was_made(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr for entry in entries} == {0o100644 << 16}
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    home = str(Path(sys.prefix)).encode()
    assert not [entry.filename for entry in entries if home in archive.read(entry)]


def test_it_holds_code_data_and_licences_and_nothing_compiled(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    assert not [
        n for n in names if n.endswith((".so", ".pyd", ".pyc")) or n.startswith(("/", "..")) or "\\" in n
    ]
    assert "__main__.py" in names
    assert "chirp/servers/migrations/0001_people_and_posts.sql" in names
    assert not [name for name in names if name.startswith("groma/")], "Groma is not needed there"
    folders = {name.split("/")[0] for name in names if ".dist-info/" in name}
    assert len(folders) == len(DISTRIBUTIONS)
    for folder in folders:
        inside = [name for name in names if name.startswith(f"{folder}/")]
        assert any("licen" in name.lower() for name in inside), f"{folder} without its licence"


def test_it_stays_below_what_is_sent_in_one_piece() -> None:
    assert len(artifact()) < 4 * 2**20


def test_a_compiled_distribution_is_refused_by_name() -> None:
    from importlib.metadata import PackagePath

    from chirp.shipping.artifact import _wanted

    with pytest.raises(NotPure, match="psycopg_c/_psycopg"):
        _wanted(PackagePath("psycopg_c/_psycopg.cpython-311-x86_64-linux-gnu.so"))
