"""The preflight: what will fail, found by asking and before anything is made.

    look.py      one thing looked at: ok, will fail, or cannot be told
    tools.py     Terraform and its provider on this machine
    account.py   whose account, how old, on which plan
    quotas.py    what the design takes of AWS's quotas, against what this account has
    offers.py    regions, zones, and the types that they offer; networks.py: the VPC that exists
    given.py     the key and the boundary that exist
    names.py     names that are taken
    domain.py    the domain, its zone, and whether the internet asks it
    rights.py    whether all is allowed that a rehearsal has needed
    money.py     the budget, and who is mailed
    asking.py    all of it, in order

It only reads. What it is not allowed to ask, it says it cannot tell.
"""

from groma.live.preflight.asking import Preflight, doctor, preflight
from groma.live.preflight.look import Look

__all__ = ["Look", "Preflight", "doctor", "preflight"]
