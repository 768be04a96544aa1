"""Tags of images and their digests: what a registry says, and a plain word where none can be asked."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping

import pytest

from groma.application.image import Image
from groma.live import digests
from groma.live.digests import digest_of, resolved
from groma.workload import parse
from workloads import MINIMAL

MANIFEST = b'{"schemaVersion": 2}'
DIGEST = f"sha256:{hashlib.sha256(MANIFEST).hexdigest()}"
Answer = tuple[int, Mapping[str, str], bytes]


class Registry:
    """A registry that asks everybody for a token, and who gives them."""

    def __init__(self, **told: str) -> None:
        self.asked: list[str] = []
        self.told = {"docker-content-digest": DIGEST, **told}

    def __call__(self, url: str, headers: Mapping[str, str]) -> Answer:
        self.asked.append(url)
        if url.startswith("https://auth.acme.dev/token?"):
            return 200, {}, b'{"token": "t-1"}'
        if headers.get("Authorization") != "Bearer t-1":
            challenge = 'Bearer realm="https://auth.acme.dev/token",service="r",scope="repository:a:pull"'
            return 401, {"www-authenticate": challenge}, b""
        return (200, self.told, MANIFEST) if url.endswith("/1.4") else (404, {}, b"")


def unreachable(url: str, headers: Mapping[str, str]) -> Answer:
    raise OSError("no network")


def silent(url: str, headers: Mapping[str, str]) -> Answer:
    time.sleep(5)
    raise TimeoutError("nobody answers")


def test_a_tag_is_asked_of_its_registry_with_a_token_for_everybody() -> None:
    registry = Registry()
    assert digest_of(Image.parse("ghcr.io/acme/shop:1.4"), registry) == DIGEST
    assert registry.asked == [
        "https://ghcr.io/v2/acme/shop/manifests/1.4",
        "https://auth.acme.dev/token?service=r&scope=repository%3Aa%3Apull",
        "https://ghcr.io/v2/acme/shop/manifests/1.4",
    ]
    assert digest_of(Image.parse("redis:1.4"), registry) == DIGEST
    assert registry.asked[-1] == "https://registry-1.docker.io/v2/library/redis/manifests/1.4"


def test_the_plan_names_what_the_registry_says() -> None:
    both = "{web: {image: 'a/b:1.4', port: 1}, app: {image: 'a/c:2'}}"
    workload = parse(f"{MINIMAL}application: {both}\n")
    found = resolved(workload, Registry())
    own = found.workload.own
    assert own is not None
    assert own.web is not None
    assert own.web.runs == f"a/b:1.4@{DIGEST}"
    assert own.app.runs == "a/c:2"
    assert found.lines == (
        f"a/b:1.4 is {DIGEST} now; to keep to it everywhere: `image: a/b:1.4@{DIGEST}`",
        "a/c:2 stays named by its tag: its registry has no such image",
    )


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (unreachable, "its registry is out of reach"),
        (silent, "its registry has not answered in time"),
        (lambda url, headers: (401, {"www-authenticate": "Basic"}, b""), "its registry asks for a log-in"),
        (lambda url, headers: (500, {}, b""), "its registry answers 500"),
        (
            lambda url, headers: (200, {"docker-content-digest": "sha256:0"}, b"1"),
            "another content than",
        ),
    ],
)
def test_without_an_answer_the_tag_stays_and_nobody_waits(
    ask: digests.Ask, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "WITHIN_S", 0.2)
    workload = parse(f"{MINIMAL}application: {{image: 'a/b:1.4'}}\n")
    began = time.monotonic()
    found = resolved(workload, ask)
    assert time.monotonic() - began < 2
    assert found.workload is workload
    assert said in found.lines[0]


def test_what_has_a_digest_or_is_no_image_is_not_asked_for() -> None:
    for text in ("", f"application: {{image: 'a/b@{DIGEST}'}}\n", "application: {archive: ./a, start: b}\n"):
        assert resolved(parse(MINIMAL + text), unreachable).lines == ()
