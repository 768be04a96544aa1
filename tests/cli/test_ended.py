"""Commands that are ended by a signal."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

ENDED = """
import os, signal, sys, time
number = int(sys.argv[1])  # whoever runs the tests may ignore it, as nohup does
signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
from groma.cli import app
def work():
    os.kill(os.getpid(), int(sys.argv[1]))
    time.sleep(60)
app.app = work
app.main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whatever_ends_a_command_it_says_how_to_go_on(number: signal.Signals) -> None:
    done = subprocess.run([sys.executable, "-c", ENDED, str(int(number))], capture_output=True, text=True)
    assert done.returncode == 128 + number
    assert done.stderr == "stopped; the same command goes on from here\n"


def test_a_hangup_that_was_to_be_ignored_is_ignored() -> None:
    ignoring = ENDED.replace("def work", "signal.signal(signal.SIGHUP, signal.SIG_IGN)\ndef work")
    ignoring = ignoring.replace("time.sleep(60)", "print('went on')")
    command = [sys.executable, "-c", ignoring, str(int(signal.SIGHUP))]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "went on\n"
