"""The least permissions with which a stack can be deployed, found out by a rehearsal.

recording.py   a stack's life, and what it needed of IAM
beyond.py      what AWS asks for besides
general.py     an ARN as a policy names it
subjects.py    what each service is to a stack, in words
statements.py  from needs to statements
parts.py       statements in policies that IAM takes
boundary.py    what the stack's roles may at most do
trust.py       whose workflows may deploy
answer.py      all of it, as it is told and written
"""

from groma.live.permissions.answer import Permissions, permissions
from groma.live.permissions.boundary import boundary, boundary_arn
from groma.live.permissions.general import PUBLIC_PARAMETERS, Names, names_of
from groma.live.permissions.recording import Recording, recorded, recorded_before
from groma.live.permissions.statements import Statement
from groma.live.permissions.trust import github_trust

__all__ = [
    "PUBLIC_PARAMETERS",
    "Names",
    "Permissions",
    "Recording",
    "Statement",
    "boundary",
    "boundary_arn",
    "github_trust",
    "names_of",
    "permissions",
    "recorded",
    "recorded_before",
]
