"""The processors of this machine: independent questions are asked of all of them at once.

A design is a function of values, so that a copy of this process answers a question about it as this one does.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, overload

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
T = TypeVar("T")

Questions: TypeAlias = Sequence[Callable[[], Any]]

THREADS = Path("/proc/self/task")
MOST_QUESTIONS = 256
"""Each is a byte on its way to whoever asks it."""


@overload
def together(
    first: Callable[[], A], second: Callable[[], B], third: Callable[[], C], fourth: Callable[[], D], /
) -> tuple[A, B, C, D]: ...


@overload
def together(first: Callable[[], A], second: Callable[[], B], /) -> tuple[A, B]: ...


@overload
def together(*questions: Callable[[], T]) -> tuple[T, ...]: ...


def together(*questions: Callable[[], Any]) -> tuple[Any, ...]:
    """The answers to independent questions, in their order.

    As many are asked at a time as there are processors: the first here, others by copies of this process, and
    whoever is done with one takes the next. State first what takes longest. The answer of a copy comes back
    pickled; what it could not answer or send, for whatever reason, is asked here again, so that errors are
    those of the question. Where it cannot be copied all are asked here.
    """
    others = min(processors(), len(questions)) - 1
    if others < 1 or len(questions) > MOST_QUESTIONS or not can_be_copied():
        return tuple(question() for question in questions)
    with _line(len(questions)) as waiting, _copies(others, lambda: _answered(questions, waiting)) as theirs:
        found = {0: questions[0](), **dict(_answers(questions, waiting))}
        for answers in theirs:
            found |= _received(answers)
    return tuple(found[n] if n in found else question() for n, question in enumerate(questions))


def processors() -> int:
    """How many of them this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def can_be_copied() -> bool:
    """Whether a copy would be as this process is: it has no other threads, which a copy would lack.

    Elsewhere than on Linux libraries of the system do not bear it.
    """
    return sys.platform == "linux" and sum(1 for _ in THREADS.iterdir()) == 1


@contextmanager
def _line(number: int) -> Iterator[int]:
    """The end of a pipe from which whoever reads a byte has the number of the next question but the first."""
    reader, writer = os.pipe()
    os.write(writer, bytes(range(1, number)))
    os.close(writer)
    try:
        yield reader
    finally:
        os.close(reader)


def _answers(questions: Questions, waiting: int) -> Iterator[tuple[int, Any]]:
    """The answers to those questions that nobody else took, by their numbers."""
    while taken := os.read(waiting, 1):
        yield taken[0], questions[taken[0]]()


def _answered(questions: Questions, waiting: int) -> dict[int, Any]:
    """The same in a copy, as far as it comes: what it cannot answer is asked again, by whom it is told."""
    found: dict[int, Any] = {}
    with suppress(Exception):
        for number, answer in _answers(questions, waiting):
            found[number] = answer
    return found


@contextmanager
def _copies(number: int, work: Callable[[], dict[int, Any]]) -> Iterator[list[int]]:
    """Copies of this process at work, each as the pipe in which its answers will be; none is left behind."""
    copies: list[tuple[int, int]] = []
    with suppress(OSError):  # of too many processes
        copies += (_copy(work) for _ in range(number))
    try:
        yield [answers for _, answers in copies]
    finally:
        for process, answers in copies:
            os.close(answers)
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _copy(work: Callable[[], dict[int, Any]]) -> tuple[int, int]:
    """A copy of this process that works: its number, and where its answers can be read."""
    reader, writer = os.pipe()
    process = os.fork()
    if process:
        os.close(writer)
        return process, reader
    try:
        os.close(reader)
        answers = pickle.dumps(work(), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(answers)
    finally:
        os._exit(0)  # what this process was to do at its end is nothing that a copy should do


def _received(answers: int) -> dict[int, Any]:
    """What a copy found; nothing where it came to an end before."""
    with os.fdopen(answers, "rb", closefd=False) as pipe, suppress(Exception):
        found: dict[int, Any] = pickle.load(pipe)  # noqa: S301 - from a copy of this process
        return found
    return {}
