"""What to doubt of a plan is the same however many processors are asked for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from groma.questions.guesses import guesses
from groma.questions.odds import odds
from groma.questions.readings import readings
from groma.report.doubts import Doubts, doubts
from workloads import ROOT, designed_example

ASKED = """\
import os, sys
os.environ["OPENBLAS_NUM_THREADS"] = "1"
import groma.installation.processors as machine
from groma.design import design
from groma.report.doubts import doubts
from groma.workload import load
machine.processors = lambda: int(sys.argv[2])
forked, fork = [], os.fork
os.fork = lambda: forked.append(1) or fork()
found = doubts(design(load(sys.argv[1]), reasons=False))
answers = (found.readings, found.guesses, found.odds)
print(*(each and each.document() for each in answers), sep="\\n")
print(len(forked), file=sys.stderr)
"""


def asked(name: str, processors: int) -> tuple[str, int]:
    """What a process with so many processors says, and how often it was copied."""
    command = [sys.executable, "-c", ASKED, str(ROOT / "examples" / f"{name}.yaml"), str(processors)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout, int(done.stderr)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux alone")
@pytest.mark.parametrize("name", ["shop", "social-serverless"])
def test_many_processors_say_what_one_says(name: str):
    alone, by_two, by_four = (asked(name, number) for number in (1, 2, 4))
    assert (alone[1], by_two[1], by_four[1]) == (0, 1, 3)
    assert alone[0] == by_two[0] == by_four[0]


def test_each_is_what_its_own_question_says():
    made = designed_example("social-50k")
    found, alone = doubts(made), guesses(made)
    assert found == Doubts(readings(made), alone, odds(made))
    assert found.guesses is not None
    assert alone is not None
    assert found.guesses.document() == alone.document()


def test_nothing_is_to_doubt_where_nothing_is_sized_by_load():
    assert doubts(designed_example("starter")) == Doubts()
