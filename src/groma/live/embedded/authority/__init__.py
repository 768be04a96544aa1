"""Who may do what in the embedded cloud: each request judged by IAM's policies, as AWS judges it.

reference.py   AWS's list of actions, and of the resources that each is about
actions.py     which actions an operation needs
resources.py   the ARNs that a request is about
dependents.py  what it needs besides: roles passed, tags, keys
needs.py       all of it together
callers.py     who calls
granted.py     which policies apply to a caller
judging.py     the judgement, and what is noted
"""

from groma.live.embedded.authority.actions import UnknownActionError
from groma.live.embedded.authority.callers import ROOT_TOKEN, role_token, until
from groma.live.embedded.authority.granted import (
    DEPLOYER_FILE,
    ROLE_PATH,
    TOKEN_HEADER,
    DeployerFile,
    Held,
    RoleOf,
    RolesElsewhere,
    role_in_moto,
)
from groma.live.embedded.authority.judging import ASKED, Authority, decided
from groma.live.embedded.authority.needs import Need, need_from, needs_of
from groma.live.embedded.authority.reference import is_read, templates, templates_of

__all__ = [
    "ASKED",
    "DEPLOYER_FILE",
    "ROLE_PATH",
    "ROOT_TOKEN",
    "TOKEN_HEADER",
    "Authority",
    "DeployerFile",
    "Held",
    "Need",
    "RoleOf",
    "RolesElsewhere",
    "UnknownActionError",
    "decided",
    "is_read",
    "need_from",
    "needs_of",
    "role_in_moto",
    "role_token",
    "templates",
    "templates_of",
    "until",
]
