"""What AWS's IAM decides: whether a request is allowed by the policies that apply to it, and why.

policy.py      policies and their statements, as they are written
matching.py    wildcards and policy variables
conditions.py  the operators of a Condition
evaluating.py  a request against identity policies, a boundary, a session's and the resource's policies
"""

from groma.iam.evaluating import Decision, Policies, Request, evaluate, role_of
from groma.iam.policy import Policy, PolicyError, Statement, parse

__all__ = [
    "Decision",
    "Policies",
    "Policy",
    "PolicyError",
    "Request",
    "Statement",
    "evaluate",
    "parse",
    "role_of",
]
