"""What runs a migration beside tasks, run as the containers of a task run it; PostgreSQL is real."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "chirp" / "servers"))

from postgres import DATABASE, POSTGRES, USER, Cluster, cluster

pytestmark = pytest.mark.slow

MODULE = files("groma.terraform") / "modules" / "container-tier"
ONCE, MIGRATE = (str(MODULE / name) for name in ("once.sh", "migrate.sh"))
SOON_S = 20


@dataclass
class Task:
    """The two containers of a task, as processes that share a folder."""

    shared: Path
    once: subprocess.Popen[str]
    migration: subprocess.Popen[str]

    @property
    def is_healthy(self) -> bool:
        """What its health check asks."""
        return (self.shared / "done").exists()

    def lose(self) -> None:
        """All that runs in it is gone at once, as with its machine."""
        for each in Path("/proc").glob("[0-9]*"):
            if _told(each, f"MIGRATION_DIR={self.shared}"):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(each.name), signal.SIGKILL)
        for process in (self.once, self.migration):
            process.wait(SOON_S)


@dataclass
class Tasks:
    """Starts tasks of a release, and ends all of them."""

    folder: Path
    url: str
    started: list[Task] = field(default_factory=list)

    def start(self, key: str, script: str, limit_s: int = 60) -> Task:
        """A task whose migration is a line of a shell."""
        shared = self.folder / str(len(self.started))
        shared.mkdir()
        told = {
            "PATH": f"{POSTGRES / 'bin'}:{os.environ['PATH']}",
            "DATABASE_URL": self.url,
            "KEY": key,
            "MIGRATION_DIR": str(shared),
            "MIGRATION_S": str(limit_s),
        }
        made = Task(
            shared,
            _process(["/bin/sh", "-c", Path(ONCE).read_text()], told),
            _process(["/bin/sh", "-c", Path(MIGRATE).read_text(), "migration", "sh", "-c", script], told),
        )
        self.started.append(made)
        return made

    def end(self) -> None:
        """Nothing of any task is left."""
        for task in self.started:
            task.lose()


def _process(words: list[str], told: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(words, env=told, text=True, stderr=subprocess.DEVNULL)


def _told(process: Path, setting: str) -> bool:
    """Whether a process of /proc has this in its environment."""
    try:
        return setting.encode() in (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def soon(found: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + SOON_S
    while not found():
        assert time.monotonic() < until, what
        time.sleep(0.05)


@pytest.fixture(scope="module")
def database() -> Iterator[Cluster]:
    with cluster() as found:
        yield found


@pytest.fixture
def tasks(database: Cluster, tmp_path: Path) -> Iterator[Tasks]:
    database.sql("DROP SCHEMA IF EXISTS groma CASCADE")
    at = f"127.0.0.1:{database.master.port}/{DATABASE}?sslmode=prefer"
    found = Tasks(tmp_path, f"postgresql://{USER}:{database.password}@{at}")
    yield found
    found.end()


def test_of_many_tasks_one_migrates_and_all_serve(tasks: Tasks, database: Cluster, tmp_path: Path) -> None:
    log = tmp_path / "log"
    several = [tasks.start("migrate a", f"echo ran >>{log}; sleep 1") for _ in range(3)]
    for each in several:
        soon(lambda each=each: each.is_healthy, "each task finds it done")  # type: ignore[misc]
        assert each.migration.wait(SOON_S) == 0
        assert each.once.poll() is None, "an essential container that ends would end its task"
    assert log.read_text() == "ran\n"
    assert database.sql("SELECT key FROM groma.done") == [("migrate a",)]


def test_another_release_migrates_and_a_task_of_the_one_before_does_not(tasks: Tasks, tmp_path: Path) -> None:
    log = tmp_path / "log"
    for key in ("migrate a", "migrate b", "migrate a"):
        task = tasks.start(key, f"echo {key} >>{log}")
        soon(lambda task=task: task.is_healthy, key)  # type: ignore[misc]
    assert log.read_text() == "migrate a\nmigrate b\n"


def test_a_migration_that_fails_ends_its_task_and_is_tried_by_the_next(tasks: Tasks) -> None:
    broken = tasks.start("migrate a", "exit 3")
    assert (broken.once.wait(SOON_S), broken.migration.wait(SOON_S)) == (1, 3)
    assert not broken.is_healthy
    mended = tasks.start("migrate a", "exit 0")
    soon(lambda: mended.is_healthy, "the next one tries")


def test_a_migration_that_takes_too_long_is_ended_before_the_lock_is_let_go(tasks: Tasks) -> None:
    slow = tasks.start("migrate a", "exec sleep 600", limit_s=1)
    assert slow.migration.wait(SOON_S) == 137
    assert slow.once.wait(SOON_S) == 1


def test_a_task_that_is_lost_lets_go_of_the_lock(tasks: Tasks, tmp_path: Path) -> None:
    lost = tasks.start("migrate a", "sleep 600")
    soon(lambda: (lost.shared / "due").exists(), "the first one migrates")
    other = tasks.start("migrate a", "exit 0")
    time.sleep(1)
    assert not other.is_healthy
    lost.lose()
    soon(lambda: other.is_healthy, "another one takes its turn")


def test_without_a_database_a_task_ends(tasks: Tasks) -> None:
    tasks.url = "postgresql://nobody@127.0.0.1:1/none"
    alone = tasks.start("migrate a", "exit 0")
    assert alone.once.wait(SOON_S) == 1
