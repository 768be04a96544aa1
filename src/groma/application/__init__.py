"""The small application that a stack runs, as the files that Terraform needs to start it."""

from collections.abc import Mapping

from chirp.servers import FILES, files, template

__all__ = [
    "FILES",
    "SERVER_ARCHIVE",
    "SITE_CONTENT",
    "archives",
    "files",
    "function_archive",
    "template",
]

SERVER_ARCHIVE = "servers/application.zip"
"""Where the servers' archive lies below a Terraform root."""


SITE = "site"
"""Directory below a Terraform root with the pages."""

SITE_CONTENT = f'"${{path.module}}/{SITE}"'
"""The same directory, as Terraform writes it."""

FUNCTIONS_ARCHIVE = "functions/application.zip"
"""Where the archive of all functions lies that need no compiled library."""


def function_archive(name: str, native: bool) -> str:
    """Where the archive of one function lies below a Terraform root."""
    return f"functions/{name}.zip" if native else FUNCTIONS_ARCHIVE


def archives(root: str, *, native: bool = False) -> Mapping[str, bytes]:
    """Path below a Terraform root → file, for every archive and site that the text of its `main.tf` names.

    Args:
        native: whether to add the compiled libraries that functions need on AWS; the embedded cloud has them.

    Raises:
        ToolMissing: a library is not installed, or a compiled one cannot be fetched.
    """
    found: dict[str, bytes] = {}
    if SERVER_ARCHIVE in root:
        from chirp.shipping.artifact import artifact

        found[SERVER_ARCHIVE] = artifact()
    if FUNCTIONS_ARCHIVE in root:
        found |= _functions(native)
    if SITE_CONTENT in root:
        found |= _site()
    return found


def _functions(native: bool) -> dict[str, bytes]:
    from chirp.functions.deployment import FUNCTIONS
    from chirp.shipping.bundle import bundle, bundle_for

    plain = bundle()
    own = {
        function_archive(function.name, native=True): bundle_for(function) if native else plain
        for function in FUNCTIONS.values()
        if function.native
    }
    return {FUNCTIONS_ARCHIVE: plain, **own}


def _site() -> dict[str, bytes]:
    from chirp.site import site_files

    return {f"{SITE}/{name}": content for name, (content, _) in site_files().items()}
