"""What chance leaves of a count: one failed request of thirty says nothing, thirty of a thousand do."""

from __future__ import annotations

SURE = 2
"""By so many standard deviations a count must be beyond a limit, to be beyond it surely: where it is just as
large as may be, that is so in 1 of 44 windows, and in three in a row 1 time in 80,000."""
LEFT_TO_CHANCE = f"{SURE} standard deviations are left to chance"


def share_surely(count: str, asked: str) -> str:
    """Metric math: the share of what was asked for that surely failed, or was slow, in percent.

    A count c scatters by its square root (Poisson). Of n it is (c - 2·√c) / n: of five of five 11 %, of 30 of
    1,000 1.9 %, of 3,000 of a hundred thousand 2.9 %; of up to four 0. So few requests of which all fail tell
    as much as many of which few do.

    Args:
        count, asked: expressions that always have a value: `FILL(errors, 0)`. Some services do not count as
            asked for what they turn away at once: where more fails than was asked for, it is asked for, too.
    """
    share = f"100 * ({count} - {SURE} * {count} ^ 0.5) / IF({count} > {asked}, {count}, {asked})"
    return f"IF({count} > {SURE**2}, {share}, 0)"
