"""Questions asked of a design or a workload, a file each: a function, and a frozen answer with its own words.

    why.py            why a tier or a function has its size
    alternatives.py   what else could be built: cheaper, faster, safer; bound.py: with less of what binds
    budget.py         what a budget went to, and what was left out
    readings.py       which users were counted, and what the other readings would cost
    guesses.py        which ranges most money hangs on, and at which ends a goal is missed
    sensitivity.py    the same of every range
    odds.py           in how many draws of the ranges the goals are kept, and a safer design
    ranges.py         how the answer changes over the ranges, and the design of least regret
    guide.py          from a hundred users to many: what it takes, for a project's own documentation
    growth.py         what breaks first as users grow
    blueprints.py     two blueprints for one load
    recovery.py       what can be lost, for how long, and who carries on; standing_by.py: with a standby;
                      fault.py: one fault
    review.py         findings: the laws of an architecture, and its objectives
    difference.py     what changes between two designs; changed_parts.py: part by part
    quotas.py         what a new account, or one in use, must ask AWS for
    drills/           what the alarms make of a fault, on a simulated clock
    asking.py         what questions share

Every answer is a `groma.words.Answer`: `words()` for people, `document()` for machines.
"""
