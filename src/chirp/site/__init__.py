"""The static site: what the bucket behind CloudFront serves, and with which types.

Plain HTML, CSS and ES modules without a build step. It speaks the application's HTTP interface under `/api`
of its own origin, so it works before either host.
"""

from __future__ import annotations

from importlib.resources import files

CONTENT_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


def site_files() -> dict[str, tuple[bytes, str]]:
    """The files of the site: path → content and content type."""
    folder = files("chirp.site") / "www"
    found = sorted((file for file in folder.iterdir() if file.is_file()), key=lambda file: file.name)
    return {file.name: (file.read_bytes(), CONTENT_TYPES[file.name.rpartition(".")[2]]) for file in found}
