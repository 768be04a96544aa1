"""How long drawing takes: medians over the examples, and the first draw of a fresh process.

    python benchmarks/diagram.py [rounds]

The first draw reads the two font files and imports the code that cuts a subset of them.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from groma.design import design
from groma.diagram import FORMATS, render_as, to_svg
from groma.report.documents import picture
from groma.report.page import report
from groma.workload import load

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.yaml"))
FIRST = """
import sys
from time import perf_counter
from groma.design import design
from groma.workload import load
drawn = design(load(sys.argv[1]))
start = perf_counter()
from groma.report.documents import draw
draw(drawn)
print(perf_counter() - start)
"""


def seconds(act: Callable[[], object]) -> float:
    start = perf_counter()
    act()
    return perf_counter() - start


def first_draw(path: Path) -> float:
    done = subprocess.run(
        [sys.executable, "-c", FIRST, str(path)], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def show(name: str, times: list[float]) -> None:
    print(f"  {name:32}{median(times) * 1000:8.1f}")


def main(rounds: int = 9) -> None:
    print(f"medians of {rounds}, in milliseconds")
    for path in EXAMPLES:
        drawn = design(load(path))
        layout = picture(drawn)
        acts: dict[str, Callable[[], object]] = {
            "lay out": lambda drawn=drawn: picture(drawn),
            "lay out and draw as SVG": lambda drawn=drawn: to_svg(picture(drawn)),
            **{f"as {suffix}": lambda s=suffix, x=layout: render_as(x, s) for suffix in FORMATS},
            "HTML report": lambda drawn=drawn, layout=layout: report(drawn, layout),
        }
        print(path.stem)
        for name, act in acts.items():
            act()
            show(name, [seconds(act) for _ in range(rounds)])
        show("first draw of a fresh process", [first_draw(path) for _ in range(rounds)])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
