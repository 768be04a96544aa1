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
MOST_QUESTIONS, MOST_AT_ONCE = 256, 8
"""Each is a byte on its way to whoever asks it; and no more copies than that pay."""

_in_a_copy = False


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
    pickled; what a question prints there is lost. What was not answered, for whatever reason, is asked here
    again, in its order, so that the error is that of the first question that fails. Where this process cannot
    be copied, and in a copy itself, all are asked one after the other.
    """
    others = min(processors(), len(questions), MOST_AT_ONCE) - 1
    if others < 1 or len(questions) > MOST_QUESTIONS or not can_be_copied():
        return tuple(question() for question in questions)
    here = os.getpid()
    with (
        _line(len(questions)) as waiting,
        _copies(others, lambda: _answers(questions, waiting, lambda: os.getppid() == here)) as theirs,
    ):
        found = {0: questions[0](), **_answers(questions, waiting)}
        for answers in theirs:
            found |= _received(answers)
    return tuple(found[n] if n in found else question() for n, question in enumerate(questions))


def processors() -> int:
    """How many of them this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def can_be_copied() -> bool:
    """Whether a copy would be as this process is: on Linux, where it has no threads but one; a copy has one.

    Libraries of other systems break in copies. A copy makes none of its own.
    """
    if sys.platform != "linux" or _in_a_copy or not THREADS.is_dir():
        return False
    return sum(1 for _ in THREADS.iterdir()) == 1


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


def _answers(questions: Questions, waiting: int, wanted: Callable[[], bool] = lambda: True) -> dict[int, Any]:
    """The answers to those questions that nobody else took, by their numbers, but for errors; while somebody
    wants them.
    """
    found: dict[int, Any] = {}
    while wanted() and (taken := os.read(waiting, 1)):
        with suppress(Exception):
            found[taken[0]] = questions[taken[0]]()
    return found


@contextmanager
def _copies(number: int, work: Callable[[], dict[int, Any]]) -> Iterator[list[int]]:
    """Copies of this process at work, each as the pipe in which its answers will be; none is left behind."""
    copies: list[tuple[int, int]] = []
    try:
        with suppress(OSError):  # of too many processes
            for _ in range(number):
                copies.append(_copy(work))
        yield [answers for _, answers in copies]
    except BaseException:
        for process, _ in copies:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        raise
    finally:
        for process, answers in copies:
            os.close(answers)
            with suppress(ChildProcessError):  # where nobody waits for children: SIGCHLD is ignored
                os.waitpid(process, 0)


def _copy(work: Callable[[], dict[int, Any]]) -> tuple[int, int]:
    """A copy of this process that works: its number, and where its answers can be read."""
    global _in_a_copy
    reader, writer = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(reader)
        os.close(writer)
        raise
    if process:
        os.close(writer)
        return process, reader
    try:
        _in_a_copy = True
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
