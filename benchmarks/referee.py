"""Whether certified plans keep their goals under other seeds, and how far the formulas alone are off.

    python benchmarks/referee.py run FILE.jsonl [FIRST-LAST]    # goes on where the file ends
    python benchmarks/referee.py longer FILE.jsonl              # what chance leaves open, again and longer
    python benchmarks/referee.py table FILE.jsonl

Two hundred random workloads: 1,000 to 50,000 users of any profile, three-tier and, every sixth, serverless.
Each plan is certified, and the design that the certificate names is tried again from other seeds. Where the
interval of what was seen of a plan is wider than 5 %, the prediction is compared with a longer simulation: it
goes on from where the other ended. A line for each workload, as JSON; `table` prints what they come to.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

from groma.errors import Infeasible
from groma.simulation.certify import certify
from groma.simulation.replications import Effort
from groma.simulation.scene import Assumed
from groma.simulation.trials import Interval, Trial, try_out

sys.path.insert(0, str(Path(__file__).parent))
from formulas import random_workload

COUNT, MOST_USERS, FAMILY, LAX_MS = 200, 50_000, 181, 2_000
SEED, OTHER_SEED = 1, 2_000
EFFORT = OTHER_EFFORT = Effort(3e5, within=0.03, most_trials=24, most_bursts=24)
"""Requests for each trial of a certificate, and for those that check it."""
LONGER = Effort(6e7, within=0.02, most_trials=700, most_bursts=6)
WIDE = 0.05
"""Half of the interval over the p99 from which on a prediction is compared with a longer simulation."""
Row = Mapping[str, float | str | bool | None]


def judged(number: int, certified_by: Effort = EFFORT, checked_by: Effort = OTHER_EFFORT) -> Row:
    """What a random workload comes to; of one that has no design only why."""
    begun_s = time.process_time()
    try:
        made = random_workload(number, MOST_USERS, FAMILY, LAX_MS)
    except Infeasible as error:
        return {"number": number, "none": error.what}
    found = certify(made, SEED, lambda _: None, effort=certified_by, offers=False)
    row: dict[str, float | str | bool | None] = {
        "number": number,
        "blueprint": made.workload.blueprint,
        "profile": made.workload.profile,
        "scv": made.workload.load.scv.likely,
        "per_s": round(made.demand.peak_per_s.likely, 2),
        "machines": made.plan.machines,
        "busy": round(max((size.utilisation_zone_lost for size in made.plan.sizes), default=0.0), 3),
        "goal_ms": made.workload.slo.p99_ms,
        "predicted_ms": made.plan.latency_ms["p99"],
        **_told("seen", _seen(found.plan)),
        **_told("burst", found.plan.burst_s),
        "keeps": found.plan.keeps,
        "signed": found.signed,
    }
    if found.certified is not None:
        row |= _checked(found.certified, checked_by)
        row["extra_usd"] = round(found.certified.usd - found.plan.usd, 2)
    row["cpu_s"] = round(time.process_time() - begun_s, 1)
    return row


def _seen(plan: Trial) -> Interval:
    """What is seen of a plan, of a longer simulation where a short one tells little."""
    seen = plan.held_s
    if not math.isfinite(seen.value) or seen.half <= WIDE * seen.value:
        return seen
    return try_out(plan.design, SEED, Assumed(), LONGER).held_s


def longer(file: Path) -> None:
    """Simulate longer what the intervals of a file's lines leave open."""
    rows = read(file)
    for place, row in enumerate(rows):
        if "none" not in row and WIDE * _of(row, "seen_ms") < _of(row, "seen_half_ms") < math.inf:
            made = random_workload(int(str(row["number"])), MOST_USERS, FAMILY, LAX_MS)
            rows[place] = {**row, **_told("seen", try_out(made, SEED, Assumed(), LONGER).held_s)}
            print(rows[place], flush=True)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))


def _checked(certified: Trial, effort: Effort) -> Row:
    """The certified design from other seeds."""
    other = try_out(certified.design, OTHER_SEED, Assumed(), effort)
    goal_s = certified.goal_s
    kept = max(other.held_s.value, other.burst_s.value) <= goal_s
    return {
        "certified": certified.design.plan.machines,
        **_told("other", other.held_s),
        **_told("other_burst", other.burst_s),
        "kept": kept,
    }


def _told(name: str, seen: Interval) -> dict[str, float | None]:
    known = math.isfinite(seen.value)
    return {
        f"{name}_ms": round(seen.value * 1000, 2) if known else None,
        f"{name}_half_ms": round(seen.half * 1000, 2) if known else None,
    }


def run(file: Path, first: int, last: int) -> None:
    """Add the lines that a file lacks."""
    done = {int(str(row["number"])) for row in read(file)} if file.exists() else set()
    for number in range(first, last):
        if number not in done:
            row = judged(number)
            with file.open("a") as out:
                out.write(json.dumps(row) + "\n")
            print(row, flush=True)


def read(file: Path) -> list[Row]:
    """The lines of a file."""
    return [json.loads(line) for line in file.read_text().splitlines()]


def table(rows: Sequence[Row]) -> None:
    """What the lines come to, for all and for each kind of workload."""
    known = [row for row in rows if "none" not in row]
    print("| Workloads | Number | Predicted/simulated p99 | median | off by, median | > 5 % too low "
          "| plan keeps its goal | certified | and keeps it |\n| --- |" + " ---: |" * 8)  # fmt: skip
    kinds: dict[str, Callable[[Row], bool]] = {
        "all": lambda row: True,
        "three-tier": lambda row: row["blueprint"] == "three-tier",
        "serverless": lambda row: row["blueprint"] == "serverless",
        "under 10 requests/s": lambda row: _of(row, "per_s") < 10,
        "10 to 100 requests/s": lambda row: 10 <= _of(row, "per_s") < 100,
        "from 100 requests/s": lambda row: _of(row, "per_s") >= 100,
        "over half busy": lambda row: _of(row, "busy") > 0.5,
        "scv 0.5 and 1": lambda row: _of(row, "scv") <= 1,
        "scv 4": lambda row: _of(row, "scv") == 4,
    }
    for name, wanted in kinds.items():
        print(_line(name, [row for row in known if wanted(row)]))
    print(f"\n{len(rows) - len(known)} have no design; CPU {sum(_of(row, 'cpu_s') for row in known):,.0f} s")
    for row in known:
        if ratio(row) < 0.97 or not row.get("kept", True) or not row["signed"]:
            print(f"{ratio(row):.3f}", json.dumps(row))


def _line(name: str, rows: Sequence[Row]) -> str:
    ratios = [ratio(row) for row in rows]
    signed = [row for row in rows if row["signed"]]
    kept = sum(bool(row["kept"]) for row in signed)
    return (
        f"| {name} | {len(rows)} | {min(ratios):.2f} to {max(ratios):.2f} | {median(ratios):.3f} "
        f"| {median(abs(each - 1) for each in ratios):.1%} | {sum(each < 0.95 for each in ratios)} "
        f"| {sum(bool(row['keeps']) for row in rows)} | {len(signed)} | {kept} ({kept / len(signed):.1%}) |"
    )


def ratio(row: Row) -> float:
    """Predicted over simulated."""
    return _of(row, "predicted_ms") / _of(row, "seen_ms")


def _of(row: Row, name: str) -> float:
    value = row[name]
    return math.inf if value is None else float(value)


if __name__ == "__main__":
    what, path = sys.argv[1], Path(sys.argv[2])
    if what == "table":
        table(read(path))
    elif what == "longer":
        longer(path)
    else:
        low, high = sys.argv[3].split("-") if len(sys.argv) > 3 else (0, COUNT)
        run(path, int(low), int(high))
