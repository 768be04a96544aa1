"""Names of container images, as registries and engines read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_HOST = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*"
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
IMAGE = re.compile(
    rf"(?:(?P<host>{_HOST})(?P<port>:[0-9]+)?/)?(?P<path>{_PART}(?:/{_PART})*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?P<digest>@sha256:[0-9a-f]{64})?"
)
"""The grammar of https://github.com/distribution/reference (reference.go), undated, read 2026-11-29."""
_ECR = re.compile(r"^([0-9]{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com$")
LONGEST = 255
HTTPS = (None, ":443")


@dataclass(frozen=True)
class Image:
    """A container image.

    Attributes:
        name: as it was written: `acme/shop:1.4`.
        host: the registry's; empty for Docker Hub.
        path: of its repository there.
        tag: which of its releases; empty where only a digest names it.
        digest: `sha256:…`, by which it is always the same; empty where only a tag names it.
    """

    name: str
    host: str
    path: str
    tag: str
    digest: str

    @classmethod
    @lru_cache(maxsize=64)
    def parse(cls, name: str) -> Image:
        """Read a name.

        Raises:
            ValueError: it is none, names neither a tag nor a digest, or a registry out of the servers' reach.
        """
        found = IMAGE.fullmatch(name)
        if found is None or len(name) > LONGEST:
            raise ValueError("is no name of an image: write it as acme/shop:1.4 or ghcr.io/acme/shop:1.4")
        host, path = found["host"] or "", found["path"]
        if host and not found["port"] and "." not in host and host != "localhost":
            host, path = "", f"{host}/{path}"  # Docker Hub's own, unless the first part looks like a host
            if host != host.lower() or path != path.lower():
                raise ValueError("is no name of an image: repositories are written in lower case")
        if found["port"] not in HTTPS or host == "localhost":
            where = f"{host}{found['port'] or ''}"
            raise ValueError(f"lies on {where}: servers go out over HTTPS, port 443, alone")
        if not found["tag"] and not found["digest"]:
            raise ValueError("names no release: add a tag, such as :1.4, or a digest, @sha256:…")
        return cls(name, host, path, found["tag"] or "", (found["digest"] or "").removeprefix("@"))

    @property
    def ecr_arn(self) -> str:
        """The ARN of its repository in Amazon ECR; empty in any other registry."""
        found = _ECR.match(self.host)
        return f"arn:aws:ecr:{found[2]}:{found[1]}:repository/{self.path}" if found else ""
