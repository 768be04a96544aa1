"""A function makes its clients as Lambda starts it, so that no request waits for them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from chirp.shipping.functions import FUNCTIONS

LAMBDA = {"AWS_LAMBDA_FUNCTION_NAME": "social", "AWS_DEFAULT_REGION": "us-east-1"}
SCRIPT = """
import importlib, sys
from unittest.mock import MagicMock
import boto3

boto3.client = lambda service, **_: print(service) or MagicMock()
boto3.resource = lambda service, **_: print(service) or MagicMock()
importlib.import_module(sys.argv[1])
"""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_makes_its_clients_as_it_starts(name: str) -> None:
    settings = dict.fromkeys(FUNCTIONS[name].settings, "something")
    assert "dynamodb" in made_by(name, {**settings, **LAMBDA})
    assert made_by(name, {}) == [], "who imports it elsewhere has no settings yet"


def made_by(name: str, variables: dict[str, str]) -> list[str]:
    """The services of which the import of a function's module makes clients."""
    module = FUNCTIONS[name].handler.rpartition(".")[0]
    command = [sys.executable, "-c", SCRIPT, module]
    environment = {"PATH": os.environ["PATH"], "POWERTOOLS_SERVICE_NAME": "x", **variables}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()
