"""What tests take of a processor, in CPU seconds, with all processes that they start: a plugin of pytest.

    PYTHONPATH=benchmarks pytest -p suite -n 2 --dist loadfile tests/sizing

prints the files and the tests that take most. Seconds on the wall say more about who else uses the machine. A
fixture counts for the test that asks for it first. Linux only: processes are followed in /proc, and one whose
parent has ended counts for nobody. With `-m 'not slow' --add-slow` what takes a while is added to the tests
that `make test-fast` leaves out.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

MOST = 25
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
FIRST = 11
"""Of the fields after a process's name: its time as a user and in the kernel, then that of ended children."""
NAME = "cpu_s"
SLOW = Path(__file__).parent.parent / "tests" / "slow.txt"
SLOW_S, SLOW_ALL_S = 0.15, 0.5
"""Of one test, and of all tests that one function makes."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--add-slow", action="store_true", help=f"add what takes a while to {SLOW.name}")


def of_tree(pid: int) -> float:
    """The CPU seconds of a process and of all its descendants."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
        return sum(map(int, fields[FIRST : FIRST + 4])) / TICKS_PER_S + sum(map(of_tree, children))
    return 0.0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    item.user_properties.append(("cpu_s_before", of_tree(os.getpid())))
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    try:
        return (yield)
    finally:
        took_s = of_tree(os.getpid()) - dict(item.user_properties)["cpu_s_before"]
        item.user_properties.append((NAME, took_s))


def slow_of(tests: Counter[str]) -> set[str]:
    """The functions that make a test, or tests together, which take a while."""
    functions: Counter[str] = Counter()
    for name, took_s in tests.items():
        functions[name.partition("[")[0]] += took_s
    alone = {name.partition("[")[0] for name, took_s in tests.items() if took_s > SLOW_S}
    return alone | {name for name, took_s in functions.items() if took_s > SLOW_ALL_S}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    tests: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "teardown":
                tests[report.nodeid] += dict(report.user_properties).get(NAME, 0.0)
    if config.getoption("--add-slow"):
        slow = slow_of(tests) | set(SLOW.read_text(encoding="utf-8").split() if SLOW.exists() else ())
        SLOW.write_text("".join(f"{name}\n" for name in sorted(slow)), encoding="utf-8")
    files: Counter[str] = Counter()
    for name, took_s in tests.items():
        files[name.partition("::")[0]] += took_s
    terminalreporter.section(f"{tests.total():.0f} CPU seconds")
    for counted in (files, tests):
        for name, took_s in counted.most_common(MOST):
            terminalreporter.line(f"{took_s:8.1f}  {name}")
        terminalreporter.line("")
