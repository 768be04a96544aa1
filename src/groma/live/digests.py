"""From the tag of a container image to its digest, as its registry says; never waited for.

Source: https://distribution.github.io/distribution/spec/api/ and /spec/auth/token/, read 2026-11-29.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Thread
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from groma.application.image import Image
from groma.workload import Workload

WITHIN_S = 3.0
"""Nobody waits longer for all registries together; without a network they fail at once."""
MOST_BYTES = 4_000_000
"""Of a manifest; registries take none that is larger."""
KINDS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
HUB, HUB_S_API = "", "registry-1.docker.io"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
Ask = Callable[[str, Mapping[str, str]], tuple[int, Mapping[str, str], bytes]]
"""URL and headers → status, headers by lower-case names, body. Raises OSError."""


@dataclass(frozen=True)
class Resolved:
    """A workload whose images are named by digests, as far as their registries could be asked.

    Attributes:
        workload: with the digests.
        lines: for people, what each image is now, or why that is not known.
    """

    workload: Workload
    lines: tuple[str, ...]


def resolved(workload: Workload, ask: Ask | None = None) -> Resolved:
    """Ask for the digest of each image that only a tag names; `ask` is the internet when left out."""
    part = workload.application
    if part is None:
        return Resolved(workload, ())
    names = {path: name for path, name in part.images().items() if not Image.parse(name).digest}
    found = _within(names, ask or _over_https)
    lines = tuple(_told(name, found.get(path, "")) for path, name in names.items())
    known = {path: f"{names[path]}@{digest}" for path, digest in found.items() if _DIGEST.fullmatch(digest)}
    if not known:
        return Resolved(workload, lines)
    return Resolved(workload.model_copy(update={"application": part.with_images(known)}), lines)


def digest_of(image: Image, ask: Ask) -> str:
    """What a tag names now: `sha256:…`.

    Raises:
        OSError: the registry is out of reach.
        ValueError: it does not say, with the reason.
    """
    host, path = image.host or HUB_S_API, image.path
    if not image.host and "/" not in path:
        path = f"library/{path}"
    url = f"https://{host}/v2/{path}/manifests/{image.tag}"
    headers = {"Accept": ", ".join(KINDS)}
    status, told, body = ask(url, headers)
    if status == 401:
        token = _token(told.get("www-authenticate", ""), ask)
        status, told, body = ask(url, {**headers, "Authorization": f"Bearer {token}"})
    if status != 200:
        reasons = {401: "asks for a log-in", 403: "asks for a log-in", 404: "has no such image"}
        raise ValueError(reasons.get(status, f"answers {status}"))
    said, own = told.get("docker-content-digest", ""), f"sha256:{hashlib.sha256(body).hexdigest()}"
    if said and said != own:
        raise ValueError("sends another content than it names")
    return own


def _token(challenge: str, ask: Ask) -> str:
    """A token for everybody, from where the registry says. Raises ValueError where there is none."""
    asked = dict(_CHALLENGE.findall(challenge))
    realm = asked.pop("realm", "")
    if not challenge.lower().startswith("bearer ") or urlsplit(realm).scheme != "https":
        raise ValueError("asks for a log-in")
    query = urlencode({key: asked[key] for key in ("service", "scope") if key in asked})
    status, _, body = ask(f"{realm}?{query}", {})
    answer = json.loads(body) if status == 200 else {}
    token = answer.get("token") or answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]{1,20000}", token):
        raise ValueError("asks for a log-in")
    return token


def _within(names: Mapping[tuple[str, ...], str], ask: Ask) -> dict[tuple[str, ...], str]:
    """Path → digest, or why there is none; whoever has not answered in time is missing."""
    found: dict[tuple[str, ...], str] = {}

    def one(path: tuple[str, ...], name: str) -> None:
        try:
            found[path] = digest_of(Image.parse(name), ask)
        except ValueError as error:
            found[path] = f"its registry {error}"
        except OSError:
            found[path] = "its registry is out of reach"

    threads = [Thread(target=one, args=each, daemon=True) for each in names.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WITHIN_S / len(threads))
    return dict(found)


def _told(name: str, found: str) -> str:
    if _DIGEST.fullmatch(found):
        return f"{name} is {found} now; to keep to it everywhere: `image: {name}@{found}`"
    return f"{name} stays named by its tag: {found or 'its registry has not answered in time'}"


def _over_https(url: str, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
    request = Request(url, headers={"User-Agent": "groma", **headers})  # noqa: S310 - as below
    try:
        with urlopen(request, timeout=WITHIN_S) as answer:  # noqa: S310 - https alone, of the image's registry
            told = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, told, answer.read(MOST_BYTES)
    except HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}, b""
