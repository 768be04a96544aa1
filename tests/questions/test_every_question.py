"""Every question is asked of a design or a workload, and answers with a frozen value that tells itself."""

from __future__ import annotations

import dataclasses
import inspect
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import get_type_hints

import pytest

from groma import questions
from groma.design import Design
from groma.words import Words
from groma.workload import Workload

ROOM = Path(questions.__file__).parent
SHARED = {"__init__", "asking", "bound", "changed_parts", "fault", "review", "standing_by"}
"""What questions have in common or is part of an answer, and the review, which answers with findings."""
NAMES = sorted(path.stem for path in ROOM.glob("*.py") if path.stem not in SHARED)


def answers(module: ModuleType) -> list[type]:
    """The classes of a module that tell themselves as a whole."""
    classes = [each for _, each in inspect.getmembers(module, inspect.isclass)]
    return [each for each in classes if each.__module__ == module.__name__ and hasattr(each, "words")]


def test_the_questions_are_these():
    numbers = ["alternatives", "budget", "difference", "growth", "guesses", "guide", "odds", "quotas"]
    numbers += ["ranges", "sensitivity"]
    assert sorted([*numbers, "blueprints", "readings", "recovery", "why"]) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_question_has_one_frozen_answer_with_words_and_plain_values(name):
    (answer,) = answers(import_module(f"groma.questions.{name}"))
    assert dataclasses.is_dataclass(answer)
    assert answer.__dataclass_params__.frozen
    assert get_type_hints(answer.words)["return"] is Words
    assert callable(answer.document)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_function_of_a_design_or_a_workload(name):
    module = import_module(f"groma.questions.{name}")
    (answer,) = answers(module)
    functions = [f for _, each in inspect.getmembers(module) if inspect.isfunction(f := inspect.unwrap(each))]
    asked = [
        hints
        for hints in (get_type_hints(each) for each in functions if each.__module__ == module.__name__)
        if hints.get("return") in (answer, answer | None)
    ]
    assert any(next(iter(hints.values())) in (Design, Workload) for hints in asked)
