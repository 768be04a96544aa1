"""What was decided for the sake of the account that a design stands in."""

from __future__ import annotations

from groma.architecture.account import KEY_USERS
from groma.sizing.values import Decision
from groma.workload import Workload

USERS_OF_KEY = ", ".join(f"{user.service} ({', '.join(user.actions)})" for user in KEY_USERS)
"""Who has to be let use a key that encrypts everything, and what each does."""


def of_account(workload: Workload) -> tuple[Decision, ...]:
    """What is asked of everything; nothing is said where nothing is asked."""
    found = []
    if workload.boundary:
        what = f"every role has {workload.boundary.partition('policy/')[2]}"
        because = "whatever a role's policies allow, it may do no more; whoever deploys may be held to it"
        found.append(Decision("boundary", what, because))
    if workload.kms_key:
        what = f"key {workload.kms_key.rpartition('/')[2]} encrypts everything that is kept"
        because = f"it is yours: its policy has to let in {USERS_OF_KEY}; who deletes it deletes all of it"
        found.append(Decision("encryption", what, because))
    return tuple(found)
