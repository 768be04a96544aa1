"""The search for secrets finds them, also in archives, and not where they have to be."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from sweeping import strays

KEY, PASSWORD = "k" * 40, "p" * 20
SECRETS = {"the cloud's key": KEY, "master in Secrets Manager": PASSWORD}


def packed(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tfconfig/main.tf", text)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logs/apply.jsonl", f'{{"message": "{PASSWORD}"}}'.encode()),
        ("terraform.tfstate", PASSWORD.encode()),
        ("tfplan", packed(f"password = {PASSWORD}")),
        ("logs/old.gz", gzip.compress(packed(PASSWORD))),
        ("report.html", b"\0\xff" + PASSWORD.encode()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_secret_that_lies_about_is_found(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    assert strays(tmp_path, SECRETS) == [f"master in Secrets Manager in {name}"]


def test_where_a_secret_has_to_be_it_may_be(tmp_path: Path) -> None:
    (tmp_path / "credentials.json").write_text(KEY)
    (tmp_path / "groma_endpoints.ini").write_text(KEY)
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8bno archive")
    assert strays(tmp_path, SECRETS) == []
    (tmp_path / "groma_override.tf").write_text(KEY)
    assert strays(tmp_path, SECRETS) == ["the cloud's key in groma_override.tf"]


def test_what_is_too_short_to_be_told_apart_is_not_looked_for(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        strays(tmp_path, {"a": "short"})
