"""A real browser for tests: the Chromium that scripts/chromium-for-tests has found or unpacked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from workloads import ROOT


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser; as root it needs leave to run without its sandbox."""
    path = ROOT / ".venv" / "chromium" / "bin" / "chromium"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=sandbox)
        yield running
        running.close()
