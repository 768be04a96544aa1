"""What the gate costs: the time that it spends on requests, as a share of the time that `groma up` takes.

python benchmarks/gate.py examples/starter.yaml
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from groma.design import design
from groma.live.embedded import EmbeddedCloud
from groma.live.embedded.authority import TOKEN_HEADER
from groma.live.embedded.record import read_record
from groma.live.provision import up
from groma.live.stack import Stack
from groma.live.target import EmbeddedTarget
from groma.workload import load


def main(file: str) -> None:
    """Provision an example into a cloud of its own, and ask its servers."""
    made = design(load(file))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        target = EmbeddedTarget(home / "cloud")
        try:
            started = time.perf_counter()
            up(made, Stack(made.architecture.name, "embedded", home), target)
            whole_s = time.perf_counter() - started
            record = read_record(home / "cloud")
            token = "" if record is None else record.token
            costs = [gate_of(url, token) for url in target.endpoints.urls.values()]
        finally:
            EmbeddedCloud(home / "cloud").stop(discard=True)
    judged, gate_s = sum(cost["judged"] for cost in costs), sum(cost["seconds"] for cost in costs)
    print(f"{judged:,.0f} requests judged in {gate_s:.2f} s, {1e3 * gate_s / judged:.2f} ms each;")
    print(f"up took {whole_s:.0f} s: the gate took {gate_s / whole_s:.1%} of it")


def gate_of(url: str, token: str) -> dict[str, float]:
    """What a server's gate has cost; the token is the cloud's."""
    asked = urllib.request.Request(f"{url}/_groma/gate", headers={TOKEN_HEADER: token})
    with urllib.request.urlopen(asked) as answer:
        found: dict[str, float] = json.load(answer)
    return found


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "examples/starter.yaml")
