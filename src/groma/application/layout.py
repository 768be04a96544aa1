"""Where what an application ships lies below a Terraform root."""

from __future__ import annotations

from collections.abc import Mapping

from groma.application.description import Application, Archives, PortableApplication, Released

WEB, APP, COMMON = "web.sh.tftpl", "app.sh.tftpl", "common.sh"
TRACED = "common-traced.sh"
BOOT_FILES = (APP, COMMON, TRACED, WEB)
"""What servers run on first boot, by name: two templates, and what both embed, without traces and with."""
PROXY = "nginx.conf.tftpl"
"""The configuration of a reverse proxy that is a container, as a template."""

SERVERS = "servers"
"""Directory with what servers run."""
SERVER_ARCHIVE = f"{SERVERS}/application.zip"
"""The release that application servers fetch."""

SITE = "site"
"""Directory with the pages."""
SITE_CONTENT = f'"${{path.module}}/{SITE}"'
"""The same directory, as Terraform writes it."""

FUNCTIONS_ARCHIVE = "functions/application.zip"
"""The archive of all functions that need no compiled library."""


def function_archive(name: str, native: bool) -> str:
    """Where the archive of one function lies."""
    return f"functions/{name}.zip" if native else FUNCTIONS_ARCHIVE


def boot_files(application: Application) -> Mapping[str, str]:
    """Path → text, for every file that the root's `templatefile` calls read."""
    return {f"{SERVERS}/{name}": text for name, text in application.shipped.boot().items()}


def archives(application: Application, root: str, *, native: bool = False) -> Mapping[str, bytes]:
    """Path → file, for every archive and page that the text of a root's `main.tf` names.

    Args:
        native: whether to add the compiled libraries that functions need on AWS; the embedded cloud has them.

    Raises:
        ToolMissing: a library is not installed, or a compiled one cannot be fetched.
        InputError: a release of one's own cannot be made.
    """
    shipped = application.shipped
    if not isinstance(shipped, Released):
        return {}
    found: dict[str, bytes] = {SERVER_ARCHIVE: shipped.release()} if SERVER_ARCHIVE in root else {}
    if not isinstance(shipped, Archives):
        return found
    if FUNCTIONS_ARCHIVE in root and isinstance(application, PortableApplication):
        found |= _functions(application, native)
    if SITE_CONTENT in root:
        found |= {f"{SITE}/{name}": content for name, content in shipped.pages().items()}
    return found


def _functions(application: PortableApplication, native: bool) -> dict[str, bytes]:
    shipped = application.shipped
    plain = shipped.functions()
    own = {
        function_archive(function.name, native=True): shipped.function(function) if native else plain
        for function in application.functions.values()
        if function.native
    }
    return {FUNCTIONS_ARCHIVE: plain, **own}
