"""The description of the functions agrees with itself and with what it describes."""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module

import pytest

from chirp.functions import table
from chirp.shipping.functions import FUNCTIONS, QUEUES, ROUTES, TABLE
from chirp.shipping.wheel import WHEELS
from groma.application import Function, Queue

each_function = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))


@each_function
def test_a_handler_is_there_and_takes_an_event(function: Function) -> None:
    module, _, name = function.handler.rpartition(".")
    handler = getattr(import_module(module), name)
    assert list(inspect.signature(handler).parameters) == ["event", "context"]


@each_function
def test_every_variable_that_a_function_reads_is_given_and_read(function: Function) -> None:
    module = import_module(function.handler.rpartition(".")[0])
    read = {
        node.slice.value
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
        if ast.unparse(node.value) in ("os.environ", "variables")
    }
    assert read == {name for name in function.settings if not name.startswith("POWERTOOLS_")}


@each_function
def test_a_right_names_actions_one_by_one(function: Function) -> None:
    for right in function.rights:
        assert right.actions
        assert not any("*" in action for action in right.actions)


@each_function
def test_a_message_stays_hidden_six_times_as_long_as_its_function_may_run(function: Function) -> None:
    if isinstance(function.trigger, Queue):
        assert QUEUES[function.name] is function.trigger
        assert function.trigger.visibility_s == 6 * function.timeout_s


def test_the_operations_whose_errors_are_watched_are_made() -> None:
    """An alarm on another one, such as PutItem here, would never have data."""
    called = {
        node.func.attr
        for node in ast.walk(ast.parse(inspect.getsource(table)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if ast.unparse(node.func.value) == "self.client"
    }
    watched = {re.sub(r"(?<=.)([A-Z])", r"_\1", name).lower() for name in TABLE.operations}
    assert watched
    assert watched <= called


def test_only_the_pictures_function_carries_a_compiled_library() -> None:
    assert {name: function.native for name, function in FUNCTIONS.items() if function.native} == {
        "pictures": ("pillow",)
    }
    assert set(WHEELS) == {"pillow"}


def test_the_gateway_answers_within_the_time_of_its_function() -> None:
    assert FUNCTIONS["api"].timeout_s <= 29  # API Gateway's own limit is 30 s


def test_the_table_has_a_type_for_each_of_its_keys() -> None:
    keys = {TABLE.hash_key, TABLE.range_key, TABLE.index_hash_key, TABLE.index_range_key}
    assert keys == set(TABLE.types)


def test_only_sign_up_login_and_what_everybody_may_see_are_public() -> None:
    assert {key for key, is_private in ROUTES.items() if not is_private} == {
        "$default",
        "GET /api/healthz",
        "GET /api/users/{handle}",
        "GET /api/users/{handle}/posts",
        "POST /api/accounts",
        "POST /api/accounts/{handle}/code",
        "POST /api/accounts/{handle}/confirm",
        "POST /api/sessions",
    }
