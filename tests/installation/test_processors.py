"""Questions asked of all processors at once: in their order, with their errors, and nobody is left behind."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from groma.installation.processors import processors

BEGIN = """\
import os, signal, sys, threading, time
import groma.installation.processors as machine
from groma.installation.processors import together
machine.processors = lambda: 2
here = os.getpid()
def asker(seconds=0.05):
    time.sleep(seconds)
    return os.getpid()
def nobody_left():
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False
"""
"""Each question is asked in a process of its own, since that of the tests has threads."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux alone")


def run(text: str) -> str:
    done = subprocess.run([sys.executable, "-c", BEGIN + text], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.strip()


def test_answers_come_in_the_order_of_their_questions():
    found = run("print(together(*(lambda n=n: asker() and n for n in range(40))), nobody_left())")
    assert found == f"{tuple(range(40))} True"


def test_the_first_is_asked_here_and_others_by_a_copy():
    first, *others, alone = run("print(*together(lambda: asker(3), asker, asker), here)").split()
    assert first == alone
    assert len(set(others)) == 1
    assert set(others) != {alone}


def test_who_is_done_takes_the_next():
    assert run("print(together(lambda: asker(3), *[asker] * 7).count(here))") == "1"


def test_with_one_processor_all_are_asked_here():
    assert run("machine.processors = lambda: 1\nprint({*together(asker, asker)} == {here})") == "True"


def test_with_threads_all_are_asked_here():
    thread = "threading.Thread(target=time.sleep, args=(5,), daemon=True).start()\n"
    assert (
        run(f"{thread}print(machine.can_be_copied(), {{*together(asker, asker)}} == {{here}})")
        == "False True"
    )


def test_an_error_is_that_of_its_question():
    text = """
def fails():
    raise ValueError(f"asked by {os.getpid() == here}")
try:
    together(lambda: asker(0.2), fails, asker)
except ValueError as error:
    print(error, nobody_left())
"""
    assert run(text) == "asked by True True"


def test_of_several_errors_the_first_is_told_whoever_had_it():
    text = """
def fails(number, seconds):
    time.sleep(seconds)
    raise ValueError(number)
for machine.processors in (lambda: 1), (lambda: 2), (lambda: 3):
    try:
        together(asker, lambda: fails(2, 0.5), lambda: fails(3, 0))
    except ValueError as error:
        print(error)
"""
    assert run(text).split() == ["2", "2", "2"]


def test_nobody_need_wait_for_children():
    text = """
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print(together(lambda: asker(0.5), asker)[0] == here, nobody_left())
"""
    assert run(text) == "True True"


def test_a_copy_makes_no_copies():
    inner = "lambda: len({*together(lambda: asker(0.2), asker)})"
    assert run(f"print(together(lambda: asker(3), {inner})[1])") == "1"


def test_a_copy_whose_maker_is_gone_asks_no_more():
    text = """
reader, writer = os.pipe()
def slow(number):
    time.sleep(0.5)
    os.write(writer, bytes([number]))
if os.fork() == 0:
    ends = lambda: os.kill(os.getpid(), signal.SIGKILL)
    together(ends, *[lambda n=n: slow(n) for n in range(6)])
    os._exit(0)
time.sleep(2)
os.close(writer)
print(len(os.read(reader, 100)))
"""
    assert int(run(text)) <= 1


def test_an_error_here_leaves_no_copy_at_work():
    text = """
def stops():
    raise KeyboardInterrupt
begun = time.monotonic()
try:
    together(stops, lambda: asker(30))
except KeyboardInterrupt:
    print(time.monotonic() - begun < 10, nobody_left())
"""
    assert run(text) == "True True"


@pytest.mark.parametrize(
    "does",
    [
        pytest.param("os.kill(os.getpid(), signal.SIGKILL)", id="is killed"),
        pytest.param("sys.exit('no')", id="exits"),
        pytest.param("return lambda: 0", id="answers what cannot be sent"),
    ],
)
def test_what_a_copy_cannot_answer_is_asked_here(does: str):
    text = f"""
def question():
    if os.getpid() != here:
        {does}
    return os.getpid()
print(together(lambda: asker(0.2), question) == (here, here), nobody_left())
"""
    assert run(text) == "True True"


def test_what_is_asked_in_a_copy_of_a_full_machine_is_asked_here():
    text = """
def refused():
    raise BlockingIOError("Resource temporarily unavailable")
os.fork = refused
before = os.listdir("/proc/self/fd")
print(together(asker, asker) == (here, here), os.listdir("/proc/self/fd") == before)
"""
    assert run(text) == "True True"


def test_large_answers_come_whole():
    found = run(
        "print([len(each) for each in together(lambda: str(asker(0.2)), *[lambda: 'x' * 10**6] * 3)[1:]])"
    )
    assert found == str([10**6] * 3)


def test_as_many_as_this_process_may_use():
    assert processors() == len(os.sched_getaffinity(0))
    assert run("print(machine.can_be_copied())") == "True"
