"""Units to size, queueing laws, and the search for the cheapest sizes that meet the goals.

units.py          what a blueprint may ask to have sized, each unit with its sizer
values/           what blueprints and sizing hand to each other: tiers, sizes, the plan
search.py         servers: the cheapest sizes of all tiers together
branches.py       what of them is tried, and what is passed over
ranked.py         the candidates of one tier, cheapest first
candidates.py     what a tier could be made of, and what it would come to
pools.py          connections that servers keep to a database, and how many it accepts
queueing.py       how long a request stays at a machine
sharing.py        the same where all who are there share its processors
services.py       how long it would take alone
safety.py         by how much waits are taken longer than by theory, from a table of the referee's
credits.py        credits of burstable types over the day
scaling.py        what an auto-scaling group is told
reservations.py   how many machines to reserve
functions.py      Lambda functions
cold_starts.py    how many calls run at once, and start an environment
calls.py          how long a call of one takes, whatever the load
capacity.py       tables and gateways
binding.py        what binds a tier beside its load
reasons.py        why not another size
quick.py          whether requests keep a goal, without their distribution
starting.py       how long a server takes until it serves
standing.py       how sizes made for one load stand at another
regret.py         the plan of least regret over the ranges
"""

from groma.sizing.search import at_load, size, why

__all__ = ["at_load", "size", "why"]
