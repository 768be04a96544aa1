"""What an account asks of calls of modules: a boundary on roles, a key of its own on all that is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from groma.answers import ModuleCall, Ref, Template, Value
from groma.architecture.account import Account

ROLES = frozenset(
    {
        "cdn",
        "container-tier",
        "database",
        "database-cluster",
        "function",
        "global-database",
        "network",
        "replicated-bucket",
        "schedule",
        "server-tier",
        "starter",
        "task-schedule",
    }
)
"""Modules that make a role, and take `permissions_boundary`."""
KEYED = frozenset({"artifact", "cdn", "server-tier", "work-queue"})
"""Modules that take a key only where an account has one: AWS's own costs nothing."""
OF_STACK = "module.key.arn"
"""How modules are told the key that a stack makes for itself."""


def of_account(call: ModuleCall, account: Account) -> ModuleCall:
    """A call with what the account asks of it."""
    given = dict(call.arguments)
    if account.boundary and call.module in ROLES:
        given["permissions_boundary"] = account.boundary
    if account.kms_key:
        given = {name: _with_key(value, account.kms_key) for name, value in given.items()}
        if call.module in KEYED:
            given["kms_key_arn"] = account.kms_key
    return ModuleCall(call.name, call.module, given, call.providers)


def _with_key(value: Value, key: str) -> Value:
    """A value in which the stack's key is the account's."""
    if isinstance(value, Ref):
        return key if value.expression == OF_STACK else value
    if isinstance(value, Template):
        return replace(value, variables={name: _with_key(v, key) for name, v in value.variables.items()})
    if isinstance(value, Mapping):
        return {name: _with_key(inner, key) for name, inner in value.items()}
    if isinstance(value, str) or not isinstance(value, list | tuple):
        return value
    return [_with_key(inner, key) for inner in value]
