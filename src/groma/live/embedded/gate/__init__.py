"""The gate: what AWS would refuse, the embedded cloud refuses, too.

Emulators take nearly everything. So each request that changes something passes a gate before them, which
reads it by AWS's public model of the service, and refuses what the model or a rule does not allow, in
AWS's own words and with ours behind them.

    asked.py     a request as AWS reads it
    shapes.py    what the models say: needed, one of, how long, in which form
    rules/       what they do not say: names, combinations, regions, quotas, each with its source
    registry.py  the list of rules
    account.py   whose account is played, and what it holds
    refusal.py   a refusal, in AWS's words and ours
    reply.py     how anything is told in the protocol of the request
    answers.py   what an account says of itself: quotas, plan, age, zones
    judging.py   the gate itself
"""

from groma.live.embedded.gate.account import Account, Stage
from groma.live.embedded.gate.asked import Asked, Http, read
from groma.live.embedded.gate.judging import JOURNAL, Gate, looks_only
from groma.live.embedded.gate.refusal import MARK, Refusal
from groma.live.embedded.gate.reply import Reply

__all__ = [
    "JOURNAL",
    "MARK",
    "Account",
    "Asked",
    "Gate",
    "Http",
    "Refusal",
    "Reply",
    "Stage",
    "looks_only",
    "read",
]
