"""Settle what is in doubt: find in the cloud what the state does not know, and take it over.

- `identities.csv`, `identities.py`: how a resource that is planned is found in the cloud, type by type.
- `foreseen.py`: what a plan of Terraform says of what it would make.
- `finding.py`: ask the cloud for it.
- `noting.py`: what was found as part of the state.
- `taking_over.py`: all of it, round by round.
"""

from groma.live.settling.taking_over import Settled, forget_imports, take_over

__all__ = ["Settled", "forget_imports", "take_over"]
