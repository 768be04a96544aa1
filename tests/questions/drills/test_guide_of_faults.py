"""The faults of the guide are such, its Python runs, and it tells every key."""

from __future__ import annotations

import re

from groma.questions.drills.drilling import drill
from groma.questions.drills.fault import Fault, Slow
from groma.questions.drills.reading import EFFECTS, KEYS, read
from groma.questions.drills.stage import applies, stage_of
from workloads import ROOT, designed_example

GUIDE = (ROOT / "docs" / "guides" / "faults.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    return GUIDE.partition(f"```{language}\n")[2].partition("```")[0]


def test_the_guides_faults_can_happen() -> None:
    stage = stage_of(designed_example("social-50k"), (), 1)
    faults = read(block("yaml"), "guide")
    assert [applies(each, stage) for each in faults] == ["", ""]


def test_the_guide_tells_every_key() -> None:
    told = set(re.findall(r"`([a-z ]+)", GUIDE))
    every = {*KEYS, *EFFECTS, *(key for others, _ in EFFECTS.values() for key in others)}
    assert every - told == set()


def test_the_guides_python_is_of_what_there_is() -> None:
    names = set(re.findall(r"import (.+)", block("python")))
    assert {"drill", "Fault, Slow", "stage_of", "guards_of"} <= names
    assert callable(drill)
    compile(block("python"), "guide", "exec")
    assert Fault("slow-search", "search is slow", (Slow("app", 8),), lasts_s=1800, within_s=1200).is_simulated
