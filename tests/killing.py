"""The kill matrix: commands of Groma are ended at random points, and the next one puts all in order.

Run `python tests/killing.py --runs 100` (or `make kill-matrix`): each run provisions a stack in a folder of
its own, shoots at somebody at a random point of `up` or `down`, and lets the next `up` or `down` go on from
there. It is a success when `up` completes as designed and a `down` leaves nothing of the stack in the cloud.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from groma.live.embedded.record import read_record
from groma.live.leftovers import leftovers
from groma.live.target import EmbeddedTarget
from groma.workload import load

PHASES = ("plan", "apply", "destroy")
VICTIMS = ("groma", "terraform", "provider", "cloud", "all")
SIGNALS = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP")
NEXT = ("up", "down")
CHANGED = ('"type":"apply_start"}', '"type":"apply_complete"}')
"""How the lines end in which Terraform says what it does; what it only reads is no change."""
PATIENCE_S = 600.0
STARTER = "name: first\nowner: Ada Example\ndate: 2026-11-22\nblueprint: starter\nregions: [us-east-1]\n"
MORE = "alerts: ops@example.com\nbudget_usd_per_month: 50\n"


@dataclass(frozen=True)
class Shot:
    """Who is ended how, and when.

    Attributes:
        phase: of what is done: before anything is made, while it is made, while it is destroyed.
        share: of what is to be done in that phase, when it happens, from 0 to 1.
        next: the command that goes on from there.
    """

    phase: str
    victim: str
    signal: str
    share: float
    next: str


@dataclass(frozen=True)
class Outcome:
    """What came of a shot: empty when all was well, else what was not; how many things were taken over."""

    shot: Shot
    fault: str
    hit: bool
    taken: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Stand:
    """A folder with a workload in it, in which Groma is shot at."""

    folder: Path

    @property
    def root(self) -> Path:
        """Terraform's root of its stack."""
        return self.folder / ".groma" / load(self.folder / "groma.yaml").name / "embedded" / "terraform"

    @property
    def target(self) -> EmbeddedTarget:
        return EmbeddedTarget(self.folder / ".groma" / "cloud")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Begin a command of Groma."""
        command = [sys.executable, "-m", "groma.cli", *arguments]
        said = (self.folder / "said.txt").open("a")
        return subprocess.Popen(command, cwd=self.folder, stdout=said, stderr=subprocess.STDOUT, text=True)

    def said(self) -> str:
        """What the commands have said that were shot at."""
        return (self.folder / "said.txt").read_text(errors="replace")

    def groma(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command of Groma, to its end."""
        command = [sys.executable, "-m", "groma.cli", *arguments]
        return subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )

    def lines(self, operation: str) -> int:
        """How much the last run of Terraform of this kind has begun and done; -1 before there is one."""
        logs = sorted((self.root / "logs").glob(f"*-{operation}.jsonl"))
        if not logs:
            return -1
        lines = logs[-1].read_text(errors="replace").splitlines()
        return sum(line.endswith(CHANGED) and '"action":"read"' not in line for line in lines)

    def runs(self, operation: str) -> int:
        """How many runs of Terraform of this kind there were."""
        return len(list((self.root / "logs").glob(f"*-{operation}.jsonl")))

    def resources(self) -> int:
        """How many resources the state holds."""
        with suppress(OSError, ValueError):
            state = json.loads((self.root / "terraform.tfstate").read_text())
            return sum(len(each["instances"]) for each in state["resources"] if each["mode"] == "managed")
        return 0


def shoot(stand: Stand, shot: Shot, total: int) -> bool:
    """Run the phase's command and shoot; whether anybody was hit before the command had ended."""
    operation = "destroy" if shot.phase == "destroy" else "apply"
    stood = stand.resources()
    before, process = (
        stand.runs(operation),
        stand.start(
            "down" if shot.phase == "destroy" else "up",
            *(["--keep-cloud"] if shot.phase == "destroy" else ["--yes"]),
        ),
    )
    # Of a destroy no more can be waited for than stands: what was shot before may have made little.
    most = min(total, stood) if operation == "destroy" else total
    wanted = 0 if shot.phase == "plan" else max(1, round(shot.share * most))
    deadline = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline:
        if stand.runs(operation) > before and stand.lines(operation) >= wanted:
            break
        time.sleep(0.05)  # what looks takes of the processor, too
    if shot.phase == "plan":
        time.sleep(shot.share * 3.0)
    number = signal.Signals[shot.signal]
    hit = [pid for pid in victims(stand, shot.victim, process.pid) if _sent(pid, number)]
    process.wait(PATIENCE_S)
    return bool(hit)


def victims(stand: Stand, victim: str, groma: int) -> Iterator[int]:
    """The ids of the processes that are meant, all of this folder."""
    terraform = _terraform(stand)
    if victim in ("groma", "all"):
        yield groma
    if terraform is not None and victim in ("terraform", "all"):
        yield terraform
    if terraform is not None and victim in ("provider", "all"):
        yield from _children(terraform)
    if victim in ("cloud", "all") and (record := read_record(stand.folder / ".groma" / "cloud")):
        yield from (server.pid for server in record.servers.values())


def _terraform(stand: Stand) -> int | None:
    try:
        return int(json.loads((stand.root / "logs" / "running.json").read_text())["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()] + [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            if task.name != str(pid)
            for child in (task / "children").read_text().split()
        ]
    return []


def _sent(pid: int, number: signal.Signals) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False


def finish(stand: Stand, command: str) -> tuple[str, str]:
    """Let a command go on from where all stands, then take all down; the fault, and what was taken over."""
    said = ""
    for argument in dict.fromkeys((command, "down")):
        done = stand.groma(argument, "--keep-cloud" if argument == "down" else "--yes")
        said += done.stderr
        if done.returncode != 0 or "Traceback" in done.stderr:
            return f"{argument} ended with {done.returncode}: {_end(done)}", _taken(said)
    return left(stand), _taken(said)


def left(stand: Stand) -> str:
    """What is left of the stack in its cloud by tag and by name, or on the disk."""
    if stand.root.parent.exists():
        return "files of the stack are left"
    if read_record(stand.folder / ".groma" / "cloud") is None:
        return ""
    workload, target = load(stand.folder / "groma.yaml"), stand.target
    target.open()
    found = [*leftovers(workload.name, frozenset(), workload.regions, target)]
    roles = target.client("iam").list_roles()["Roles"]
    buckets = target.client("s3").list_buckets()["Buckets"]
    alarms = target.client("cloudwatch").describe_alarms()["MetricAlarms"]
    named = [each["RoleName"] for each in roles] + [each["Name"] for each in buckets]
    found += [
        name for name in (*named, *(each["AlarmName"] for each in alarms)) if name.startswith(workload.name)
    ]
    return f"left over: {', '.join(found)}" if found else ""


def _taken(said: str) -> str:
    return "; ".join(line.strip("· ") for line in said.splitlines() if "taken over" in line)


def _end(done: subprocess.CompletedProcess[str]) -> str:
    return " | ".join((done.stderr + done.stdout).strip().splitlines()[-6:])


def run(stand: Stand, shot: Shot, total: int = 60) -> Outcome:
    """One life of a stack with one shot in it; it begins and makes `total` in all."""
    started = time.monotonic()
    if shot.phase == "destroy":
        done = stand.groma("up")
        if done.returncode:
            return Outcome(shot, f"could not be made: {_end(done)}", False)
        total = 2 * stand.resources()
    hit = shoot(stand, shot, total)
    fault, taken = finish(stand, shot.next)
    return Outcome(shot, fault, hit, taken, round(time.monotonic() - started, 1))


def shots(count: int, seed: int) -> Iterator[Shot]:
    """Random shots, of which every phase, victim and signal gets its share."""
    chosen = random.Random(seed)
    pairs = [(phase, victim) for phase in PHASES for victim in VICTIMS]
    chosen.shuffle(pairs)
    for index in range(count):
        phase, victim = pairs[index % len(pairs)]
        name = "SIGKILL" if victim == "all" and index % 2 else chosen.choice(SIGNALS)
        yield Shot(phase, victim, name, round(chosen.random(), 3), chosen.choice(NEXT))


def stand_in(folder: Path, text: str = STARTER + MORE) -> Stand:
    """A new stand in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "groma.yaml").write_text(text)
    return Stand(folder)


def main() -> None:
    """Shoot as often as asked, tell of each shot, and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workload", type=Path, help="another workload than the starter in one region")
    parser.add_argument("--total", type=int, default=60, help="how much of it is begun and done, in all")
    parser.add_argument("--out", type=Path, help="a file to which each outcome is added, as a line of JSON")
    asked = parser.parse_args()
    text = asked.workload.read_text() if asked.workload else STARTER + MORE
    bad = hits = 0
    for number, shot in enumerate(shots(asked.runs, asked.seed)):
        folder = Path(tempfile.mkdtemp(prefix="groma-kill-"))
        outcome = run(stand_in(folder, text), shot, asked.total)
        bad, hits = bad + bool(outcome.fault), hits + outcome.hit
        print(f"{number + 1:3d} {'bad ' if outcome.fault else 'good'} {outcome}", flush=True)
        if asked.out:
            with asked.out.open("a") as file:
                file.write(json.dumps(asdict(replace(outcome))) + "\n")
        stand = Stand(folder)
        stand.target.cloud.stop(discard=True)
        if not outcome.fault:
            shutil.rmtree(folder)
    print(f"{asked.runs - bad} of {asked.runs} put in order by the next command; {hits} hit somebody at work")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
