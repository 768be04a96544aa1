"""Ten lives of a stack on a busy machine: whether anything is made twice, or left.

Run `python tests/loading.py`: busy processes take the cores, and the starter is made and destroyed again
and again in one folder. What a repeated call had made, Terraform would not know and `down` would not find: it
would be refused as a duplicate, or left in the cloud by its tag or its name.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from killing import Stand, left, stand_in

BUSY = "while True: pass"
TWICE = ("Duplicate", "AlreadyExists", "AlreadyOwned", "EntityAlreadyExists", "already exists")


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Within it so many processes do nothing but take a core each."""
    started = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def live(stand: Stand) -> str:
    """One life: up, and down again; what was wrong with it, empty where nothing was."""
    for command, flag in (("up", "--yes"), ("verify", "--json"), ("down", "--keep-cloud")):
        done = stand.groma(command, flag)
        if done.returncode or "Traceback" in done.stderr:
            return f"{command} ended with {done.returncode}: {done.stderr.strip()[-300:]}"
        said = [word for word in TWICE for log in _logs(stand) if word in log]
        if said:
            return f"{command} was told {said[0]}"
    return left(stand)


def _logs(stand: Stand) -> list[str]:
    return [path.read_text(errors="replace") for path in (stand.root / "logs").glob("*.jsonl")]


def main() -> None:
    """As many lives as asked, one after the other in one cloud."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--busy", type=int, default=6)
    asked = parser.parse_args()
    stand, faults = stand_in(Path(tempfile.mkdtemp(prefix="groma-load-"))), 0
    with busy(asked.busy):
        for number in range(asked.runs):
            began, fault = time.monotonic(), live(stand)
            faults += bool(fault)
            took, load = time.monotonic() - began, os.getloadavg()[0]
            print(f"{number + 1:2d} {took:6.1f} s at a load of {load:.1f}: {fault or 'good'}", flush=True)
    stand.target.cloud.stop(discard=True)
    shutil.rmtree(stand.folder)
    print(f"{asked.runs - faults} of {asked.runs} without anything made twice or left")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
