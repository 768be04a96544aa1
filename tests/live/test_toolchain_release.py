"""Fetching a release, against an HTTP server on loopback that fails in each way a network can."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from groma.errors import ToolMissing
from groma.live.toolchain import Engine, ensure_engine, fetch_terraform, find_engine, platform_name
from loopback import answering

VERSION = "1.11.4"
PLATFORM = platform_name()
ARCHIVE = f"terraform_{VERSION}_{PLATFORM}.zip"
SUMS = f"terraform_{VERSION}_SHA256SUMS"
PROGRAM = '#!/bin/sh\necho \'{"terraform_version": "1.11.4"}\'\n# ' + "padding " * 20_000


def archive_of(name: str = "terraform", text: str = PROGRAM) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        package.writestr("LICENSE.txt", "terms")
        package.writestr(name, text)
    return buffer.getvalue()


class Releases:
    """A release server; `answer`, when set, replaces its answer to a request for the archive."""

    def __init__(self) -> None:
        self.archive = archive_of()
        self.sums = self.listed(self.archive)
        self.asked: list[tuple[str, str | None]] = []
        self.answer: Callable[[BaseHTTPRequestHandler, int], bool] = lambda handler, number: False
        self.ranges = True
        self.url = ""

    @staticmethod
    def listed(archive: bytes) -> str:
        other, own = "0" * 64, hashlib.sha256(archive).hexdigest()
        return f"{other}  terraform_{VERSION}_windows_386.zip\n{own}  {ARCHIVE}\n"

    def requests_for(self, name: str) -> list[str | None]:
        return [wanted for path, wanted in self.asked if path.endswith(name)]

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        wanted = handler.headers.get("Range")
        self.asked.append((handler.path, wanted))
        if handler.path == f"/{VERSION}/{SUMS}":
            send(handler, 200, self.sums.encode())
        elif handler.path != f"/{VERSION}/{ARCHIVE}":
            send(handler, 404, b"")
        elif not self.answer(handler, len(self.requests_for(ARCHIVE))):
            start = int(wanted[6:-1]) if wanted and self.ranges else 0
            send(handler, 206 if start else 200, self.archive[start:])


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, length: int | None = None) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def releases() -> Iterator[Releases]:
    served = Releases()
    with answering(served.respond) as served.url:
        yield served


@pytest.fixture
def fetch(releases, tmp_path):
    """Fetch from that server, patient in count but not in time."""
    waited: list[float] = []

    def run(**options) -> Path:
        settings = {"cache": tmp_path, "platform": PLATFORM, "base_url": releases.url, "sleep": waited.append}
        return fetch_terraform(**{**settings, "timeout_s": 5.0, **options})

    run.waited = waited
    return run


def left_behind(directory: Path) -> list[str]:
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*"))


def test_a_release_is_fetched_verified_and_runs(fetch, tmp_path):
    seen = []
    path = fetch(on_bytes=lambda done, total: seen.append((done, total)))
    assert path == tmp_path / "terraform" / VERSION / "terraform"
    assert path.stat().st_mode & 0o777 == 0o755
    found = find_engine(search_path=str(tmp_path / "nowhere"), cache=tmp_path)
    assert found == Engine(path, "terraform", VERSION)
    size = len(archive_of())
    assert seen[-1] == (size, size)
    assert left_behind(tmp_path) == ["terraform", f"terraform/{VERSION}", f"terraform/{VERSION}/terraform"]


def test_what_is_there_is_not_fetched_again(fetch, releases):
    first = fetch()
    asked = list(releases.asked)
    assert fetch() == first
    assert releases.asked == asked


def test_a_wrong_checksum_is_refused(fetch, releases, tmp_path):
    releases.archive = archive_of(text="#!/bin/sh\necho wicked\n")
    with pytest.raises(ToolMissing, match="checksum") as caught:
        fetch()
    assert ARCHIVE in caught.value.where
    assert "try again" in caught.value.hint
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("sums", ["", "<html>sign in to the network</html>", f"abc  {ARCHIVE}\n"])
def test_a_release_without_a_checksum_is_refused(fetch, releases, tmp_path, sums):
    releases.sums = sums
    with pytest.raises(ToolMissing, match="no checksum"):
        fetch()
    assert releases.requests_for(ARCHIVE) == []
    assert left_behind(tmp_path) == []


def test_a_broken_transfer_is_taken_up_where_it_stopped(fetch, releases):
    half = len(releases.archive) // 2

    def break_once(handler, number):
        if number > 1:
            return False
        send(handler, 200, releases.archive[:half], length=len(releases.archive))
        return True

    releases.answer = break_once
    assert fetch().read_text() == PROGRAM
    assert releases.requests_for(ARCHIVE) == [None, f"bytes={half}-"]
    assert fetch.waited == [1.0]


def test_a_server_without_ranges_is_asked_for_the_whole_again(fetch, releases):
    def break_once(handler, number):
        if number > 1:
            return False
        send(handler, 200, releases.archive[:1000], length=len(releases.archive))
        return True

    releases.answer, releases.ranges = break_once, False
    assert fetch().read_text() == PROGRAM


def test_a_transfer_that_always_breaks_leaves_nothing(fetch, releases, tmp_path):
    def always_break(handler, number):
        send(handler, 200, releases.archive[:1000], length=len(releases.archive))
        return True

    releases.answer = always_break
    with pytest.raises(ToolMissing, match="broke off after 1000 of") as caught:
        fetch(attempts=3)
    assert len(releases.requests_for(ARCHIVE)) == 3
    assert "network" in caught.value.hint
    assert left_behind(tmp_path) == []


def test_a_busy_server_is_asked_again(fetch, releases):
    def busy_twice(handler, number):
        if number > 2:
            return False
        send(handler, 503, b"later")
        return True

    releases.answer = busy_twice
    assert fetch().exists()
    assert fetch.waited == [1.0, 2.0]


def test_a_release_that_does_not_exist_is_not_asked_for_again(fetch, releases, tmp_path):
    with pytest.raises(ToolMissing, match="404") as caught:
        fetch(version="0.0.1")
    assert len(releases.asked) == 1
    assert "0.0.1" in caught.value.where
    assert left_behind(tmp_path) == []


def test_no_network_is_an_error_with_what_to_do(fetch, tmp_path):
    with pytest.raises(ToolMissing, match="refused") as caught:
        fetch(base_url="http://127.0.0.1:9", attempts=2)
    assert fetch.waited == [1.0]
    assert "install Terraform or OpenTofu yourself" in caught.value.hint
    assert left_behind(tmp_path) == []


def test_a_silent_server_does_not_hold_set_up_for_ever(fetch, releases, tmp_path):
    ended = threading.Event()
    releases.answer = lambda handler, number: ended.wait(5)
    try:
        with pytest.raises(ToolMissing, match="timed out"):
            fetch(attempts=1, timeout_s=0.3)
    finally:
        ended.set()
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("archive", [archive_of("something-else"), b"not a zip at all"])
def test_an_archive_without_terraform_is_refused(fetch, releases, tmp_path, archive):
    releases.archive, releases.sums = archive, releases.listed(archive)
    with pytest.raises(ToolMissing, match="holds no Terraform"):
        fetch()
    assert left_behind(tmp_path) == []


def test_a_cache_that_cannot_be_written_is_an_error_with_its_place(fetch, tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(ToolMissing, match="cannot be stored") as caught:
        fetch(cache=blocked)
    assert caught.value.where == str(blocked)


def test_an_engine_is_fetched_only_where_none_is_installed(releases, tmp_path):
    options = {"search_path": str(tmp_path / "bin"), "cache": tmp_path / "cache", "base_url": releases.url}
    assert ensure_engine(**options).path == tmp_path / "cache/terraform" / VERSION / "terraform"

    tofu = tmp_path / "bin/tofu"
    tofu.parent.mkdir()
    tofu.write_text('#!/bin/sh\necho \'{"terraform_version": "1.11.0"}\'\n')
    tofu.chmod(0o755)
    asked = list(releases.asked)
    options["cache"] = tmp_path / "empty"
    assert ensure_engine(**options) == Engine(tofu, "tofu", "1.11.0")
    assert releases.asked == asked
