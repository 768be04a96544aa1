"""What all tests share: the example workload, and a way to change it."""

from __future__ import annotations

import fcntl
import gc
import os
import pickle
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from groma.design import Design
from groma.workload import Workload, load, parse
from together import ByRoom
from workloads import EXAMPLE, MINIMAL, ROOT, designed_example

if TYPE_CHECKING:
    from groma.questions.alternatives import Alternative

os.environ.pop("COLUMNS", None)  # what is printed is as wide as into any file
os.environ["GROMA_PRICES"] = ""  # no test reads prices that this user has refreshed
os.environ.setdefault("GOGC", "400")  # Terraform and its provider collect garbage a third of their time
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by the workers, which begin after this
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # it would look through all packages for them
gc.set_threshold(100_000)  # thousands of designs, none of which holds itself
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")


@pytest.fixture(scope="session")
def example() -> Workload:
    return load(EXAMPLE)


@pytest.fixture(scope="session")
def designed() -> Design:
    return designed_example(EXAMPLE.stem)


@pytest.fixture(scope="session")
def example_candidates(
    example: Workload, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Alternative, ...]:
    """The example's alternatives, which take long: made by the first of all workers, read by the others."""
    from groma.questions.alternatives import candidates

    base = tmp_path_factory.getbasetemp()
    path = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "candidates.pickle"
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_bytes(pickle.dumps(candidates(example)))
        return pickle.loads(path.read_bytes())


@pytest.fixture
def workload() -> Callable[[str], Workload]:
    """A minimal workload with more lines of YAML behind it."""
    return lambda more="": parse(MINIMAL + more, source="groma.yaml")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regenerate", action="store_true", help="write golden files instead of comparing")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the file of that name in tests/golden, which a person has reviewed."""

    def compare(name: str, text: str) -> None:
        path = ROOT / "tests" / "golden" / name
        if request.config.getoption("--regenerate"):
            path.write_text(text, encoding="utf-8")
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        assert text == kept, (
            f"{name} has changed; if it should, run: pytest {request.node.nodeid} --regenerate"
        )

    return compare


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByRoom | None:
    """What has to be started for many files is started in one worker; only where files stay together."""
    return ByRoom(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_sessionfinish() -> None:
    """Leave what lies about to the end of the process: pytest would look through all of it five times."""
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what waits longest for the cloud, so that all workers end together.

    Before, what was measured to take a while (`benchmarks/suite.py`) is marked as slow.
    """
    path = ROOT / "tests" / "slow.txt"
    measured = frozenset(path.read_text(encoding="utf-8").split() if path.exists() else ())
    for item in items:
        if item.nodeid.partition("[")[0] in measured:
            item.add_marker(pytest.mark.slow)
    items.sort(
        key=lambda item: (
            not item.path.name.startswith("test_life_cycle"),
            item.get_closest_marker("slow") is None,
        )
    )
