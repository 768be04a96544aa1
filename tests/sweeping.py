"""What a stack leaves on the disk, searched for every secret that it knows."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from groma.live.embedded import Endpoints
from groma.live.embedded.access.credentials import FILE_NAME
from groma.live.embedded.authority import ROOT_TOKEN
from groma.live.embedded.record import FILE_NAME as RECORD
from groma.live.embedded.record import read_record
from groma.live.target import PROFILE_FILE

HELD = {
    "the cloud's key": frozenset({FILE_NAME, PROFILE_FILE}),
    "the cloud's token": frozenset({RECORD}),
    "the key of an origin": frozenset({"terraform.tfstate", "terraform.tfstate.backup"}),
}
"""In which files a secret has to be. The key of an origin is a resource of Terraform's."""
NOT_OURS = ("providers", "ministack")
"""Folders of programs, and of what the emulator keeps as the cloud: its state is what is deployed."""
STATE_OF_THE_CLOUD = ".snapshot"


def secrets_of(cloud: Path, aws: Endpoints, region: str) -> dict[str, str]:
    """Each secret by its name: of the cloud, and of what is deployed in it."""
    record = read_record(cloud)
    assert record is not None
    keys = aws.credentials
    found = {
        "the cloud's key": keys.secret_key,
        "the cloud's token": record.token,
        "the key of a session": keys.of_session(ROOT_TOKEN).secret_key,
    }
    root = Endpoints(aws.urls, keys, session=ROOT_TOKEN)
    manager = root.client("secretsmanager", region)
    for each in manager.list_secrets()["SecretList"]:
        value = manager.get_secret_value(SecretId=each["ARN"])["SecretString"]
        found[f"{each['Name']} in Secrets Manager"] = _kept_secret(value)
    pages = root.client("cloudfront").list_distributions()["DistributionList"].get("Items", [])
    for origin in (each for page in pages for each in page["Origins"]["Items"]):
        for header in origin.get("CustomHeaders", {}).get("Items", ()):
            found["the key of an origin"] = header["HeaderValue"]
    return found


def _kept_secret(value: str) -> str:
    """The password of a secret in JSON, as it stands there; of any other the whole text."""
    return value.partition('"password":"')[2].partition('"')[0] or value


def strays(folder: Path, secrets: Mapping[str, str]) -> list[str]:
    """Where a secret lies that has no business there: `<secret> in <file>`."""
    assert all(len(value) >= 16 for value in secrets.values()), "too short to be looked for"
    return [
        f"{name} in {path.relative_to(folder)}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and not _is_elsewhere(path.relative_to(folder))
        for content in [b"\0".join(_contents(path.read_bytes()))]
        for name, value in secrets.items()
        if value.encode() in content and path.name not in HELD.get(name, ())
    ]


def _is_elsewhere(path: Path) -> bool:
    return path.suffix == STATE_OF_THE_CLOUD or any(part in NOT_OURS for part in path.parts[:-1])


def _contents(content: bytes) -> Iterator[bytes]:
    """A file, and what is packed in it: plans of Terraform are archives."""
    yield content
    if zipfile.is_zipfile(io.BytesIO(content)):
        archive = zipfile.ZipFile(io.BytesIO(content))
        for name in archive.namelist():
            yield from _contents(archive.read(name))
    if content[:2] == b"\x1f\x8b":
        try:
            yield from _contents(gzip.decompress(content))
        except (OSError, EOFError, zlib.error):
            return
