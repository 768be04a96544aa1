"""The log: one JSON object per line on standard output, which systemd keeps in its journal."""

from __future__ import annotations

import json
import sys
import time
from typing import Any


def log(**fields: Any) -> None:
    """Write one line; lines of several threads and processes do not mix."""
    line = {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **fields}
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()
