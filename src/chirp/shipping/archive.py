"""Zip archives whose bytes depend on nothing but their content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

SINCE = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can hold, given to every file."""
READABLE_FILE = 0o100644


def archive(content: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The files of a mapping of path → content, sorted, as a zip archive compressed as far as it goes.

    bzip2 (`zipfile.ZIP_BZIP2`) has one implementation and so the same bytes on every machine; deflate is what
    everybody can read, with bytes that depend on the machine's zlib.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, data in sorted(content.items()):
            entry = zipfile.ZipInfo(name, SINCE)
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = READABLE_FILE << 16
            made.writestr(entry, data, compression, compresslevel=9)
    return buffer.getvalue()
