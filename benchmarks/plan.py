"""How long plans and questions about them take, beside an older state of the sources.

    python benchmarks/plan.py [REVISION] [RUNS]

Every command runs in a process of its own, in turn with the sources as they are and as they were at REVISION
(`main` unless another is named); medians of RUNS are taken, of CPU time and of the time on the wall, in which
independent questions are asked on all processors. Then the search alone: medians of designs from 50,000 users
to the most that a blueprint carries.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from groma.design import design
from groma.errors import Infeasible
from groma.workload import Workload, parse

ROOT = Path(__file__).parent.parent
SMALL, LARGE = "examples/social-50k.yaml", "examples/social-worldwide.yaml"
OWN, FUNCTIONS = "examples/shop.yaml", "examples/social-serverless.yaml"
COMMANDS: dict[tuple[str, ...], float] = {
    ("plan", OWN): 1.0,
    ("plan", SMALL): 0.5,
    ("plan", FUNCTIONS): 1.0,
    ("plan", LARGE): 1.0,
    ("plan", SMALL, "--alternatives"): 2.0,
    ("plan", SMALL, "--budget", "10000"): 2.0,
    ("plan", SMALL, "--ranges"): 2.0,
    ("plan", SMALL, "--sensitivity"): 2.0,
    ("plan", SMALL, "--compare", "three-tier", "serverless"): 2.0,
    ("growth", SMALL): 2.0,
    ("plan", LARGE, "--alternatives"): 2.0,
}
"""What is run, and the seconds that are wished for it: of plans' CPU time, of other questions on the wall."""
USERS = (50_000, 500_000, 5_000_000, 20_000_000)
LIMIT_S = {50_000: 1.0, 500_000: 5.0, 5_000_000: 5.0, 20_000_000: 5.0}


def seconds_of(sources: Path, command: tuple[str, ...]) -> tuple[float, float]:
    """Seconds of a command with these sources: of CPU time, system and user, and on the wall."""
    environment = {**os.environ, "PYTHONPATH": str(sources)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    call = [sys.executable, "-m", "groma.cli", *command]
    subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, check=True)
    took_s, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, took_s


def beside(revision: str, runs: int) -> None:
    """Every command, before and after."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["git", "archive", revision, "src"], cwd=ROOT, capture_output=True, check=True
        )
        subprocess.run(["tar", "x", "-C", folder], input=packed.stdout, check=True)
        older, newer = Path(folder) / "src", ROOT / "src"
        for sources in (older, newer):
            seconds_of(sources, ("plan", LARGE))
        print(f"{'':<58}{'CPU, s':>16}{'on the wall, s':>24}")
        print(f"{'':<58}{'before':>8}{'now':>8}{'before':>8}{'now':>8}{'ratio':>8}{'wished':>8}")
        for command, wished_s in COMMANDS.items():
            times = [(*seconds_of(older, command), *seconds_of(newer, command)) for _ in range(runs)]
            cpu, wall, cpu_now, wall_now = (statistics.median(each) for each in zip(*times, strict=True))
            figures = f"{cpu:8.2f}{cpu_now:8.2f}{wall:8.2f}{wall_now:8.2f}{wall / wall_now:8.1f}"
            print(f"{' '.join(command):<58}{figures}{wished_s:8g}")


def workload(users: int, more: str = "") -> Workload:
    return parse(f"name: chirp\nblueprint: three-tier\nusers: {{total: {users}}}\n{more}")


def light(users: int) -> Workload:
    """A workload whose database still fits one machine at 20 million users: caches answer most reads."""
    calm = "    query_ms: 0.1\n    source: benchmark\n"
    work = "    share: 1\n    web_ms: 3\n    app_ms: 12\n    reads: 1\n    writes: 0.05\n"
    load = "load: {database_hot_gib_per_million_users: 5}\n"
    return workload(users, f"{load}requests:\n  read:\n{work}{calm}")


def seconds(given: Workload) -> float:
    begun = time.process_time()
    try:
        design(given)
    except Infeasible:
        return float("nan")
    return time.process_time() - begun


def main(revision: str, runs: int) -> int:
    beside(revision, runs)
    seconds(workload(10_000))
    slow = 0
    for users in USERS:
        made = light if users > 5_000_000 else workload  # a design is kept: each is for a user more
        median = statistics.median(seconds(made(users + more)) for more in range(runs))
        late = not median <= LIMIT_S[users]
        slow += late
        verdict = "  TOO SLOW" if late else ""
        print(f"{users:>12,} users  {median:6.3f} s  (limit {LIMIT_S[users]:g} s){verdict}")
    return 1 if slow else 0


if __name__ == "__main__":
    stated = sys.argv[1:]
    sys.exit(main(stated[0] if stated else "main", int(stated[1]) if len(stated) > 1 else 3))
